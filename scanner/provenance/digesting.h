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

// Reads the file once and tells `sink` its digests as Metadata facts, in any order
// of the requests: the key is the number of the request, the value some of its
// digests in a row, in hex. What could not be read is a gap.
void digest_file(const std::string& name, FileDescriptor fd,
                 const std::vector<provenance::DigestRequest>& requests,
                 const std::atomic<bool>& stop, AnalysisSink& sink);

// Puts such facts together again: all digests of request `i` in a row, raw. What
// the facts say is untrusted; false for one that is no such fact.
class DigestCollector {
 public:
  explicit DigestCollector(std::size_t requests) : digests_(requests) {}
  bool take(const Fact& fact);
  std::vector<provenance::ByteString> digests() && { return std::move(digests_); }

 private:
  std::vector<provenance::ByteString> digests_;
};

}  // namespace assay
