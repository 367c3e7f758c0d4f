#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/scan_result.h"

// The verdict of a scan as in-toto statements (in-toto Attestation Framework v1), whose
// subjects are the files by their SHA-256, and the models that verified signatures cover
// by their root digests. Each is JSON on one line, to be signed.
namespace assay::sbom {

// Predicate test-result v0.1: PASSED, WARNED (findings below the threshold, or gaps) or
// FAILED, with the rules that stayed silent, that fired, and that decided. Nothing when
// no file has a digest: a statement must be about something.
std::optional<std::string> test_result_statement(const ScanResult& result);

// Predicate svr v0.2 ("simple verification result"), which can only say what holds: of a
// scan that passed. `seconds` since 1970 is when it was made.
std::optional<std::string> svr_statement(const ScanResult& result, std::int64_t seconds);

}  // namespace assay::sbom
