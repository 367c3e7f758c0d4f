#include <map>
#include <string>
#include <string_view>

#include "core/anomaly_tally.h"
#include "core/relative_path.h"
#include "core/text.h"
#include "formats/json/json.h"
#include "formats/safetensors/safetensors.h"

namespace assay::safetensors {
namespace {

using json::Kind;
using json::Token;

constexpr std::uint64_t kMaxIndexSize = 100'000'000;
// Of distinct shards. The largest published models have a few hundred.
constexpr std::size_t kMaxShards = 10'000;

// Whether `text` has the key "weight_map" with an object behind it.
bool has_weight_map(std::string_view text) {
  constexpr std::string_view kKey = "\"weight_map\"";
  for (std::size_t at = text.find(kKey); at != text.npos; at = text.find(kKey, at + 1)) {
    const std::size_t colon = text.find_first_not_of(" \t\n\r", at + kKey.size());
    if (colon == text.npos || text[colon] != ':') continue;
    const std::size_t value = text.find_first_not_of(" \t\n\r", colon + 1);
    if (value != text.npos && text[value] == '{') return true;
  }
  return false;
}

Confidence identify(const Probe& probe) {
  const std::string_view text = as_text(probe.head);
  const std::size_t start = text.find_first_not_of(" \t\n\r");
  if (start == text.npos || text[start] != '{') return Confidence::none;
  if (has_weight_map(text)) return Confidence::certain;
  return probe.name.ends_with(".index.json") ? Confidence::possible : Confidence::none;
}

class IndexWalk {
 public:
  IndexWalk(ParseContext& context, Bytes text)
      : context_(context), reader_(text, 0, context.budget()), tally_(context) {}

  Parsed<void> run() {
    if (reader_.next().kind == Kind::object_begin) read_members();
    reader_.next();
    report_duplicates();
    judge_shards();
    tally_.finish();
    if (const auto& error = reader_.error()) return std::unexpected(*error);
    if (refused_) return std::unexpected(*refused_);
    if (!has_map_) return fail(ParseErrc::malformed, 0, "no object \"weight_map\"");
    return {};
  }

 private:
  void read_members() {
    for (Token key = reader_.next(); key.kind == Kind::key; key = reader_.next()) {
      const Token value = reader_.next();
      const std::string name = json::text_of(key);
      if (name == "weight_map" && value.kind == Kind::object_begin) {
        has_map_ = true;
        read_map();
      } else if (name == "metadata" && value.kind == Kind::object_begin) {
        read_metadata();
      } else {
        reader_.skip(value);
      }
    }
  }

  void read_map() {
    for (Token key = reader_.next(); key.kind == Kind::key; key = reader_.next()) {
      const Token value = reader_.next();
      if (value.kind == Kind::string) {
        add_shard(value);
      } else if (reader_.ok()) {
        refuse("index.bad-entry", ParseErrc::malformed, value, "a shard is named by no string");
        reader_.skip(value);
      }
    }
  }

  void read_metadata() {
    for (Token key = reader_.next(); key.kind == Kind::key; key = reader_.next()) {
      const Token value = reader_.next();
      if (json::text_of(key) == "total_size" && value.kind == Kind::number) {
        context_.metadata(key.offset, key.raw.size(), "index.total_size",
                          shortened(value.raw, context_.budget().limits().text_size));
      }
      reader_.skip(value);
    }
  }

  void add_shard(const Token& value) {
    if (shards_.size() >= kMaxShards) {
      if (!refused_) {
        refused_ = ParseError{ParseErrc::over_budget, value.offset,
                              "more than " + std::to_string(kMaxShards) + " shards"};
      }
      return;
    }
    const auto [shard, is_new] = shards_.try_emplace(json::text_of(value), value);
    if (!is_new) return;
    const std::string& target = shard->first;
    if (value.escaped) context_.code_text(value.offset, target);
    context_.fact(value.offset, value.raw.size(),
                  Reference{"shard", shortened(target, context_.budget().limits().text_size)});
    const std::string_view danger = escape_reason(target);
    if (danger.empty()) return;
    tally_.add(value.offset, value.raw.size(), "index.unsafe-path",
               "shard " + escaped(shortened(target, 128)) + " " + std::string(danger));
  }

  // transformers reads a shard with safetensors when its name ends so, and with
  // torch.load otherwise, whatever the index is called.
  void judge_shards() {
    bool any_safe = context_.name().ends_with(".safetensors.index.json");
    for (const auto& [target, token] : shards_) any_safe |= target.ends_with(".safetensors");
    if (!any_safe) return;
    for (const auto& [target, token] : shards_) {
      if (target.ends_with(".safetensors")) continue;
      tally_.add(token.offset, token.raw.size(), "index.pickle-shard",
                 "shard " + escaped(shortened(target, 128)) + " is not read as safetensors");
    }
  }

  void report_duplicates() {
    for (const json::DuplicateKey& twice : reader_.take_duplicates()) {
      tally_.add(twice.offset, twice.size, "index.duplicate-key",
                 "a key stands twice; readers differ in which they take");
    }
  }

  void refuse(const char* code, ParseErrc errc, const Token& where, const char* detail) {
    tally_.add(where.offset, where.raw.size(), code, detail);
    if (!refused_) refused_ = ParseError{errc, where.offset, detail};
  }

  ParseContext& context_;
  json::Reader reader_;
  AnomalyTally tally_;
  std::map<std::string, Token> shards_;  // at its first mention
  std::optional<ParseError> refused_;
  bool has_map_ = false;
};

Parsed<void> parse(ParseContext& context) {
  const std::uint64_t size = context.source().size();
  if (size > kMaxIndexSize) {
    return fail(ParseErrc::over_budget, 0,
                "an index of " + std::to_string(size) + " bytes; at most " +
                    std::to_string(kMaxIndexSize) + " are read");
  }
  const auto text = read_bytes(context.source(), 0, size);
  if (const auto error = context.source().error()) return std::unexpected(*error);
  context.code_bytes(0, text.size());
  return IndexWalk(context, text).run();
}

}  // namespace

const Format index_format{"shard-index", identify, parse};

}  // namespace assay::safetensors
