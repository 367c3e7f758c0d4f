#include "provenance/json.h"

#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "core/text.h"

namespace assay::provenance {
namespace {

namespace dom = simdjson::dom;

std::unexpected<ParseError> malformed(std::string message) {
  return fail(ParseErrc::malformed, 0, "JSON: " + std::move(message));
}

// simdjson's tree made ours. Its parser bounds the depth, so recursion is bounded.
class TreeBuilder {
 public:
  Parsed<JsonValue> build(dom::element element) {
    if (++values_ > kMaxJsonValues) {
      return fail(ParseErrc::over_budget, 0, "JSON: more values than are read");
    }
    switch (element.type()) {
      case dom::element_type::ARRAY:
        return array(element.get_array().value_unsafe());
      case dom::element_type::OBJECT:
        return object(element.get_object().value_unsafe());
      case dom::element_type::INT64:
        return JsonValue(element.get_int64().value_unsafe());
      case dom::element_type::UINT64:
        return JsonValue(element.get_uint64().value_unsafe());
      case dom::element_type::DOUBLE:
        return JsonValue(element.get_double().value_unsafe());
      case dom::element_type::STRING:
        return JsonValue(std::string(element.get_string().value_unsafe()));
      case dom::element_type::BOOL:
        return JsonValue(element.get_bool().value_unsafe());
      case dom::element_type::NULL_VALUE:
        break;
    }
    return JsonValue();
  }

 private:
  Parsed<JsonValue> array(dom::array elements) {
    JsonArray values;
    for (const dom::element element : elements) {
      auto value = build(element);
      if (!value) return value;
      values.push_back(std::move(*value));
    }
    return JsonValue(std::move(values));
  }

  Parsed<JsonValue> object(dom::object members) {
    JsonObject values;
    std::unordered_set<std::string_view> names;
    for (const dom::key_value_pair member : members) {
      if (!names.insert(member.key).second) {
        return malformed("the name '" + escaped(shortened(member.key, 80)) + "' stands twice");
      }
      auto value = build(member.value);
      if (!value) return value;
      values.emplace_back(std::string(member.key), std::move(*value));
    }
    return JsonValue(std::move(values));
  }

  std::size_t values_ = 0;
};

}  // namespace

std::optional<std::int64_t> JsonValue::integer() const {
  if (const auto* number = std::get_if<std::int64_t>(&value_)) return *number;
  const auto* real = std::get_if<double>(&value_);
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (!real || std::floor(*real) != *real || std::fabs(*real) > kExact) return std::nullopt;
  return static_cast<std::int64_t>(*real);
}

const JsonValue* JsonValue::find(std::string_view name) const {
  const JsonObject* members = object();
  if (!members) return nullptr;
  const auto found = std::ranges::find(*members, name, &JsonMember::first);
  return found == members->end() || found->second.is_null() ? nullptr : &found->second;
}

Parsed<JsonValue> parse_json(Bytes document, std::uint64_t max_size) {
  if (document.size() > max_size) {
    return fail(ParseErrc::over_budget, 0, "JSON: larger than is read");
  }
  // Nothing may have no address, which the parser would copy from.
  if (document.empty()) return malformed("there is no value");
  dom::parser parser;
  dom::element root;
  if (parser.allocate(std::max<std::size_t>(document.size(), 1), kMaxJsonDepth) !=
      simdjson::SUCCESS) {
    return fail(ParseErrc::over_budget, 0, "JSON: no memory");
  }
  const std::string_view text = as_text(document);
  if (const auto error = parser.parse(text.data(), text.size()).get(root)) {
    return malformed(simdjson::error_message(error));
  }
  return TreeBuilder().build(root);
}

}  // namespace assay::provenance
