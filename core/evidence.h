#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::provenance {

enum class Outcome : std::uint8_t {
  passed,
  failed,   // the evidence must be rejected
  warned,   // odd, but the evidence stands; strict verification rejects it
  unknown,  // could not be carried out: what it needs is not here
};
std::string_view to_string(Outcome outcome);

// One step of a verification. `name` is the class a failure has, in dotted words
// that stay the same: "tlog.set", "cert.chain", "policy.identity".
struct Check {
  std::string name;
  Outcome outcome = Outcome::passed;
  std::string message;  // one sentence; text from files in it is escaped
  bool operator==(const Check&) const = default;
};

// All steps in the order they were made. Every step that still can be made is
// made, so that "right signer, wrong file" is told from "wrong signer".
class Checks {
 public:
  void pass(std::string_view name, std::string message = {});
  void fail(std::string_view name, std::string message);
  void warn(std::string_view name, std::string message);
  void cannot(std::string_view name, std::string message);
  void append(const Checks& others);

  const std::vector<Check>& list() const { return list_; }
  // The class of the verdict; null when nothing failed.
  const Check* first_failure() const { return first(Outcome::failed); }
  const Check* first(Outcome outcome) const;
  // As it crosses a wire.
  std::vector<Check>& items() { return list_; }
  bool operator==(const Checks&) const = default;
  bool has(Outcome outcome) const { return first(outcome) != nullptr; }

 private:
  std::vector<Check> list_;
};

// A moment that somebody other than the signer vouches for.
struct VerifiedTime {
  std::string source;        // "rekor", "rfc3161"
  std::string authority;     // base URL or URI, of the trusted root
  std::int64_t seconds = 0;  // since 1970-01-01T00:00:00Z
  bool operator==(const VerifiedTime&) const = default;
};

// Who signed, as far as the cryptography goes. All text is from the certificate
// or the key, and unescaped.
struct Signer {
  std::string identity;     // the subject alternative name; empty for a bare key
  std::string issuer;       // who vouches for the identity: the OIDC issuer
  std::string fingerprint;  // SHA-256 of the SubjectPublicKeyInfo, lower-case hex
  // Further claims: Fulcio's extensions by name ("source_repository_uri", ...).
  std::vector<std::pair<std::string, std::string>> claims;
  bool operator==(const Signer&) const = default;
};

// How one file stands to a manifest.
enum class CoverageState : std::uint8_t {
  covered,              // listed, present, same content
  changed,              // listed, present, other content
  missing,              // listed, absent
  extra,                // present, not listed
  excluded_by_signer,   // present; the signed ignore list names it
  excluded_by_default,  // present; the specification leaves it out (.git, ...)
  excluded_by_user,     // present; the verifier asked for it to be ignored
  not_covered,          // present; the method cannot see it (empty files in shards)
  weights_absent,       // a pointer stands where the content should
};
std::string_view to_string(CoverageState state);

struct Coverage {
  std::string path;  // relative to the model, '/' between components
  CoverageState state = CoverageState::covered;
  bool operator==(const Coverage&) const = default;
};

// What one signature, listing or attestation says and how far it holds.
struct Evidence {
  std::string kind;    // "sigstore-bundle", "oms", "hub-listing", "git-commit", "slsa" ...
  std::string method;  // "sigstore", "key", "certificate", "openpgp", "ssh", "listing"
  Checks checks;
  std::optional<Signer> signer;
  bool signer_checked = false;  // against a policy, a given key or a given anchor
  std::vector<VerifiedTime> times;
  std::vector<Coverage> coverage;  // ordered by path
  // What else a reader wants to know: "log_index", "predicate_type", "builder_id" ...
  std::vector<std::pair<std::string, std::string>> properties;

  // "rejected", "unchecked" (something could not be carried out), "signed" (signer
  // not checked), "verified"; for evidence without a signer "matches".
  std::string_view state() const;
  bool operator==(const Evidence&) const = default;
};

// The words of to_string() back to what they stand for; false for another word.
bool coverage_state_from(std::string_view word, CoverageState& state);
bool outcome_from(std::string_view word, Outcome& outcome);

}  // namespace assay::provenance
