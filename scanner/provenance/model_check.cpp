#include "scanner/provenance/model_check.h"

#include <algorithm>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "core/text.h"
#include "scanner/provenance/git_folder.h"
#include "scanner/provenance/known_signers.h"
#include "scanner/provenance/observation.h"
#include "scanner/provenance/verifier.h"

namespace assay {
namespace {

using provenance::Evidence;

constexpr std::uint64_t kMaxShardsByTheWay = 1024;  // digests of up to 64 bytes

// The file that a download record is about: what stands between the downloader's
// folder and the suffix of its name.
std::string path_of_record(std::string_view path) {
  constexpr std::string_view kFolder = ".cache/huggingface/download/";
  constexpr std::string_view kSuffix = ".metadata";
  path.remove_prefix(path.find(kFolder) + kFolder.size());
  path.remove_suffix(kSuffix.size());
  return std::string(path);
}

// Several listings of the Hub are of several commits; one that matches says which.
void drop_other_commits(std::vector<EvidenceRecord>& evidence) {
  const auto is_listing = [](const EvidenceRecord& r) { return r.evidence.kind == "hub-listing"; };
  const bool one_matches = std::ranges::any_of(evidence, [&](const EvidenceRecord& record) {
    return is_listing(record) && record.evidence.state() == "matches";
  });
  if (!one_matches) return;
  std::erase_if(evidence, [&](const EvidenceRecord& record) {
    return is_listing(record) && record.evidence.state() != "matches";
  });
}

// The repository of a clone; nothing for other evidence.
class Store {
 public:
  Store(const EvidencePlace& place, VerifyRequest& request) {
    if (place.kind != EvidenceKind::git_clone) return;
    folder_ = std::make_shared<GitFolder>(*place.files.front());
    request.store = folder_->files();
  }
  ReadStore reader() const {
    if (!folder_) return {};
    return [folder = folder_](const StoreNeed& need) { return folder->read(need); };
  }

 private:
  std::shared_ptr<GitFolder> folder_;
};

class Checking {
 public:
  Checking(const SourceListing& listing, const VerifyRequest& trust, const ScanOptions& options,
           const std::atomic<bool>& stop, const KnownDigests* known)
      : listing_(listing),
        trust_(trust),
        verifier_(options, stop),
        known_(known),
        signers_(options.provenance.require_signature ? KnownSigners{}
                                                      : options.provenance.known_signers) {}

  void plan(const EvidencePlace& place, DigestNeeds& needs) {
    auto request = request_of(place);
    if (!request) return;
    const Observation observation = observe(listing_, place, nullptr);
    request->files = observation.files;
    const Store store(place, *request);
    for (const auto& [file, digests] : verifier_.plan(std::move(*request), store.reader())) {
      auto& wanted = needs[observation.places[file]];
      for (const provenance::DigestRequest& digest : digests) {
        const bool is_long = digest.shard_size > 0 &&
                             observation.files[file].size / digest.shard_size > kMaxShardsByTheWay;
        if (!is_long && std::ranges::find(wanted, digest) == wanted.end()) wanted.push_back(digest);
      }
    }
  }

  void check(const EvidencePlace& place) {
    auto request = request_of(place);
    if (!request) return;
    Observation observation = observe(listing_, place, known_);
    request->files = std::move(observation.files);
    const Store store(place, *request);
    Verified verified = verify(std::move(*request), observation.sources, store.reader());
    for (Evidence& evidence : verified.evidence) add(place, std::move(evidence));
    for (const ParseError& problem : verified.problems) add_gap(place.path(), problem);
  }

  ProvenanceCheck take() {
    drop_other_commits(check_.evidence);
    return std::move(check_);
  }

