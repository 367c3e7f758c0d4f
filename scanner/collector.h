#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/parse_context.h"
#include "scanner/reading.h"

namespace assay {

class Analyzer;

// One parser's reading of one artifact, as an attempt of the sink's: it counts
// once it is known that the bytes are the parser's at all. Members are examined
// as they come.
class Collector final : public ParseContext {
 public:
  Collector(Analyzer& analyzer, ByteSource& source, std::string_view name,
            std::string_view format_name);
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;
  // Rejects the attempt unless accept() was called.
  ~Collector() override;

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

  // Whether one of `members`, as other formats read the artifact, already shows
  // all members found here: a zip that is the last thing in a tar.
  bool is_seen_inside(const std::vector<Outline>& members) const;

  // The artifact is of this format as well: moves what the analyzer goes on with.
  void accept(Reading& reading);

 private:
  Analyzer& analyzer_;
  std::string format_;
  Reading reading_;
  bool has_call_ = false;
  bool facts_spent_ = false;
  bool accepted_ = false;
};

}  // namespace assay
