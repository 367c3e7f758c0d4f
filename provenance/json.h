#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/error.h"

// JSON of signatures and trust roots as a tree. Text that two readers could read
// in two ways is refused: a name twice in one object above all.
namespace assay::provenance {

class JsonValue;
using JsonMember = std::pair<std::string, JsonValue>;
using JsonObject = std::vector<JsonMember>;
using JsonArray = std::vector<JsonValue>;

class JsonValue {
 public:
  using Value = std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string,
                             JsonArray, JsonObject>;

  JsonValue() = default;
  explicit JsonValue(Value value) : value_(std::move(value)) {}

  bool is_null() const { return std::holds_alternative<std::nullptr_t>(value_); }
  const std::string* text() const { return std::get_if<std::string>(&value_); }
  const JsonArray* array() const { return std::get_if<JsonArray>(&value_); }
  const JsonObject* object() const { return std::get_if<JsonObject>(&value_); }
  const bool* boolean() const { return std::get_if<bool>(&value_); }
  // A number that is a whole one: 1000, and 1000.0 too.
  std::optional<std::int64_t> integer() const;

  // The member of that name; null when this is no object, has none, or it is `null`.
  const JsonValue* find(std::string_view name) const;

 private:
  Value value_ = nullptr;
};

// Limits of one document. Reaching them is `over_budget`.
inline constexpr std::uint64_t kMaxJsonSize = 64U << 20;
inline constexpr std::size_t kMaxJsonDepth = 64;
inline constexpr std::size_t kMaxJsonValues = 4'000'000;

// The tree of a document in UTF-8 (RFC 8259). `malformed`: no JSON, a name twice in
// one object, an integer beyond 64 bits, bytes behind the value.
Parsed<JsonValue> parse_json(Bytes document, std::uint64_t max_size = kMaxJsonSize);

}  // namespace assay::provenance
