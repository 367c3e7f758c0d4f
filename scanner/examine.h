#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "core/budget.h"
#include "provenance/crypto/hasher.h"
#include "rules/yara/yara_scanner.h"
#include "scanner/analysis_sink.h"
#include "scanner/file_source.h"

namespace assay {

// What the content of one file may cost and how it is read.
struct ExamineOptions {
  Limits limits;
  bool hash = true;
};

// The limits for a file of `size` bytes: it may expand as a whole to no more than
// any stream in it may, because archives of archives multiply.
Limits limits_for(std::uint64_t size, const Limits& given);

// Reads one file to its end, in this process, and tells `sink` all of it, and by the
// way the digests that are asked for. When
// `stop` is raised from elsewhere, what was not read becomes a gap. `yara` may be
// null: then no YARA rule is applied.
void examine_file(const std::string& name, FileDescriptor fd, const ExamineOptions& options,
                  const std::vector<provenance::DigestRequest>& digests,
                  const std::atomic<bool>& stop, YaraScanner* yara, AnalysisSink& sink);

}  // namespace assay
