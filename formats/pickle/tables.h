#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/fact.h"
#include "formats/pickle/heap.h"
#include "formats/pickle/held_sets.h"
#include "formats/pickle/intern_table.h"
#include "formats/pickle/roles.h"
#include "formats/pickle/value.h"

namespace assay::pickle {

// Everything that values point into, for all pickles of one artifact. Each
// table is bounded; overflowed() names the first that was not large enough.
class Tables {
 public:
  static constexpr std::uint32_t kUnknownGlobal = 0;
  static constexpr std::uint32_t kMaxGlobals = 65'536;
  static constexpr std::uint32_t kMaxStrings = 131'072;
  static constexpr std::uint32_t kMaxOrigins = 131'072;
  // Containers within containers, each there several times: whoever hashes, compares,
  // copies or prints such a value does not come to an end.
  static constexpr float kMaxUnfolded = 0x1p48F;

  Tables();

  // The number of a global, kUnknownGlobal once the table is full.
  std::uint32_t global(std::string_view module, std::string_view name);
  Import import_of(std::uint32_t global) const;
  Role role(std::uint32_t global) const { return roles_[global]; }

  // Short strings that may be names are kept; `detail` of a text value that
  // is in the pool, or 0.
  std::uint32_t pool(std::string_view text);
  std::optional<std::string_view> pooled(Value text) const;

  // What a text value's `detail` says when it is not pooled, as flags: the payload
  // is too large to be anything but data; it begins as pickles and archives do; it is
  // the latin-1 form of the text that stands there.
  static constexpr std::uint32_t kLargeText = 1;
  static constexpr std::uint32_t kNestedText = 2;
  static constexpr std::uint32_t kEncodedText = 4;
  static bool has_flag(Value text, std::uint32_t flag) {
    return text.is_text() && text.detail < kFirstPooled && (text.detail & flag) != 0;
  }
  static bool is_flagged(Value text) { return has_flag(text, kFirstPooled - 1); }

  Value make_container(Kind kind, std::span<const Value> items) {
    const std::uint32_t held = this->held(items);
    // What is in a tuple is there for good; other containers are told by their node.
    const bool fixed = kind == Kind::tuple || kind == Kind::frozenset;
    const std::uint32_t detail = fixed ? held : HeldSets::kEmpty;
    const Value container{kind, detail, heap_.make(items, held, detail)};
    unfold(container, items);
    return container;
  }
  // Nobody can change it, so many share a node.
  Value empty_tuple() {
    if (!heap_.will_last(empty_tuple_))
      empty_tuple_ = heap_.make({}, HeldSets::kEmpty, HeldSets::kEmpty);
    return {Kind::tuple, HeldSets::kEmpty, empty_tuple_};
  }
  Value make_result(Kind kind, std::uint32_t callee, std::span<const Value> args,
                    std::uint32_t held);
  Value make_persistent_id(Value id);

  // Adds items to a list, dict or set; of results and instances, which have only
  // their arguments as items, they become part of what these hold.
  void add_items(Value container, std::span<const Value> items);

  // Whether BUILD has written attributes of a result or instance.
  bool was_built(Value value) { return value.is_call_result() && heap_.was_built(value.data); }
  void set_built(Value value) { heap_.set_built(value.data); }

  // The globals a value is or holds.
  std::uint32_t held(Value value);
  std::uint32_t held(std::span<const Value> values) {
    std::uint32_t all = HeldSets::kEmpty;
    for (const Value value : values) {
      if (value.kind == Kind::global || value.has_node()) all = held_.unite(all, held(value));
    }
    return all;
  }
  // As held(), but sees what was put into its members after it was built.
  std::uint32_t held_now(std::span<const Value> values);

  std::span<const Value> items(Value value) { return heap_.items(value.data); }
  // How many items it has; nothing when its node is gone.
  std::optional<std::uint64_t> count(Value value);
  // Whether nothing is in it, at any depth, and nothing was put there.
  bool is_empty(Value value) {
    const Node* node = heap_.find(value.data);
    return node && node->count == 0 && node->held == HeldSets::kEmpty;
  }
  // What returned a call result: kUnknownGlobal if nothing with a name.
  std::uint32_t callee(Value result) const { return origins_[result.detail].callee; }
  std::vector<std::uint32_t> members(std::uint32_t set) const { return held_.members(set); }

  // The name of the limit that values were lost to; empty if all is known.
  std::string_view overflowed() const;

 private:
  static constexpr std::uint32_t kFirstPooled = 8;  // below: flags

  struct Origin {
    std::uint32_t callee = kUnknownGlobal;
    std::uint32_t held = HeldSets::kEmpty;
  };
  std::uint32_t origin(Origin origin);

  // Counts what `items`, new in the container, hold themselves.
  void unfold(Value container, std::span<const Value> items) {
    for (const Value item : items) {
      if (is_container(item)) unfold(container, item);
    }
  }
  void unfold(Value container, Value item);
  static bool is_container(Value value) {
    return value.kind >= Kind::tuple && value.kind <= Kind::frozenset;
  }
  std::uint32_t known(Value value) const;

  InternTable globals_{kMaxGlobals, 8U << 20};  // "module\0name"
  std::string key_;                             // kept for its memory
  std::vector<Role> roles_;
  InternTable strings_{kMaxStrings, 4U << 20};
  HeldSets held_;
  Heap heap_;
  std::vector<Value> queue_;  // of held_now(), kept for its memory
  std::vector<Origin> origins_;
  std::unordered_map<std::uint64_t, std::uint32_t> origin_ids_;
  std::uint64_t last_origin_key_ = 0;  // what was asked for last: that of no callee, at first
  std::uint32_t last_origin_ = 0;
  std::uint64_t empty_tuple_ = UINT64_MAX;
  bool globals_full_ = false;
  bool unfolds_without_end_ = false;
  bool origins_full_ = false;
};

}  // namespace assay::pickle
