#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/error.h"
#include "provenance/sigstore/artifact_digests.h"

namespace assay::provenance {

// One thing that a statement is about: digests in hex by the name of the algorithm.
struct StatementSubject {
  std::string name;
  std::vector<std::pair<std::string, std::string>> digests;
};

// An in-toto Statement (v0.1, v1) without its predicate.
struct Statement {
  std::string type;
  std::string predicate_type;
  std::vector<StatementSubject> subjects;
};

// `malformed`: no JSON object of that form. Any `type` is read.
Parsed<Statement> parse_statement(Bytes payload);

bool is_statement_type(std::string_view type);

enum class SubjectMatch : std::uint8_t {
  same,           // the digests of a subject that can be compared all agree
  different,      // no subject agrees
  not_comparable  // there are subjects, but no digest of a kind that is known of the artifact
};
SubjectMatch match_subjects(const Statement& statement, const ArtifactDigests& artifact);

}  // namespace assay::provenance
