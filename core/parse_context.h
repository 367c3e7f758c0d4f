#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/budget.h"
#include "core/byte_source.h"
#include "core/error.h"
#include "core/fact.h"

namespace assay {

// What a parser knows of a member beyond its bytes.
struct MemberInfo {
  std::string name;          // as the archive spells it; may hold anything
  std::uint64_t offset = 0;  // in the archive: where the member's stored bytes begin
  // The loader reads this member as raw numbers (a torch storage): bytes that
  // look like a format by chance are no finding, and no format is no gap.
  bool raw_data = false;
  // No entry of the archive claims these bytes; the parser made the name up.
  bool unclaimed = false;
};

// The world as one parser sees it: the bytes of one artifact, the budget, and
// where to put what it finds. Everything put here before the parser fails is
// kept. Facts are dropped, and the budget says so, once Limits::facts is spent.
class ParseContext {
 public:
  ParseContext(ByteSource& source, std::string_view name, Budget& budget)
      : source_(source), name_(name), budget_(budget) {}
  ParseContext(const ParseContext&) = delete;
  ParseContext& operator=(const ParseContext&) = delete;
  virtual ~ParseContext() = default;

  ByteSource& source() { return source_; }
  Budget& budget() { return budget_; }
  // The artifact's own name, for hints only: content decides.
  std::string_view name() const { return name_; }

  // Records a fact about the bytes [offset, offset + size).
  virtual void fact(std::uint64_t offset, std::uint64_t size, FactValue value) = 0;

  // Records a part that could not be examined, while the parser goes on.
  virtual void gap(ParseError error) = 0;

  // Refines the format's name once more is known: "zip" to "torch-zip".
  virtual void format(std::string_view name) = 0;

  // Examines a member now, before this returns: `bytes` need not outlive the
  // call. Spends members and depth from the budget; at the limit a gap is
  // recorded for the member.
  virtual void member(const MemberInfo& info, ByteSource& bytes) = 0;

  // These bytes of the artifact bear code or text: YARA reads them.
  virtual void code_bytes(std::uint64_t offset, std::uint64_t size) = 0;

  // Text that appears only after decoding (an unescaped string, a compressed
  // block): YARA reads it as if it stood at `offset`.
  virtual void code_text(std::uint64_t offset, std::string_view text) = 0;

  // From which offset on the instructions of a program are to be told, one fact
  // each; nothing in a scan, where they would be millions.
  virtual std::optional<std::uint64_t> list_from() const { return std::nullopt; }

  void anomaly(std::uint64_t offset, std::uint64_t size, std::string code, std::string detail) {
    fact(offset, size, Anomaly{std::move(code), std::move(detail)});
  }
  void metadata(std::uint64_t offset, std::uint64_t size, std::string key, std::string value) {
    fact(offset, size, Metadata{std::move(key), std::move(value)});
  }

 private:
  ByteSource& source_;
  std::string_view name_;
  Budget& budget_;
};

}  // namespace assay
