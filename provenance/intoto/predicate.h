#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "provenance/evidence.h"
#include "provenance/json.h"

// Kinds of claims that are recognised, but not followed further.
namespace assay::provenance::intoto {

// "spdx", "cyclonedx", "vsa", "test-result", "scai", "svr", "release" and so on; empty for
// a type that is not known.
std::string_view predicate_name(std::string_view predicate_type);

// verifier_id, verification_result, resource_uri, verified_levels of a SLSA Verification
// Summary (slsa.dev/spec/v1.0/verification_summary). A result other than PASSED is a
// warning vsa.result: the statement holds, and says that the artifact did not.
std::vector<std::pair<std::string, std::string>> read_verification_summary(
    const JsonValue& predicate, Checks& checks);

// verifier_id, result, time and each property of a test result or a simple verification
// result (in-toto attestation predicates "test-result" v0.1, "svr" v0.1 and v0.2).
std::vector<std::pair<std::string, std::string>> read_result(const JsonValue& predicate);

}  // namespace assay::provenance::intoto
