#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/fact.h"

namespace assay {

// A member's name as it stands in paths is cut to this many bytes: a path holds
// one for each level, and each artifact, gap and finding holds a path.
inline constexpr std::size_t kMaxPathName = 1000;

// Stands between the path of an artifact and the name of its member.
inline constexpr std::string_view kMemberMark = "!/";

// A member's name as it stands in a path.
std::string path_name(std::string_view name);

// What the analyzer says while it reads one file, in the order it finds it out:
//
//   artifact := begin_artifact (fact | gap | attempt)* end_artifact
//   attempt  := begin_attempt  (fact | gap | artifact)* (accept | reject)
//
// An attempt is one format's reading of the artifact's bytes; the artifacts in
// it are the members that it shows. What a rejected attempt said does not count.
// A listener that stops hearing (a worker that died) knows all that came before.
class AnalysisSink {
 public:
  AnalysisSink() = default;
  AnalysisSink(const AnalysisSink&) = delete;
  AnalysisSink& operator=(const AnalysisSink&) = delete;
  virtual ~AnalysisSink() = default;

  // `name` as the archive spells it, cut to kMaxPathName; of the file itself: its
  // path in the report.
  virtual void begin_artifact(std::string_view name) = 0;
  // `sha256` in lower-case hex, or empty.
  virtual void end_artifact(std::uint64_t size, std::string_view sha256) = 0;

  // `format` is the name so far; accept() has the final one.
  virtual void begin_attempt(std::string_view format) = 0;
  virtual void accept(std::string_view format) = 0;
  virtual void reject() = 0;

  virtual void fact(Fact fact) = 0;
  virtual void gap(ParseError error) = 0;
};

}  // namespace assay
