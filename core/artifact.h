#pragma once

#include <cstdint>
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

// One thing that was looked at: a file, or a member of an archive at any depth.
// What parsers found in it, and the artifacts inside it.
struct Artifact {
  std::string path;  // relative to the source, "!/" before each member name
  std::uint64_t size = 0;
  std::string sha256;                // lower-case hex; empty when not computed
  std::string format;                // the first of `formats`; "unknown" or "text" if none
  std::vector<std::string> formats;  // every format that accepted the bytes
  std::vector<Fact> facts;           // in the order of their offsets
  std::vector<Gap> gaps;
  std::vector<Artifact> members;
  std::vector<ImportVerdict> imports;  // filled by the evaluator, sorted, each once
  bool left_out = false;  // on purpose (--exclude): status `unscanned`
  Status status = Status::safe;  // own and members'; set by the verdict
};

}  // namespace assay
