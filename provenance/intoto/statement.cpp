#include "provenance/intoto/statement.h"

#include <algorithm>

#include "core/text.h"

namespace assay::provenance::intoto {
namespace {

// Takes a member that may be absent into `out`; false when it is no text.
bool take_text(const JsonValue& object, std::string_view name, std::string& out) {
  const JsonValue* value = object.find(name);
  if (!value) return true;
  const std::string* text = value->text();
  if (text) out = *text;
  return text != nullptr;
}

bool take_digests(const JsonValue& object, DigestSet& out) {
  const JsonValue* value = object.find("digest");
  if (!value) return true;
  const JsonObject* members = value->object();
  if (!members) return false;
  for (const auto& [algorithm, digest] : *members) {
    const std::string* text = digest.text();
    if (!text) return false;
    out.emplace_back(algorithm, *text);
  }
  return true;
}

bool take_subjects(const JsonValue& object, std::vector<ResourceDescriptor>& out) {
  const JsonValue* value = object.find("subject");
  const JsonArray* subjects = value ? value->array() : nullptr;
  if (!subjects) return false;
  for (const JsonValue& subject : *subjects) {
    auto descriptor = read_descriptor(subject);
    if (!descriptor) return false;
    out.push_back(std::move(*descriptor));
  }
  return true;
}

bool take_predicate(const JsonValue& object, JsonValue& out) {
  const JsonValue* value = object.find("predicate");
  if (!value) return true;
  if (value->object()) out = *value;
  return value->object() != nullptr;
}

}  // namespace

const std::string* ResourceDescriptor::find_digest(std::string_view algorithm) const {
  const auto found = std::ranges::find(digest, algorithm, &DigestSet::value_type::first);
  return found == digest.end() ? nullptr : &found->second;
}

std::optional<ResourceDescriptor> read_descriptor(const JsonValue& value) {
  ResourceDescriptor descriptor;
  if (!value.object() || !take_text(value, "name", descriptor.name) ||
      !take_text(value, "uri", descriptor.uri) || !take_digests(value, descriptor.digest)) {
    return std::nullopt;
  }
  return descriptor;
}

std::optional<Statement> parse_statement(Bytes payload, Checks& checks) {
  const auto root = parse_json(payload);
  if (!root) {
    checks.fail("statement.parse", root.error().message);
    return std::nullopt;
  }
  Statement statement;
  if (!root->object() || !take_text(*root, "_type", statement.type) ||
      !take_text(*root, "predicateType", statement.predicate_type) ||
      !take_subjects(*root, statement.subjects) || !take_predicate(*root, statement.predicate)) {
    checks.fail("statement.parse", "the payload does not have the members of a statement");
    return std::nullopt;
  }
  if (statement.type != kStatementV1 && statement.type != kStatementV01) {
    checks.fail("statement.type", "the payload is of the type '" +
                                      escaped(shortened(statement.type, 100)) +
                                      "', which is no in-toto statement");
  }
  return statement;
}

}  // namespace assay::provenance::intoto
