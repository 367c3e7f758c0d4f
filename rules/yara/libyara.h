#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/error.h"

struct YR_RULES;
struct YR_SCAN_CONTEXT;

// libyara (4.2) behind types of our own: libyara.cpp is the only file that sees
// its headers. What rules mean and which bytes they read is decided elsewhere.
namespace assay::libyara {

// The text of one rule file. `name` shows in messages and is its namespace.
struct Source {
  std::string name;
  std::string text;
};

// Rules ready to scan. Never change, so copies may be used by any thread.
class Rules {
 public:
  explicit Rules(std::shared_ptr<YR_RULES> rules) : rules_(std::move(rules)) {}

  // Rules as image() wrote them, by the same version of libyara.
  static Parsed<Rules> load(Bytes image);
  Parsed<std::vector<std::byte>> image() const;

  std::vector<std::string> identifiers() const;
  YR_RULES* get() const { return rules_.get(); }

 private:
  std::shared_ptr<YR_RULES> rules_;
};

enum class Warnings : std::uint8_t { ignore, fail };

// Compiles `sources`, each in a namespace of its own. Includes are refused, and
// so are modules that look at anything but the bytes (files, clock, output).
// The error's message is "name:line: text", its offset that of the line.
Parsed<Rules> compile(std::span<const Source> sources, Warnings warnings);

// A stretch of the artifact that is scanned in one piece.
struct Block {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

// What a scan reads. The blocks come in ascending order and may overlap;
// conditions (`uint32(@a)`) ask for the same ones again.
class Blocks {
 public:
  Blocks() = default;
  Blocks(const Blocks&) = delete;
  Blocks& operator=(const Blocks&) = delete;
  virtual ~Blocks() = default;

  // The block number `index`, counted from 0; nothing behind the last one.
  virtual std::optional<Block> at(std::size_t index) = 0;

  // The bytes of a block that at() gave, all of them, good until the next call;
  // empty when they cannot be had.
  virtual Bytes fetch(const Block& block) = 0;

  // The `filesize` of conditions.
  virtual std::uint64_t artifact_size() = 0;
};

// A rule that holds. Views are good during the call that brings it.
struct Hit {
  std::string_view identifier;
  std::string_view severity;     // its meta of that name, or empty
  std::string_view description;  // its meta of that name, or empty
  // The first match of any of its strings that are not private; without one,
  // `size` is 0 and `offset` that of the first block.
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  Bytes data;  // the match, cut to kMaxMatchData
};

inline constexpr std::uint32_t kMaxMatchData = 96;

// After this many matches (looked at between blocks) a string is not searched
// any further, and the scan says so: each match costs memory.
inline constexpr std::int32_t kMaxStringMatches = 100'000;

// Scans one thing after another; one thread at a time.
class Scanner {
 public:
  explicit Scanner(Rules rules);

  // Calls `on_hit` for each rule that holds, in the order of the rules, until it
  // returns false. The error says what was not looked at, by rule and string;
  // hits that came before it count all the same.
  Parsed<void> scan(Blocks& blocks, const std::function<bool(const Hit&)>& on_hit);

 private:
  Rules rules_;
  std::unique_ptr<YR_SCAN_CONTEXT, void (*)(YR_SCAN_CONTEXT*)> scanner_;
};

}  // namespace assay::libyara
