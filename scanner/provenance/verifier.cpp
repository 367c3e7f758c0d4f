#include "scanner/provenance/verifier.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <system_error>
#include <thread>
#include <utility>
#include <variant>

#include "core/text.h"
#include "scanner/file_queue.h"
#include "scanner/provenance/digesting.h"
#include "scanner/provenance/observation.h"
#include "scanner/worker/errand.h"

namespace assay {
namespace {

using provenance::DigestRequest;
using Problems = std::vector<ParseError>;

constexpr std::chrono::milliseconds kVerifyTime{60'000};

ParseError about(const ObservedFile& file, ParseError error) {
  error.message = escaped(file.path) + ": " + error.message;
  return error;
}

Problems errand(ErrandRunner& runner, const VerifyRequest& request, const TakeFact& take) {
  const auto file = send_request(request);
  if (!file) return {file.error()};
  return runner.run({.name = "evidence", .work = Work::verify}, *file, kVerifyTime, take);
}

bool is_known(const ObservedFile& file, const DigestRequest& request) {
  return std::ranges::any_of(
      file.digests, [&](const ObservedDigests& known) { return known.request == request; });
}

// Repositories of git's making take seven. Each may cost a hostile one its budget of work.
constexpr std::size_t kMaxRounds = 64;
constexpr std::size_t kMaxEvidence = 1000;  // of one file

struct Needs {
  DigestNeeds digests;
  std::vector<StoreNeed> store;    // first of all
  std::set<std::size_t> contents;  // whole, of these files

  void add(const DigestNeed& need, const ObservedFile& file) {
    if (need.content) {
      contents.insert(need.file);
    } else if (!is_known(file, need.request)) {
      auto& requests = digests[need.file];
      if (std::ranges::find(requests, need.request) == requests.end()) {
        requests.push_back(need.request);
      }
    }
  }
};

Needs needs_of(ErrandRunner& runner, VerifyRequest& request, Problems& problems) {
  Needs needs;
  request.only_plan = true;
  const Problems said = errand(runner, request, [&](const Fact& fact) {
    const auto need = need_of(fact, request.files);
    if (need) needs.add(*need, request.files[need->file]);
    if (auto store = store_need_of(fact)) needs.store.push_back(std::move(*store));
    return true;
  });
  request.only_plan = false;
  problems.insert(problems.end(), said.begin(), said.end());
  return needs;
}

// Contents of files, each read once; no more in all than kMaxContents.
class Contents {
 public:
  explicit Contents(std::span<const SourceFile* const> sources) : sources_(sources) {}

  // Whether there is one now that was not there before.
  bool take(const std::set<std::size_t>& wanted, VerifyRequest& request) {
    const std::uint64_t limit =
        request.kind == EvidenceKind::oci_layout ? kMaxManifestSize : kMaxContentSize;
    bool taken = false;
    for (const std::size_t i : wanted) {
      ObservedFile& file = request.files[i];
      if (!tried_.insert(i).second || i >= sources_.size() || !sources_[i]) continue;
      if (file.content || file.size > kMaxContents - size_) continue;
      file.content = observe_file(*sources_[i], file.path, limit).content;
      taken = taken || file.content;
      if (file.content) size_ += std::max<std::uint64_t>(file.size, file.content->size());
    }
    return taken;
  }

 private:
  static constexpr std::uint64_t kMaxManifestSize = 16U << 20;
  static constexpr std::uint64_t kMaxContents = 128U << 20;
  std::span<const SourceFile* const> sources_;
  std::set<std::size_t> tried_;
  std::uint64_t size_ = 0;
};

// Hands the worker what it asks for until it asks for no more of the store, and for no
// more contents.
Needs all_needs_of(ErrandRunner& runner, VerifyRequest& request, const ReadStore& read_store,
                   std::span<const SourceFile* const> sources, Problems& problems) {
  Contents contents(sources);
  for (std::size_t round = 0; round < kMaxRounds; ++round) {
    Needs needs = needs_of(runner, request, problems);
    if (!problems.empty()) return needs;
    const bool taken = contents.take(needs.contents, request);
    if (needs.store.empty() && !taken) return needs;
    for (const StoreNeed& need : needs.store) {
      auto part = read_store ? read_store(need)
                             : fail(ParseErrc::unreadable, 0, "there is no repository to read");
      if (!part) {
        problems.push_back(part.error());
        return needs;
      }
      request.store_parts.push_back(std::move(*part));
    }
  }
  problems.push_back({ParseErrc::over_budget, 0, "the repository takes too many steps to read"});
  return {};
}

// Takes the digests of one file; what went wrong otherwise.
Problems take_digests(ErrandRunner& runner, const SourceFile& source,
                      const std::vector<DigestRequest>& requests, ObservedFile& file) {
  const auto opened = open_file(source);
  if (!opened) return {about(file, opened.error())};
  DigestCollector collector(requests.size());
  Problems problems =
      runner.run({.name = file.path, .work = Work::digest, .digests = requests}, *opened,
                 time_for(file.size), [&](const Fact& fact) { return collector.take(fact); });
  for (ParseError& problem : problems) problem = about(file, std::move(problem));
  if (!problems.empty()) return problems;
  const auto digests = std::move(collector).digests();
  for (std::size_t i = 0; i < requests.size(); ++i) {
    file.digests.push_back({requests[i], std::string(as_text(digests[i]))});
  }
  return {};
}

// One queue of files for any number of threads, each with a worker of its own.
class Digesting {
 public:
  Digesting(const ScanOptions& options, const std::atomic<bool>& stop,
            std::vector<ObservedFile>& files, std::span<const SourceFile* const> sources,
            const DigestNeeds& needs)
      : options_(options),
        stop_(stop),
        files_(files),
        sources_(sources),
        next_(needs.begin()),
        end_(needs.end()) {}

  Problems run(std::size_t count, ErrandRunner& first) {
    const std::size_t threads = std::clamp<std::size_t>(count, 1, std::max(options_.jobs, 1U));
    std::vector<std::jthread> others;
    try {
      for (std::size_t i = 1; i < threads; ++i) {
        others.emplace_back([this] {
          ErrandRunner runner(options_, stop_);
          empty_queue(runner);
        });
      }
    } catch (const std::system_error&) {
      // Fewer threads than wanted: each of them empties the queue.
    }
    empty_queue(first);
    others.clear();
    return std::move(problems_);
  }

 private:
  void empty_queue(ErrandRunner& runner) {
    for (;;) {
      DigestNeeds::const_iterator need;
      {
        const std::lock_guard lock(mutex_);
        if (next_ == end_) return;
        need = next_++;
      }
      const SourceFile* source = sources_[need->first];
      if (!source) continue;
      const Problems problems = take_digests(runner, *source, need->second, files_[need->first]);
      const std::lock_guard lock(mutex_);
      problems_.insert(problems_.end(), problems.begin(), problems.end());
    }
  }

  const ScanOptions& options_;
  const std::atomic<bool>& stop_;
  std::vector<ObservedFile>& files_;
  std::span<const SourceFile* const> sources_;
  std::mutex mutex_;
  DigestNeeds::const_iterator next_;
  DigestNeeds::const_iterator end_;
  Problems problems_;
};

}  // namespace

Verified Verifier::verify(VerifyRequest request, std::span<const SourceFile* const> sources,
                          const ReadStore& read_store) const {
  Verified verified;
  ErrandRunner runner(options_, stop_);
  const Needs needs = all_needs_of(runner, request, read_store, sources, verified.problems);
  if (!needs.digests.empty()) {
    const Problems problems = Digesting(options_, stop_, request.files, sources, needs.digests)
                                  .run(needs.digests.size(), runner);
    verified.problems.insert(verified.problems.end(), problems.begin(), problems.end());
  }
  const Problems said = errand(runner, request, [&](Fact fact) {
    auto* evidence = std::get_if<provenance::Evidence>(&fact.value);
    if (evidence) verified.evidence.push_back(std::move(*evidence));
    return verified.evidence.size() < kMaxEvidence;
  });
  verified.problems.insert(verified.problems.end(), said.begin(), said.end());
  return verified;
}

DigestNeeds Verifier::plan(VerifyRequest request, const ReadStore& read_store) const {
  ErrandRunner runner(options_, stop_);
  Problems ignored;  // verification meets them again
  return all_needs_of(runner, request, read_store, {}, ignored).digests;
}

std::vector<ParseError> Verifier::digest(const DigestNeeds& needs,
                                         std::span<const SourceFile* const> sources,
                                         std::vector<ObservedFile>& files) const {
  ErrandRunner runner(options_, stop_);
  return Digesting(options_, stop_, files, sources, needs).run(needs.size(), runner);
}

}  // namespace assay
