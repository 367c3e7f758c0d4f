#include "scanner/provenance/digesting.h"

#include <variant>

#include "core/text.h"

namespace assay {
namespace {

using provenance::ByteString;
using provenance::Hasher;

constexpr std::uint64_t kPart = FileSource::kWindowSize;
constexpr std::size_t kToldAtOnce = 64U << 10;  // bytes of digests in a fact

// False when it was stopped or the file could not be read.
bool read_all(FileSource& source, DigestTelling& telling, const std::atomic<bool>& stop,
              AnalysisSink& sink) {
  for (std::uint64_t at = 0; at < source.size();) {
    if (stop) {
      sink.gap({ParseErrc::timeout, at, "it was stopped"});
      return false;
    }
    const ByteView part = source.view(at, kPart);
    const Bytes bytes = part;
    if (bytes.empty()) break;
    telling.update(bytes);
    telling.tell();
    at += bytes.size();
  }
  const std::vector<ParseError> complaints = source.complaints();
  for (const ParseError& complaint : complaints) sink.gap(complaint);
  if (const auto error = source.error()) sink.gap(*error);
  return complaints.empty() && !source.error();
}

}  // namespace

DigestTelling::DigestTelling(const std::vector<provenance::DigestRequest>& requests,
                             std::uint64_t size, AnalysisSink& sink)
    : sink_(sink) {
  all_.reserve(requests.size());
  for (const auto& request : requests) all_.emplace_back(request, size);
}

void DigestTelling::update(Bytes bytes) {
  for (Hasher& hasher : all_) hasher.update(bytes);
}

void DigestTelling::finish() {
  for (Hasher& hasher : all_) hasher.finish();
  tell();
}

void DigestTelling::tell() {
  for (std::uint32_t request = 0; request < all_.size(); ++request) {
    std::string waiting;
    const auto flush = [&] {
      if (!waiting.empty()) sink_.fact({0, 0, ContentDigest{request, std::exchange(waiting, {})}});
    };
    for (const ByteString& digest : all_[request].take()) {
      waiting += as_text(digest);
      if (waiting.size() >= kToldAtOnce) flush();
    }
    flush();
  }
}

void digest_file(const std::string& name, FileDescriptor fd,
                 const std::vector<provenance::DigestRequest>& requests,
                 const std::atomic<bool>& stop, AnalysisSink& sink) {
  FileSource source(std::move(fd));
  sink.begin_artifact(name);
  DigestTelling telling(requests, source.size(), sink);
  if (read_all(source, telling, stop, sink)) telling.finish();
  sink.end_artifact(source.size(), "");
}

bool DigestCollector::take(const Fact& fact) {
  const auto* told = std::get_if<ContentDigest>(&fact.value);
  if (!told || told->request >= digests_.size()) return false;
  ByteString& digests = digests_[told->request];
  const Bytes bytes = as_bytes(told->digests);
  digests.insert(digests.end(), bytes.begin(), bytes.end());
  return true;
}

}  // namespace assay
