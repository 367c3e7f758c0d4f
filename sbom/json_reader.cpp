// The reader of JSON: the one place that uses simdjson here.
#include "sbom/json_reader.h"

#include <simdjson.h>

#include <utility>

namespace assay::sbom {
namespace {
namespace dom = simdjson::dom;

constexpr std::size_t kMaxReportSize = std::size_t{1} << 30;
constexpr std::size_t kMaxDepth = 1'000;
}  // namespace

struct JsonObject {
  dom::object members;

  template <typename T>
  bool get(std::string_view name, T& value) const {
    return members.at_key(name).get(value) == simdjson::SUCCESS;
  }
};

namespace {

// The text that `item`, in what is called `name`, has to be.
std::string as_text(JsonReader& in, dom::element item, std::string_view name) {
  std::string_view text;
  if (item.get(text) != simdjson::SUCCESS) in.complain("of texts", name);
  return std::string(text);
}

template <typename VisitItem>
void each(JsonReader& reader, const JsonObject& in, std::string_view name, VisitItem visit) {
  dom::array items;
  if (reader.error() || !in.get(name, items)) return reader.complain("an array", name);
  for (const dom::element item : items) {
    if (reader.error()) return;
    visit(item);
  }
}

template <typename VisitMember>
void each_member(JsonReader& reader, const JsonObject& in, std::string_view name,
                 VisitMember visit) {
  dom::object members;
  if (reader.error() || !in.get(name, members)) return reader.complain("an object", name);
  for (const dom::key_value_pair member : members) {
    if (reader.error()) return;
    visit(member.key, member.value);
  }
}

}  // namespace

void JsonReader::complain(std::string_view what, std::string_view name) {
  if (error_) return;
  error_ = ParseError{ParseErrc::malformed, 0,
                      "report: '" + std::string(name) + "' is not " + std::string(what)};
}

bool JsonReader::has(const JsonObject& in, std::string_view name) const {
  return !error_ && in.members.at_key(name).error() == simdjson::SUCCESS;
}

std::string JsonReader::text(const JsonObject& in, std::string_view name) {
  std::string_view text;
  if (error_ || !in.get(name, text)) complain("a text", name);
  return std::string(text);
}

std::string JsonReader::text_if_any(const JsonObject& in, std::string_view name) {
  return has(in, name) ? text(in, name) : std::string();
}

bool JsonReader::flag(const JsonObject& in, std::string_view name) {
  bool flag = false;
  if (error_ || !in.get(name, flag)) complain("true or false", name);
  return flag;
}

std::uint64_t JsonReader::number(const JsonObject& in, std::string_view name) {
  std::uint64_t number = 0;
  if (error_ || !in.get(name, number)) complain("a whole number", name);
  return number;
}

std::vector<std::string> JsonReader::texts(const JsonObject& in, std::string_view name) {
  std::vector<std::string> out;
  each(*this, in, name, [&](dom::element item) { out.push_back(as_text(*this, item, name)); });
  return out;
}

void JsonReader::object(const JsonObject& in, std::string_view name, const Visit& visit) {
  JsonObject object;
  if (error_ || !in.get(name, object.members)) return complain("an object", name);
  visit(object);
}

void JsonReader::each_object(const JsonObject& in, std::string_view name, const Visit& visit) {
  each(*this, in, name, [&](dom::element item) {
    JsonObject object;
    if (item.get(object.members) != simdjson::SUCCESS) {
      return complain("an array of objects", name);
    }
    visit(object);
  });
}

void JsonReader::each_nested(const JsonObject& in, std::string_view name, std::string_view below,
                             const Visit& enter, const std::function<void()>& leave) {
  struct Level {
    dom::array::iterator next;
    dom::array::iterator end;
  };
  std::vector<Level> stack;
  const auto descend = [&](const JsonObject& object, std::string_view array) {
    dom::array items;
    if (error_ || !object.get(array, items)) return complain("an array", array);
    stack.push_back({items.begin(), items.end()});
  };
  descend(in, name);
  while (!stack.empty() && !error_) {
    Level& top = stack.back();
    if (!(top.next != top.end)) {
      stack.pop_back();
      if (!stack.empty()) leave();
      continue;
    }
    JsonObject object;
    if ((*top.next).get(object.members) != simdjson::SUCCESS) return complain("of objects", name);
    ++top.next;
    enter(object);
    descend(object, below);
  }
}

void JsonReader::each_object_of(
    const JsonObject& in, std::string_view name,
    const std::function<void(std::string_view, const JsonObject&)>& visit) {
  each_member(*this, in, name, [&](std::string_view key, dom::element value) {
    JsonObject object;
    if (value.get(object.members) != simdjson::SUCCESS) return complain("of objects", name);
    visit(key, object);
  });
}

void JsonReader::each_number_of(const JsonObject& in, std::string_view name,
                                const std::function<void(std::string_view, std::uint64_t)>& visit) {
  each_member(*this, in, name, [&](std::string_view key, dom::element value) {
    std::uint64_t number = 0;
    if (value.get(number) != simdjson::SUCCESS) return complain("of whole numbers", name);
    visit(key, number);
  });
}

void JsonReader::groups(const JsonObject& in, std::string_view name,
                        const std::function<void(std::string, std::string)>& visit) {
  each_member(*this, in, name, [&](std::string_view key, dom::element value) {
    dom::array values;
    if (value.get(values) != simdjson::SUCCESS) {
      return visit(std::string(key), as_text(*this, value, name));
    }
    for (const dom::element item : values) visit(std::string(key), as_text(*this, item, name));
  });
}

std::optional<ParseError> visit_json(std::string_view json, const JsonReader::Visit& visit) {
  const auto error = [](ParseErrc code, std::uint64_t offset, std::string message) {
    return ParseError{code, offset, "report: " + std::move(message)};
  };
  if (json.size() > kMaxReportSize) {
    return error(ParseErrc::over_budget, kMaxReportSize, "larger than 1 GiB");
  }
  if (json.empty()) return error(ParseErrc::malformed, 0, "empty");
  dom::parser parser{kMaxReportSize};
  simdjson::error_code failure = parser.allocate(json.size(), kMaxDepth);
  dom::element root;
  if (!failure) failure = parser.parse(json.data(), json.size()).get(root);
  if (failure == simdjson::DEPTH_ERROR) {
    return error(ParseErrc::over_budget, 0, "nested deeper than 1,000");
  }
  if (failure) return error(ParseErrc::malformed, 0, simdjson::error_message(failure));
  JsonObject object;
  if (root.get(object.members) != simdjson::SUCCESS) {
    return error(ParseErrc::malformed, 0, "not a JSON object");
  }
  visit(object);
  return std::nullopt;
}

}  // namespace assay::sbom
