#pragma once

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/format.h"
#include "tests/support/range_source.h"
#include "tests/support/recording_context.h"

// What holds of every parser, whatever the bytes: the checks of the fuzz targets.
namespace assay::test {

inline void require(bool holds, std::string_view property) {
  if (holds) return;
  std::fprintf(stderr, "property broken: %.*s\n", static_cast<int>(property.size()),
               property.data());
  std::abort();
}

// Limits under which one input takes milliseconds.
inline Limits fuzz_limits() {
  return {.expanded_bytes = 8 << 20, .members = 200, .opcodes = 200'000, .nodes = 50'000};
}

// One parse of one source, with all that came of it.
struct Outcome {
  Outcome(const Format& format, ByteSource& source, std::string_view name, const Limits& limits)
      : budget(limits), context(source, name, budget) {
    result = format.parse(context);
  }
  Budget budget;
  RecordingContext context;
  Parsed<void> result;
};

inline std::string told(const ParseError& error) {
  return std::string(to_string(error.code)) + " at " + std::to_string(error.offset) + ": " +
         error.message;
}

inline std::string told(const Fact& fact) {
  std::string text = std::string(kind_of(fact.value)) + " [" + std::to_string(fact.offset) + ", +" +
                     std::to_string(fact.size) + ")";
  if (const auto* anomaly = std::get_if<Anomaly>(&fact.value)) {
    text += " " + anomaly->code + " " + anomaly->detail;
  }
  if (const auto* data = std::get_if<Metadata>(&fact.value))
    text += " " + data->key + " " + data->value;
  return text;
}

// Everything an outcome says, one line each: two outcomes are alike when these are.
inline std::vector<std::string> told(const Outcome& outcome) {
  const RecordingContext& context = outcome.context;
  std::vector<std::string> lines{
      "format " + context.format_name,
      outcome.result ? "whole" : "failed " + told(outcome.result.error())};
  for (const ParseError& gap : context.gaps) lines.push_back("gap " + told(gap));
  for (const auto& member : context.members) {
    lines.push_back("member " + member.info.name + " at " + std::to_string(member.info.offset) +
                    (member.info.raw_data ? " raw, " : ", ") + std::to_string(member.size) + ": " +
                    member.bytes);
    for (const ParseError& complaint : member.complaints)
      lines.push_back("complaint " + told(complaint));
  }
  for (const auto& code : context.code) {
    lines.push_back("code [" + std::to_string(code.offset) + ", +" + std::to_string(code.size) +
                    ")");
  }
  for (const std::string& text : context.texts) lines.push_back("text " + text);
  return lines;
}

inline bool lies_inside(std::uint64_t offset, std::uint64_t size, std::uint64_t whole) {
  return offset <= whole && size <= whole - offset;
}

inline void require_inside(const Outcome& outcome, std::uint64_t size) {
  for (const Fact& fact : outcome.context.facts) {
    require(lies_inside(fact.offset, fact.size, size), "facts lie inside: " + told(fact));
  }
  for (const auto& code : outcome.context.code) {
    require(lies_inside(code.offset, code.size, size), "code lies inside");
  }
  for (const auto& member : outcome.context.members) {
    require(member.info.offset <= size, "members begin inside: " + member.info.name);
  }
  require(outcome.result || outcome.result.error().offset <= size,
          "the error lies inside: " + (outcome.result ? "" : told(outcome.result.error())));
}

inline void require_same(const Outcome& a, const Outcome& b, std::string_view property) {
  const std::string named(property);
  for (std::size_t i = 0; i < std::max(a.context.facts.size(), b.context.facts.size()); ++i) {
    const auto fact = [i](const Outcome& o) {
      return i < o.context.facts.size() ? told(o.context.facts[i]) : std::string("none");
    };
    const bool same = i < a.context.facts.size() && i < b.context.facts.size() &&
                      a.context.facts[i] == b.context.facts[i];
    require(same, named + ": " + fact(a) + " | " + fact(b));
  }
  const auto left = told(a);
  const auto right = told(b);
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const std::string one = i < left.size() ? left[i] : "nothing";
    const std::string other = i < right.size() ? right[i] : "nothing";
    require(one == other, named + ": " + one + " | " + other);
  }
}

inline constexpr std::array kParserCosts{Cost::expanded_bytes, Cost::members, Cost::opcodes,
                                         Cost::nodes};

inline std::uint64_t& limit_of(Limits& limits, Cost parser_cost) {
  switch (parser_cost) {
    case Cost::expanded_bytes:
      return limits.expanded_bytes;
    case Cost::members:
      return limits.members;
    case Cost::opcodes:
      return limits.opcodes;
    default:
      return limits.nodes;
  }
}

// With half of what a whole parse spent, some of it stays undone: that is never silent.
inline void require_gap_when_tight(const Format& format, Bytes bytes, std::string_view name,
                                   Limits limits, const Budget& used) {
  const Cost cost = kParserCosts[bytes.size() % kParserCosts.size()];
  std::uint64_t& limit = limit_of(limits, cost);
  const std::uint64_t spent = limit - used.left(cost);
  if (spent == 0) return;
  limit = spent / 2;
  MemorySource source(bytes);
  const Outcome tight(format, source, name, limits);
  require(!tight.result || !tight.context.gaps.empty(),
          "what the budget forbids is a gap: " + std::string(to_string(cost)));
  require_inside(tight, bytes.size());
}

inline Confidence bid(const Format& format, ByteSource& source, std::string_view name) {
  const ByteView head = source.view(0, Probe::kHeadSize);
  return format.identify({.head = head, .size = source.size(), .name = name, .source = &source});
}

// Small, so that every structure meets a border; in proportion to large inputs,
// which are to be read in no more than some hundred pieces.
inline std::uint64_t small_window(std::uint64_t size) {
  static constexpr std::array<std::uint64_t, 4> kWindows{1, 7, 61, 4093};
  return std::max(kWindows[size / kParserCosts.size() % kWindows.size()], size / 128);
}

// `format` parses `bytes`:
//   facts, code, members and errors lie inside them
//   the budget is never overdrawn, and what it forbids is a gap
//   a second parse, by small ranges, tells the same
// Returns the first outcome, for what holds of this format alone; it borrows `source`.
inline std::unique_ptr<Outcome> check_format(const Format& format, MemorySource& source,
                                             std::string_view name = "",
                                             const Limits& limits = fuzz_limits()) {
  const ByteView bytes = source.view(0, source.size());
  RangeSource ranges(bytes, small_window(bytes.size()));
  auto whole = std::make_unique<Outcome>(format, source, name, limits);
  require_inside(*whole, bytes.size());
  require(whole->budget.depth() == 0, "every level that was entered is left");
  const Outcome by_ranges(format, ranges, name, limits);
  require_same(*whole, by_ranges, "read by ranges the same is found");
  require(bid(format, source, name) == bid(format, ranges, name), "bids are the same by ranges");
  require_gap_when_tight(format, bytes, name, limits, whole->budget);
  return whole;
}

inline Bytes input(const std::uint8_t* data, std::size_t size) {
  return std::as_bytes(std::span{data, size});
}

}  // namespace assay::test
