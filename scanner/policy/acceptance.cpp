#include "scanner/policy/acceptance.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/text.h"
#include "scanner/policy/evidence_words.h"
#include "scanner/provenance/known_signers.h"

namespace assay::policy {
namespace {

using provenance::Check;
using provenance::Evidence;
using provenance::Signer;
using provenance::VerifiedTime;

constexpr std::string_view kMissing = "policy.evidence-missing";
constexpr std::string_view kNotAllowed = "policy.signer-not-allowed";
constexpr std::string_view kTime = "policy.time";

std::string shown(std::string_view text) { return escaped(shortened(text, 200)); }

std::int64_t seconds_of(Date date) {
  return std::chrono::duration_cast<std::chrono::seconds>(date.time_since_epoch()).count();
}

bool has_property(const Evidence& evidence, std::string_view key, std::string_view value) {
  return std::ranges::any_of(evidence.properties, [&](const auto& property) {
    return property.first == key && property.second == value;
  });
}

// Whether it is told, and never anything but one of the values: of two sources, one that
// is wanted does not make up for the other.
bool has_only(const Evidence& evidence, std::string_view key,
              const std::vector<std::string>& wanted) {
  if (wanted.empty()) return true;
  bool is_told = false;
  for (const auto& [name, value] : evidence.properties) {
    if (name != key) continue;
    if (std::ranges::find(wanted, value) == wanted.end()) return false;
    is_told = true;
  }
  return is_told;
}

// "URI sha256:aa gitCommit:bb": no part has a blank in it.
bool is_dependency(const Evidence& evidence, const std::string& digest) {
  return std::ranges::any_of(evidence.properties, [&](const auto& property) {
    const std::string_view value = property.second;
    const std::size_t blank = value.find(' ');
    return std::ranges::find(kDependencyProperties, property.first) !=
               kDependencyProperties.end() &&
           blank != value.npos &&
           (std::string(value.substr(blank)) + " ").contains(" " + digest + " ");
  });
}

bool makes_claims(const Signer& signer, const SignerRule& rule) {
  return std::ranges::all_of(rule.claims, [&](const auto& claim) {
    return std::ranges::find(signer.claims, claim) != signer.claims.end();
  });
}

// Whether the rule speaks of this signer; claims and times apart. An identity counts
// where Sigstore's authorities vouch for it: any other certificate says what it likes.
bool names(const SignerRule& rule, const Evidence& evidence) {
  const Signer& signer = *evidence.signer;
  if (!rule.issuer.empty()) {
    return evidence.method == "sigstore" && signer.identity == rule.identity &&
           signer.issuer == rule.issuer;
  }
  if (!rule.anchor_file.empty()) {
    return evidence.method == "certificate" && !rule.pem.empty() &&
           has_property(evidence, kAnchorProperty, anchor_id(rule.pem)) &&
           (rule.identity.empty() || signer.identity == rule.identity);
  }
  return !rule.fingerprint.empty() && signer.fingerprint == rule.fingerprint;
}

std::optional<Refusal> refuse_window(const SignerRule& rule, const Evidence& evidence) {
  if (!rule.from && !rule.until) return std::nullopt;
  if (evidence.times.empty()) {
    return Refusal{kTime, shown_signer(evidence) +
                              " may sign at certain times only, and nobody vouches for when "
                              "this was"};
  }
  for (const VerifiedTime& time : evidence.times) {
    const bool early = rule.from && time.seconds < seconds_of(*rule.from);
    const bool late = rule.until && time.seconds >= seconds_of(*rule.until + std::chrono::days{1});
    if (!early && !late) continue;
    const Date border = early ? *rule.from : *rule.until;
    return Refusal{kTime, shown_signer(evidence) + " signed " + (early ? "before " : "after ") +
                              to_string(border) + ", as " + shown(time.source) + " says"};
  }
  return std::nullopt;
}

std::string missing_claim(const SignerRule& rule, const Signer& signer) {
  for (const auto& claim : rule.claims) {
    if (std::ranges::find(signer.claims, claim) == signer.claims.end()) {
      return claim.first + " is not '" + shown(claim.second) + "'";
    }
  }
  return {};
}

// The best refusal among the rule's signers: who is named but signed at the wrong time
// is told so.
std::optional<Refusal> refuse_signer(const ProvenanceRule& rule, const Evidence& evidence) {
  if (rule.signers.empty()) return std::nullopt;
  std::optional<Refusal> best;
  for (const SignerRule& signer : rule.signers) {
    if (!evidence.signer || !names(signer, evidence)) continue;
    if (!makes_claims(*evidence.signer, signer)) {
      if (!best) {
        best = Refusal{kNotAllowed,
                       shown_signer(evidence) + ": its " + missing_claim(signer, *evidence.signer)};
      }
      continue;
    }
    best = refuse_window(signer, evidence);
    if (!best) return std::nullopt;
  }
  if (best) return best;
  return Refusal{kNotAllowed, shown_signer(evidence)};
}

std::optional<Refusal> refuse_times(const ProvenanceRule& rule, const Evidence& evidence) {
  for (const std::string& source : rule.time_sources) {
    if (std::ranges::find(evidence.times, source, &VerifiedTime::source) == evidence.times.end()) {
      return Refusal{kTime, "no time of " + source};
    }
  }
  std::set<std::pair<std::string_view, std::string_view>> authorities;
  for (const VerifiedTime& time : evidence.times) authorities.emplace(time.source, time.authority);
  if (std::cmp_less(authorities.size(), rule.min_times)) {
    return Refusal{kTime, std::to_string(authorities.size()) + " of " +
                              std::to_string(rule.min_times) + " authorities vouch for the time"};
  }
  std::set<std::string_view> logs;
  for (const auto& [key, value] : evidence.properties) {
    if (key == "log_id") logs.insert(value);
  }
  if (std::cmp_less(logs.size(), rule.min_logs)) {
    return Refusal{"policy.logs", std::to_string(logs.size()) + " of " +
                                      std::to_string(rule.min_logs) + " logs have seen it"};
  }
  return std::nullopt;
}

std::string values_of(const Evidence& evidence, std::string_view key) {
  for (const auto& [name, value] : evidence.properties) {
    if (name == key) return "'" + shown(value) + "'";
  }
  return "not told";
}

std::optional<Refusal> refuse_build(const BuildRule& build, const Evidence& evidence) {
  if (!has_only(evidence, kBuilderProperty, build.builders)) {
    return Refusal{"policy.builder", "the builder is " + values_of(evidence, kBuilderProperty)};
  }
  if (!has_only(evidence, kSourceProperty, build.source_repositories)) {
    return Refusal{"policy.build-source",
                   "the repository is " + values_of(evidence, kSourceProperty)};
  }
  if (!has_only(evidence, kRefProperty, build.source_refs)) {
    return Refusal{"policy.build-source", "the ref is " + values_of(evidence, kRefProperty)};
  }
  for (const std::string& digest : build.dependencies) {
    if (!is_dependency(evidence, digest)) {
      return Refusal{"policy.build-dependency", digest};
    }
  }
  return std::nullopt;
}

// Why evidence that did not come to "verified" does not count.
Refusal refuse_state(const Evidence& evidence) {
  const std::string what = "the " + shown(evidence.kind);
  if (const Check* failure = evidence.checks.first_failure()) {
    return {kMissing, what + " is rejected: " + failure->name};
  }
  if (const Check* open = evidence.checks.first(provenance::Outcome::unknown)) {
    return {kMissing, what + " could not be checked: " + open->name};
  }
  if (!evidence.signer) return {kMissing, what + " names no signer"};
  return {kNotAllowed, shown_signer(evidence) + ", whom nobody named"};
}

bool denies(const Denial& denial, const Evidence& evidence) {
  if (denial.by == DeniedBy::sha256) return false;
  if (denial.by == DeniedBy::log_index) {
    if (!has_property(evidence, "log_index", denial.value)) return false;
  } else if (!evidence.signer) {
    return false;
  } else if (denial.by == DeniedBy::fingerprint) {
    if (evidence.signer->fingerprint != denial.value) return false;
  } else if (evidence.signer->identity != denial.value ||
             (!denial.issuer.empty() && evidence.signer->issuer != denial.issuer)) {
    return false;
  }
  if (!denial.since || evidence.times.empty()) return true;
  const std::int64_t since = seconds_of(*denial.since);
  return std::ranges::any_of(evidence.times,
                             [&](const VerifiedTime& time) { return time.seconds >= since; });
}

}  // namespace

std::string shown_signer(const Evidence& evidence) {
  if (!evidence.signer) return "nobody";
  const Signer& signer = *evidence.signer;
  if (signer.identity.empty()) return "the key sha256:" + shown(signer.fingerprint);
  std::string text = "'" + shown(signer.identity) + "'";
  if (!signer.issuer.empty()) text += " of '" + shown(signer.issuer) + "'";
  if (evidence.method != "sigstore") text += " with the key sha256:" + shown(signer.fingerprint);
  return text;
}

std::optional<Refusal> refuse(const Evidence& evidence, std::string_view word,
                              const ProvenanceRule& rule) {
  const std::string_view state = evidence.state();
  if (proof_of(word) == Proof::integrity) {
    if (state == "matches" || state == "signed" || state == "verified") return std::nullopt;
    return refuse_state(evidence);
  }
  if (state != "verified") return refuse_state(evidence);
  if (auto refusal = refuse_signer(rule, evidence)) return refusal;
  if (auto refusal = refuse_times(rule, evidence)) return refusal;
  return evidence.kind == "slsa" ? refuse_build(rule.build, evidence) : std::nullopt;
}

const Denial* denial_of(const Evidence& evidence, const std::vector<Denial>& denials) {
  for (const Denial& denial : denials) {
    if (denies(denial, evidence)) return &denial;
  }
  return nullptr;
}

}  // namespace assay::policy
