#include "scanner/examine.h"

#include <algorithm>
#include <utility>

#include "scanner/analyzer.h"

namespace assay {

Limits limits_for(std::uint64_t size, const Limits& given) {
  Limits limits = given;
  const std::uint64_t expected = size > limits.expanded_bytes / limits.ratio
                                     ? limits.expanded_bytes
                                     : std::max(limits.ratio_floor, size * limits.ratio);
  limits.expanded_bytes = std::min(limits.expanded_bytes, expected);
  return limits;
}

void examine_file(const std::string& name, FileDescriptor fd, const ExamineOptions& options,
                  const std::vector<provenance::DigestRequest>& digests,
                  const std::atomic<bool>& stop, YaraScanner* yara, AnalysisSink& sink) {
  FileSource source(std::move(fd));
  Limits limits = limits_for(source.size(), options.limits);
  limits.stop = &stop;
  Budget budget(limits);
  Analyzer(budget, yara, {.hash = options.hash, .digests = digests}, sink)
      .analyze({.name = name}, source);
}

}  // namespace assay
