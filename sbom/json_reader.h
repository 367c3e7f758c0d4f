#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace assay::sbom {

// An object of the JSON document that is being read; lives while it is visited.
struct JsonObject;

// Takes typed members out of JSON objects. The first member that is missing or
// of another type sets a sticky error; from then on everything reads as empty
// and nothing is visited.
class JsonReader {
 public:
  using Visit = std::function<void(const JsonObject& object)>;

  // Sets the error "report: '<name>' is not <what>", unless one is set.
  void complain(std::string_view what, std::string_view name);
  const std::optional<ParseError>& error() const { return error_; }

  bool has(const JsonObject& in, std::string_view name) const;
  std::string text(const JsonObject& in, std::string_view name);
  // Empty where there is no such member: what later versions added.
  std::string text_if_any(const JsonObject& in, std::string_view name);
  std::uint64_t number(const JsonObject& in, std::string_view name);
  bool flag(const JsonObject& in, std::string_view name);
  std::vector<std::string> texts(const JsonObject& in, std::string_view name);
  void object(const JsonObject& in, std::string_view name, const Visit& visit);

  // The objects of the array `name`.
  void each_object(const JsonObject& in, std::string_view name, const Visit& visit);
  // The same, and below each, at any depth, those of its array `below`. Enters an
  // object before and leaves it after what is below it, and does not recurse.
  void each_nested(const JsonObject& in, std::string_view name, std::string_view below,
                   const Visit& enter, const std::function<void()>& leave);

  // The members of the object `name`, all of one type.
  void each_object_of(
      const JsonObject& in, std::string_view name,
      const std::function<void(std::string_view key, const JsonObject& object)>& visit);
  void each_number_of(const JsonObject& in, std::string_view name,
                      const std::function<void(std::string_view key, std::uint64_t)>& visit);
  // What write_groups wrote: each text with its key.
  void groups(const JsonObject& in, std::string_view name,
              const std::function<void(std::string key, std::string text)>& visit);

 private:
  std::optional<ParseError> error_;
};

// Parses `json`, which is untrusted, and visits the object that it is. The error
// is `malformed` (no JSON, or no object) or `over_budget` (larger than 1 GiB,
// nested deeper than 1,000): then nothing was visited.
std::optional<ParseError> visit_json(std::string_view json, const JsonReader::Visit& visit);

}  // namespace assay::sbom
