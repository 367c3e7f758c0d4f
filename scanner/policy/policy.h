#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/finding.h"
#include "scanner/policy/toml_document.h"
#include "scanner/provenance/known_signers.h"

// What a user demands of a scan, as docs/policy.md has it.
namespace assay::policy {

// [[suppress]]: findings that were looked at and are set aside until a day.
struct Suppression {
  std::string rule;
  std::string path;    // a pattern
  std::string sha256;  // of the file or member; empty: of any content
  std::string reason;
  Date expires;  // the last day it counts
};

// [[provenance.signer]]: one who may sign. Exactly one of identity (with issuer),
// fingerprint, key and anchor says who; beside an anchor an identity may stand.
struct SignerRule {
  std::string identity;
  std::string issuer;
  std::string fingerprint;  // SHA-256 of the SubjectPublicKeyInfo, lower-case hex
  std::string key_file;     // named relative to the policy
  std::string anchor_file;
  std::string pem;  // what the file holds; load_policy() fills it
  std::vector<std::pair<std::string, std::string>> claims;
  std::optional<Date> from;   // the first day
  std::optional<Date> until;  // the last day
};

// What an entry demands of builds (SLSA provenance). Empty lists demand nothing.
struct BuildRule {
  std::vector<std::string> builders;
  std::vector<std::string> source_repositories;
  std::vector<std::string> source_refs;
  std::vector<std::string> dependencies;  // "sha256:<hex>", each of them

  bool is_empty() const {
    return builders.empty() && source_repositories.empty() && source_refs.empty() &&
           dependencies.empty();
  }
};

// [[provenance]]: what the files that fit must have. Every entry that fits counts.
struct ProvenanceRule {
  std::string name;  // for people
  std::vector<std::string> paths;
  std::vector<std::string> repositories;
  std::vector<std::string> require;      // all of these kinds
  std::vector<std::string> require_any;  // and one of these
  std::vector<SignerRule> signers;
  BuildRule build;
  std::vector<std::string> time_sources;  // all of "rekor", "rfc3161"
  std::int64_t min_times = 0;             // authorities that vouch for the time
  std::int64_t min_logs = 0;
  std::vector<std::string> may_be_uncovered;
};

enum class DeniedBy : std::uint8_t { identity, fingerprint, log_index, sha256 };

// [[deny]]: never to be accepted.
struct Denial {
  DeniedBy by = DeniedBy::identity;
  std::string value;
  std::string issuer;  // beside an identity; empty: of any issuer
  std::string reason;
  std::optional<Date> since;  // signatures that are proven older are not meant
};

// "none", or a severity.
struct FailOn {
  std::optional<Severity> severity;
};

struct Policy {
  std::optional<FailOn> fail_on;
  bool allow_incomplete = false;
  std::optional<std::int64_t> max_trust_root_age_days;
  std::vector<Suppression> suppressions;
  std::vector<ProvenanceRule> provenance;
  std::vector<Denial> denials;
};

// The policy in `text`. Fails with "line N: what is wrong, what was expected" on unknown
// keys, wrong types, empty patterns and everything that could never hold. Reads no file:
// SignerRule::pem stays empty.
Parsed<Policy> read_policy(std::string_view text);

// Reads the policy `file` and the PEM files it names, which must hold a key, or
// certificates. A key's fingerprint is filled in.
Parsed<Policy> load_policy(const std::string& file);

// What `assay policy init` prints: a policy that demands nothing and shows everything.
std::string_view policy_template();

// Whether an entry concerns this repository; one that names none concerns all. Without a
// name to compare, it does: what is unknown is not let off.
bool concerns_repository(const ProvenanceRule& rule, const std::optional<std::string>& repository);

// Whom the entries that concern `repository` name, each once.
KnownSigners known_signers(const Policy& policy, const std::optional<std::string>& repository);

}  // namespace assay::policy
