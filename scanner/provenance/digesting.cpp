#include "scanner/provenance/digesting.h"

#include <charconv>
#include <variant>

#include "core/text.h"

namespace assay {
namespace {

using provenance::ByteString;
using provenance::Hasher;

constexpr std::uint64_t kPart = FileSource::kWindowSize;
constexpr std::size_t kToldAtOnce = 64U << 10;  // bytes of digests in a fact

// The digests of one request on their way to the sink.
class Telling {
 public:
  Telling(std::size_t number, const provenance::DigestRequest& request, std::uint64_t size,
          AnalysisSink& sink)
      : key_(std::to_string(number)), hasher_(request, size), sink_(sink) {}

  void update(Bytes bytes) {
    hasher_.update(bytes);
    collect();
  }
  void finish() {
    hasher_.finish();
    collect();
    tell();
  }

 private:
  void collect() {
    for (const ByteString& digest : hasher_.take()) {
      waiting_.insert(waiting_.end(), digest.begin(), digest.end());
      if (waiting_.size() >= kToldAtOnce) tell();
    }
  }
  void tell() {
    if (waiting_.empty()) return;
    sink_.fact({0, 0, Metadata{key_, hex(waiting_)}});
    waiting_.clear();
  }

  std::string key_;
  Hasher hasher_;
  ByteString waiting_;
  AnalysisSink& sink_;
};

// False when it was stopped or the file could not be read.
bool read_all(FileSource& source, std::vector<Telling>& tellings, const std::atomic<bool>& stop,
              AnalysisSink& sink) {
  for (std::uint64_t at = 0; at < source.size();) {
    if (stop) {
      sink.gap({ParseErrc::timeout, at, "it was stopped"});
      return false;
    }
    const ByteView part = source.view(at, kPart);
    const Bytes bytes = part;
    if (bytes.empty()) break;
    for (Telling& telling : tellings) telling.update(bytes);
    at += bytes.size();
  }
  const std::vector<ParseError> complaints = source.complaints();
  for (const ParseError& complaint : complaints) sink.gap(complaint);
  if (const auto error = source.error()) sink.gap(*error);
  return complaints.empty() && !source.error();
}

}  // namespace

void digest_file(const std::string& name, FileDescriptor fd,
                 const std::vector<provenance::DigestRequest>& requests,
                 const std::atomic<bool>& stop, AnalysisSink& sink) {
  FileSource source(std::move(fd));
  sink.begin_artifact(name);
  std::vector<Telling> tellings;
  tellings.reserve(requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    tellings.emplace_back(i, requests[i], source.size(), sink);
  }
  if (read_all(source, tellings, stop, sink)) {
    for (Telling& telling : tellings) telling.finish();
  }
  sink.end_artifact(source.size(), "");
}

bool DigestCollector::take(const Fact& fact) {
  const auto* told = std::get_if<Metadata>(&fact.value);
  if (!told) return false;
  std::size_t number = 0;
  const char* const end = told->key.data() + told->key.size();
  const auto [stop, error] = std::from_chars(told->key.data(), end, number);
  const auto bytes = provenance::from_hex(told->value);
  if (error != std::errc{} || stop != end || number >= digests_.size() || !bytes) return false;
  ByteString& digests = digests_[number];
  digests.insert(digests.end(), bytes->begin(), bytes->end());
  return true;
}

}  // namespace assay
