#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/fact.h"
#include "provenance/crypto/hasher.h"
#include "scanner/analysis_sink.h"
#include "scanner/file_source.h"

namespace assay {

// The digests of requests over content that passes by, told as ContentDigest facts.
class DigestTelling {
 public:
  // `size` is that of the whole content; `sink` must outlive this.
  DigestTelling(const std::vector<provenance::DigestRequest>& requests, std::uint64_t size,
                AnalysisSink& sink);
  void update(Bytes bytes);
  // Tells what is ready. Inside the attempt of a format it could be taken back.
  void tell();
  // The content has passed: tells the rest.
  void finish();

 private:
  AnalysisSink& sink_;
  std::vector<provenance::Hasher> all_;
};

// Reads the file once and tells `sink` its digests. What could not be read is a gap.
void digest_file(const std::string& name, FileDescriptor fd,
                 const std::vector<provenance::DigestRequest>& requests,
                 const std::atomic<bool>& stop, AnalysisSink& sink);

// Puts such facts together again: all digests of request `i` in a row, raw. The
// facts are untrusted; false for one that is no such fact, or of another request.
class DigestCollector {
 public:
  explicit DigestCollector(std::size_t requests) : digests_(requests) {}
  bool take(const Fact& fact);
  std::vector<provenance::ByteString> digests() && { return std::move(digests_); }

 private:
  std::vector<provenance::ByteString> digests_;
};

}  // namespace assay
