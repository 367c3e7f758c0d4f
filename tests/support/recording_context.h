#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/format.h"
#include "core/parse_context.h"

namespace assay::test {

// A ParseContext that keeps everything for a test to look at. Members are not
// examined, only read to their end (up to `max_member_bytes`).
class RecordingContext : public ParseContext {
 public:
  struct SeenMember {
    MemberInfo info;
    std::string bytes = {};
    std::uint64_t size = 0;
    std::vector<ParseError> complaints = {};
  };
  struct Region {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
  };

  RecordingContext(ByteSource& source, std::string_view name, Budget& budget)
      : ParseContext(source, name, budget) {}

  void fact(std::uint64_t offset, std::uint64_t size, FactValue value) override {
    if (budget().spend(Cost::facts)) facts.push_back({offset, size, std::move(value)});
  }
  void gap(ParseError error) override { gaps.push_back(std::move(error)); }
  void format(std::string_view name) override { format_name = name; }
  void member(const MemberInfo& info, ByteSource& bytes) override {
    if (!budget().spend(Cost::members)) {
      gaps.push_back(budget().error(info.offset));
      return;
    }
    SeenMember seen;
    seen.info = info;
    for_each_block(bytes, 0, max_member_bytes, [&](Bytes block, std::uint64_t) {
      seen.bytes += as_text(block);
      return true;
    });
    seen.size = bytes.size();  // a stream is decoded to its end: it may fail yet
    if (const auto error = bytes.error()) gaps.push_back(*error);
    seen.complaints = bytes.complaints();
    members.push_back(std::move(seen));
  }
  void code_bytes(std::uint64_t offset, std::uint64_t size) override {
    code.push_back({offset, size});
  }
  void code_text(std::uint64_t, std::string_view text) override { texts.emplace_back(text); }

  // All facts of one kind, in order.
  template <typename T>
  std::vector<T> all() const {
    std::vector<T> out;
    for (const Fact& f : facts) {
      if (const T* value = std::get_if<T>(&f.value)) out.push_back(*value);
    }
    return out;
  }

  bool has_anomaly(std::string_view code_word) const {
    for (const Anomaly& a : all<Anomaly>()) {
      if (a.code == code_word) return true;
    }
    return false;
  }

  std::vector<Fact> facts;
  std::vector<ParseError> gaps;
  std::vector<SeenMember> members;
  std::vector<Region> code;
  std::vector<std::string> texts;
  std::string format_name;
  std::uint64_t max_member_bytes = 1 << 20;
};

// Bytes, context and result of one parse, for tests that look at the outcome.
struct Parse {
  Parse(const Format& format, std::vector<std::byte> input, std::string_view name = "",
        const Limits& limits = {})
      : source(std::move(input)), budget(limits), context(source, name, budget) {
    result = format.parse(context);
  }
  MemorySource source;
  Budget budget;
  RecordingContext context;
  Parsed<void> result;
};

}  // namespace assay::test
