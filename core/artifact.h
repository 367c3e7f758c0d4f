#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/fact.h"
#include "core/finding.h"

namespace assay {

// How the rules judged one imported name, in the Hub's words: "innocuous",
// "suspicious" or "dangerous".
struct ImportVerdict {
  Import import;
  std::string safety;
  bool operator==(const ImportVerdict&) const = default;
};

// Tensors, counted. `parameters` saturates.
struct TensorTotals {
  std::uint64_t count = 0;
  std::uint64_t parameters = 0;
  std::uint64_t bytes = 0;
  bool operator==(const TensorTotals&) const = default;
};

struct MemberTotals {
  std::uint64_t count = 0;
  std::uint64_t stored_size = 0;
  std::uint64_t size = 0;
  bool operator==(const MemberTotals&) const = default;
};

// Facts of which a report carries no more than the number. Set when an artifact
// was read from a report; then they stand beside those in `Artifact::facts`.
struct FactTotals {
  TensorTotals tensors;
  std::map<std::string, TensorTotals> tensors_by_dtype;
  MemberTotals members;
  std::map<std::string, std::uint64_t> left_out;  // by list: beyond the report's limit
  bool operator==(const FactTotals&) const = default;
};

// One thing that was looked at: a file, or a member of an archive at any depth.
// What parsers found in it, and the artifacts inside it.
struct Artifact {
  std::string path;  // relative to the source, "!/" before each member name
  std::uint64_t size = 0;
  std::string sha256;                // lower-case hex; empty when not computed
  std::string format;                // the first of `formats`; "unknown" or "text" if none
  std::vector<std::string> formats;  // every format that accepted the bytes
  std::vector<Fact> facts;           // in the order of their offsets
  std::optional<FactTotals> totals;
  std::vector<Gap> gaps;
  std::vector<Artifact> members;
  std::vector<ImportVerdict> imports;  // filled by the evaluator, sorted, each once
  bool left_out = false;               // on purpose (--exclude): status `unscanned`
  Status status = Status::safe;        // own and members'; set by the verdict
};

}  // namespace assay
