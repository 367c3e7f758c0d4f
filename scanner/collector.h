#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/artifact.h"
#include "core/format.h"
#include "core/parse_context.h"
#include "rules/yara/yara_scanner.h"

namespace assay {

class Analyzer;

// What one parser said of one artifact, held back until it is known whether the
// bytes are the parser's at all. Members are examined as they come.
class Collector final : public ParseContext {
 public:
  // `path` is the artifact's own in the report.
  Collector(Analyzer& analyzer, ByteSource& source, std::string_view name, std::string_view path,
            std::string_view format_name);

  void fact(std::uint64_t offset, std::uint64_t size, FactValue value) override;
  void gap(ParseError error) override;
  void format(std::string_view name) override { format_ = name; }
  void member(const MemberInfo& info, ByteSource& bytes) override;
  void code_bytes(std::uint64_t offset, std::uint64_t size) override;
  void code_text(std::uint64_t offset, std::string_view text) override;

  // Whether something was found that these bytes would do if this format's
  // loader had them: worth keeping even when the parse failed. With `raw_data`
  // members that chance may produce do not count.
  bool is_telling(bool raw_data) const;

  // Whether a member of `artifact`, as other formats read it, already shows all
  // members found here: a zip that is the last thing in a tar.
  bool is_seen_inside(const Artifact& artifact) const;

  // Moves everything into `artifact`, which now is of this format as well.
  void commit(Artifact& artifact, std::vector<Region>& regions,
              std::vector<Region>& raw_members);

 private:
  Analyzer& analyzer_;
  std::string_view path_;
  std::string format_;
  std::vector<Fact> facts_;
  std::vector<Gap> gaps_;
  std::vector<Artifact> members_;
  std::vector<Region> regions_;
  std::vector<Region> raw_members_;  // where they lie in the artifact
  bool facts_spent_ = false;
};

}  // namespace assay