 private:
  // With each known key and anchor, where it is open who signed and one of them may tell.
  Verified verify(VerifyRequest request, std::span<const SourceFile* const> sources,
                  const ReadStore& read_store) const {
    if (signers_.keys.empty() && signers_.anchors.empty()) {
      return checked(verifier_.verify(std::move(request), sources, read_store));
    }
    Verified first = checked(verifier_.verify(request, sources, read_store));
    for (const bool by_key : {true, false}) {
      for (const std::string& pem : by_key ? signers_.keys : signers_.anchors) {
        if (std::ranges::none_of(first.evidence, is_open)) return first;
        VerifyRequest again = request;
        (by_key ? again.public_key : again.anchors) = pem;
        Verified next = verifier_.verify(std::move(again), sources, read_store);
        if (!by_key) tell_anchor(next, pem);
        take_verified(std::move(next), first);
      }
    }
    return first;
  }

  static bool is_open(const Evidence& evidence) {
    return evidence.state() == "signed" || evidence.state() == "unchecked";
  }

  static void tell_anchor(Verified& verified, std::string_view pem) {
    for (Evidence& evidence : verified.evidence) {
      evidence.properties.emplace_back(kAnchorProperty, anchor_id(pem));
    }
  }

  static void take_verified(Verified next, Verified& first) {
    if (next.evidence.size() != first.evidence.size()) return;
    for (std::size_t i = 0; i < first.evidence.size(); ++i) {
      const bool better = is_open(first.evidence[i]) && next.evidence[i].state() == "verified";
      if (better) first.evidence[i] = std::move(next.evidence[i]);
    }
  }

  Verified checked(Verified verified) const {
    for (Evidence& evidence : verified.evidence) check_signer(evidence, signers_);
    return verified;
  }

  std::optional<VerifyRequest> request_of(const EvidencePlace& place) {
    VerifyRequest request = trust_;
    request.kind = place.kind;
    const std::string inside = place.folder + "/";
    request.path = place.path();
    if (request.path.starts_with(inside)) request.path.erase(0, inside.size());
    request.single_file = !place.subject.empty();
    if (!read(place, request)) return std::nullopt;
    return request;
  }

  void add(const EvidencePlace& place, Evidence evidence) {
    const std::string folder = place.folder.empty() ? "" : place.folder + "/";
    for (provenance::Coverage& file : evidence.coverage) file.path = folder + file.path;
    if (evidence.coverage.empty() && !place.subject.empty()) {
      if (evidence.state() == "verified" || evidence.state() == "signed") {
        evidence.coverage.push_back({place.subject, provenance::CoverageState::covered});
      }
    }
    check_.evidence.push_back({place.path(), std::move(evidence)});
  }

  bool read(const EvidencePlace& place, VerifyRequest& request) {
    if (place.kind == EvidenceKind::git_clone) return true;  // a folder
    for (const SourceFile* file : place.files) {
      auto text = read_evidence(*file);
      if (!text) {
        add_gap(file->report_path, text.error());
        return false;
      }
      if (place.kind == EvidenceKind::hub_downloads) {
        request.parts.push_back({path_of_record(file->report_path), std::move(*text)});
      } else if (place.kind == EvidenceKind::oci_layout) {
        request.parts.push_back({std::string(base_name(file->report_path)), std::move(*text)});
      } else {
        request.evidence = std::move(*text);
      }
    }
    return true;
  }

  void add_gap(const std::string& path, const ParseError& problem) {
    check_.gaps.push_back({path, problem.code, problem.message, problem.offset});
  }

  const SourceListing& listing_;
  const VerifyRequest& trust_;
  Verifier verifier_;
  const KnownDigests* known_;
  KnownSigners signers_;
  ProvenanceCheck check_;
};

}  // namespace

DigestNeeds plan_digests(const SourceListing& listing, const std::vector<EvidencePlace>& places,
                         const VerifyRequest& trust, const ScanOptions& options,
                         const std::atomic<bool>& stop) {
  DigestNeeds needs;
  Checking checking(listing, trust, options, stop, nullptr);
  for (const EvidencePlace& place : places) checking.plan(place, needs);
  return needs;
}

ProvenanceCheck check_provenance(const SourceListing& listing,
                                 const std::vector<EvidencePlace>& places,
                                 const VerifyRequest& trust, const ScanOptions& options,
                                 const std::atomic<bool>& stop, const KnownDigests* known) {
  Checking checking(listing, trust, options, stop, known);
  for (const EvidencePlace& place : places) checking.check(place);
  return checking.take();
}

}  // namespace assay
