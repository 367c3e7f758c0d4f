#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "provenance/evidence.h"
#include "provenance/json.h"

// A claim about artifacts (in-toto Attestation Framework, "Statement").
namespace assay::provenance::intoto {

inline constexpr std::string_view kStatementV1 = "https://in-toto.io/Statement/v1";
inline constexpr std::string_view kStatementV01 = "https://in-toto.io/Statement/v0.1";

// Digests by the name of their algorithm ("sha256", "gitCommit"), lower-case hex as a rule.
using DigestSet = std::vector<std::pair<std::string, std::string>>;

// An artifact: what a statement is about, or what something was made from
// ("ResourceDescriptor"; of it name, uri and digest).
struct ResourceDescriptor {
  std::string name;
  std::string uri;
  DigestSet digest;

  // Null when there is none by that algorithm.
  const std::string* find_digest(std::string_view algorithm) const;
  bool operator==(const ResourceDescriptor&) const = default;
};

// The descriptor that `value` spells; nothing when a member has the wrong type.
std::optional<ResourceDescriptor> read_descriptor(const JsonValue& value);

struct Statement {
  std::string type;  // `_type`
  std::vector<ResourceDescriptor> subjects;
  std::string predicate_type;
  JsonValue predicate;  // an object, or null when there is none
};

// The statement in `payload`. Nothing, with a failure statement.parse, when it is none.
// A `_type` other than the two above is a failure statement.type, and is still read.
std::optional<Statement> parse_statement(Bytes payload, Checks& checks);

}  // namespace assay::provenance::intoto
