#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/artifact.h"
#include "core/evidence.h"
#include "core/finding.h"

namespace assay {

enum class Verdict : std::uint8_t { pass, fail, incomplete };
std::string_view to_string(Verdict verdict);

struct ToolInfo {
  std::string name = "assay";
  std::string version;
  std::string rules_digest;                  // "sha256:<hex>" over the rules in force
  std::string sandbox = "none";              // full | partial | none
  std::vector<std::string> sandbox_missing;  // "landlock: ENOSYS: ...", one a layer
};

struct SourceInfo {
  std::string uri;   // as given, never made absolute
  std::string kind;  // path | hub | cache | s3 | https | oci | stdin
  std::string revision;
};

struct Summary {
  std::uint64_t files = 0;
  std::uint64_t members = 0;
  std::uint64_t bytes_total = 0;
  std::uint64_t bytes_read = 0;
  std::uint64_t findings[5] = {};  // by Severity
  std::uint64_t gaps = 0;
};

// Evidence of who made the source, or a part of it, and what came of checking it.
struct EvidenceRecord {
  std::string path;  // of the signature, listing or commit
  provenance::Evidence evidence;
};

// What all evidence of a source comes to: the worst of "rejected", then the best of
// "verified", "signed", "matches", "unchecked"; "none" without any.
std::string_view provenance_state(const std::vector<EvidenceRecord>& records);

// Everything a report writer may say. Files, findings and gaps are ordered by
// path, offset and rule, so the same bytes give the same report.
struct ScanResult {
  ToolInfo tool;
  SourceInfo source;
  Verdict verdict = Verdict::pass;
  int exit_code = 0;
  bool policy_failed = false;  // whatever the threshold for findings is
  Summary summary;
  std::vector<Artifact> files;
  std::vector<Finding> findings;
  std::vector<Finding> suppressed;
  std::vector<Gap> gaps;
  std::vector<EvidenceRecord> provenance;  // ordered by path
  std::vector<RuleInfo> rules;             // the whole catalog, fired or not
};

}  // namespace assay
