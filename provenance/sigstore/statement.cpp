#include "provenance/sigstore/statement.h"

#include <algorithm>

#include "provenance/json.h"

namespace assay::provenance {
namespace {

constexpr std::size_t kMaxStatementSize = 64U << 20;

std::unexpected<ParseError> malformed(std::string message) {
  return fail(ParseErrc::malformed, 0, "statement: " + std::move(message));
}

const std::string* text_of(const JsonValue& object, std::string_view name) {
  const JsonValue* value = object.find(name);
  return value ? value->text() : nullptr;
}

std::optional<StatementSubject> subject_of(const JsonValue& value) {
  const JsonValue* digest = value.find("digest");
  if (!digest || !digest->object()) return std::nullopt;
  StatementSubject subject;
  if (const std::string* name = text_of(value, "name")) subject.name = *name;
  for (const auto& [algorithm, content] : *digest->object()) {
    if (!content.text()) return std::nullopt;
    subject.digests.emplace_back(algorithm, *content.text());
  }
  return subject;
}

SubjectMatch match(const StatementSubject& subject, const ArtifactDigests& artifact) {
  SubjectMatch result = SubjectMatch::not_comparable;
  for (const auto& [algorithm, text] : subject.digests) {
    const auto kind = sha2_of(algorithm);
    const auto known = kind ? artifact.digest(*kind) : std::nullopt;
    if (!known) continue;
    const auto digest = from_hex(text);
    if (!digest || *digest != *known) return SubjectMatch::different;
    result = SubjectMatch::same;
  }
  return result;
}

}  // namespace

Parsed<Statement> parse_statement(Bytes payload) {
  const auto root = parse_json(payload, kMaxStatementSize);
  if (!root) return std::unexpected(root.error());
  if (!root->object()) return malformed("an object was expected");
  Statement statement;
  if (const std::string* type = text_of(*root, "_type")) statement.type = *type;
  if (const std::string* type = text_of(*root, "predicateType")) statement.predicate_type = *type;
  const JsonValue* subjects = root->find("subject");
  if (!subjects) return statement;
  if (!subjects->array()) return malformed("the subjects are no list");
  for (const JsonValue& value : *subjects->array()) {
    auto subject = subject_of(value);
    if (!subject) return malformed("a subject without digests");
    statement.subjects.push_back(std::move(*subject));
  }
  return statement;
}

bool is_statement_type(std::string_view type) {
  return type == "https://in-toto.io/Statement/v0.1" || type == "https://in-toto.io/Statement/v1";
}

SubjectMatch match_subjects(const Statement& statement, const ArtifactDigests& artifact) {
  bool compared = statement.subjects.empty();
  for (const StatementSubject& subject : statement.subjects) {
    const SubjectMatch result = match(subject, artifact);
    if (result == SubjectMatch::same) return result;
    compared = compared || result == SubjectMatch::different;
  }
  return compared ? SubjectMatch::different : SubjectMatch::not_comparable;
}

}  // namespace assay::provenance
