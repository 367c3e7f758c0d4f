#include <algorithm>
#include <array>

#include "core/text.h"
#include "provenance/crypto/certificate.h"
#include "scanner/policy/evidence_words.h"
#include "scanner/policy/policy.h"
#include "scanner/policy/table_reader.h"

namespace assay::policy {
namespace {

constexpr std::size_t kMaxEntries = 1000;
constexpr std::size_t kMaxSigners = 100;
constexpr std::size_t kMaxPatternSize = 1000;
constexpr std::string_view kSuppressionRule = "POL-SUPP-001";

// What nobody signs, and nothing loads: git's own files and the downloader's notes.
constexpr std::array kUsuallyUncovered{".git/**", ".gitattributes", ".gitignore",
                                       ".cache/huggingface/**"};

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

// A SHA-256 in lower-case hex, "sha256:" in front of it or not.
std::string sha256_in(TableReader& in, std::string_view key) {
  std::string text = in.text(key);
  if (text.starts_with("sha256:")) text.erase(0, 7);
  if (!text.empty() && !is_sha256(text)) {
    in.complain("'" + std::string(key) + "': expected a SHA-256, 64 digits of lower-case hex");
  }
  return text;
}

std::vector<std::string> patterns_in(TableReader& in, std::string_view key) {
  std::vector<std::string> patterns = in.texts(key);
  for (const std::string& pattern : patterns) {
    if (pattern.size() > kMaxPatternSize || pattern.front() == '/' || pattern.starts_with("./")) {
      in.complain("'" + std::string(key) +
                  "': expected patterns relative to the source, at most 1,000 bytes long");
    }
  }
  return patterns;
}

bool is_rule_id(std::string_view id) {
  return std::ranges::count(id, '-') == 2 && id.find_first_of("*? ") == id.npos;
}

Suppression read_suppression(TableReader& in) {
  Suppression out{.rule = in.required_text("rule"),
                  .path = in.required_text("path"),
                  .sha256 = sha256_in(in, "sha256"),
                  .reason = in.required_text("reason"),
                  .expires = {}};
  if (!in.has("expires")) in.complain("[[suppress]] has no 'expires': a date like 2027-03-01");
  out.expires = in.date("expires").value_or(Date{});
  if (!is_rule_id(out.rule)) in.complain("'rule': expected the id of one rule, like PKL-EXEC-001");
  if (out.rule == kSuppressionRule) in.complain("'rule': " + out.rule + " cannot be suppressed");
  if (out.path.size() > kMaxPatternSize) in.complain("'path': at most 1,000 bytes");
  in.finish();
  return out;
}

void check_claims(const SignerRule& signer, TableReader& in) {
  if (signer.claims.empty()) return;
  if (signer.issuer.empty()) in.complain("'claims' go with 'identity' and 'issuer'");
  for (const auto& [name, value] : signer.claims) {
    if (!provenance::is_claim_name(name)) {
      in.complain("'claims': certificates make no claim of the name '" +
                  escaped(shortened(name, 60)) + "'; see docs/policy.md");
    }
  }
}

void check_signer(const SignerRule& signer, TableReader& in) {
  const int ways = int{!signer.issuer.empty()} + int{!signer.fingerprint.empty()} +
                   int{!signer.key_file.empty()} + int{!signer.anchor_file.empty()};
  if (ways != 1) {
    in.complain(
        "[[signer]] expected exactly one of 'identity' with 'issuer', 'fingerprint', 'key' and "
        "'anchor'");
  }
  const bool may_have_identity = !signer.issuer.empty() || !signer.anchor_file.empty();
  if (!signer.identity.empty() && !may_have_identity) in.complain("'identity' has no 'issuer'");
  if (!signer.issuer.empty() && signer.identity.empty()) in.complain("'issuer' has no 'identity'");
  if (signer.from && signer.until && *signer.from > *signer.until) {
    in.complain("'until' is before 'from'");
  }
}

SignerRule read_signer(TableReader& in) {
  SignerRule out;
  out.identity = in.text("identity");
  out.issuer = in.text("issuer");
  out.fingerprint = sha256_in(in, "fingerprint");
  out.key_file = in.text("key");
  out.anchor_file = in.text("anchor");
  out.claims = in.text_table("claims");
  out.from = in.date("from");
  out.until = in.date("until");
  check_signer(out, in);
  check_claims(out, in);
  in.finish();
  return out;
}

BuildRule read_build(TableReader& in) {
  BuildRule out{.builders = in.texts("builder"),
                .source_repositories = in.texts("source_repository"),
                .source_refs = in.texts("source_ref"),
                .dependencies = in.texts("dependencies")};
  for (const std::string& digest : out.dependencies) {
    if (!digest.starts_with("sha256:") || !is_sha256(std::string_view(digest).substr(7))) {
      in.complain("'dependencies': expected digests like \"sha256:\" and 64 digits of hex");
    }
  }
  return out;
}

std::vector<std::string> evidence_in(TableReader& in, std::string_view key) {
  std::vector<std::string> words = in.texts(key);
  for (const std::string& word : words) {
    if (is_evidence_word(word)) continue;
    in.complain("'" + std::string(key) + "': unknown evidence '" + escaped(shortened(word, 60)) +
                "'; expected " + evidence_words());
  }
  return words;
}

// What an entry says of signatures must have one to speak of.
void check_demands(const ProvenanceRule& rule, TableReader& in) {
  const auto asks = [&](auto holds) {
    return std::ranges::any_of(rule.require, holds) || std::ranges::any_of(rule.require_any, holds);
  };
  if (rule.require.empty() && rule.require_any.empty()) {
    in.complain("[[provenance]] expected 'require' or 'require_any'");
  }
  const bool has_signature =
      asks([](const std::string& word) { return proof_of(word) == Proof::signer; });
  const bool speaks_of_signature = !rule.signers.empty() || !rule.time_sources.empty() ||
                                   rule.min_times > 0 || rule.min_logs > 0;
  if (speaks_of_signature && !has_signature) {
    in.complain("[[provenance]] says who or when, but requires nothing that is signed");
  }
  const bool has_slsa = asks([](const std::string& word) { return word == "slsa"; });
  if (!rule.build.is_empty() && !has_slsa) {
    in.complain("[[provenance]] speaks of builds, but does not require \"slsa\"");
  }
}

ProvenanceRule read_provenance(TableReader& in) {
  ProvenanceRule out;
  out.name = in.text("name");
  out.paths = patterns_in(in, "path");
  out.repositories = patterns_in(in, "repository");
  out.require = evidence_in(in, "require");
  out.require_any = evidence_in(in, "require_any");
  for (TableReader& signer : in.tables("signer", kMaxSigners)) {
    out.signers.push_back(read_signer(signer));
    in.adopt(signer);
  }
  out.build = read_build(in);
  out.time_sources = in.texts("time_sources");
  for (const std::string& source : out.time_sources) {
    if (source != "rekor" && source != "rfc3161") {
      in.complain("'time_sources': expected \"rekor\" or \"rfc3161\"");
    }
  }
  out.min_times = in.integer("min_times", 1, 32).value_or(0);
  out.min_logs = in.integer("min_logs", 1, 32).value_or(0);
  if (in.has("may_be_uncovered")) {
    out.may_be_uncovered = patterns_in(in, "may_be_uncovered");
  } else {
    out.may_be_uncovered.assign(kUsuallyUncovered.begin(), kUsuallyUncovered.end());
  }
  check_demands(out, in);
  in.finish();
  return out;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 19 && text.find_first_not_of("0123456789") == text.npos;
}

Denial read_denial(TableReader& in) {
  Denial out;
  const std::array ways{std::pair{DeniedBy::identity, in.text("identity")},
                        std::pair{DeniedBy::fingerprint, sha256_in(in, "fingerprint")},
                        std::pair{DeniedBy::log_index, in.text("log_index")},
                        std::pair{DeniedBy::sha256, sha256_in(in, "sha256")}};
  int given = 0;
  for (const auto& [by, value] : ways) {
    if (value.empty()) continue;
    ++given;
    out.by = by;
    out.value = value;
  }
  if (given != 1) {
    in.complain(
        "[[deny]] expected exactly one of 'identity', 'fingerprint', 'log_index' and 'sha256'");
  }
  if (out.by == DeniedBy::log_index && !is_number(out.value)) {
    in.complain("'log_index': expected a decimal number in quotes");
  }
  out.issuer = in.text("issuer");
  if (!out.issuer.empty() && out.by != DeniedBy::identity) {
    in.complain("'issuer' goes with 'identity'");
  }
  out.reason = in.required_text("reason");
  out.since = in.date("since");
  if (out.since && out.by == DeniedBy::sha256) {
    in.complain("'since': a file's content has no date; leave it out");
  }
  in.finish();
  return out;
}

template <typename T>
void read_all(TableReader& in, std::string_view key, T (*read)(TableReader&), std::vector<T>& out) {
  for (TableReader& table : in.tables(key, kMaxEntries)) {
    out.push_back(read(table));
    in.adopt(table);
  }
}

std::optional<FailOn> read_fail_on(TableReader& in) {
  if (!in.has("fail_on")) return std::nullopt;
  const std::string word = in.text("fail_on");
  Severity severity{};
  if (word == "none") return FailOn{};
  if (severity_from(word, severity) && severity != Severity::info) return FailOn{severity};
  in.complain("'fail_on': expected \"none\", \"low\", \"medium\", \"high\" or \"critical\"");
  return std::nullopt;
}

}  // namespace

Parsed<Policy> read_policy(std::string_view text) {
  const auto document = parse_toml(text);
  if (!document) return std::unexpected(document.error());
  TableReader in(*document, "the policy");
  if (!in.has("version")) in.complain("the policy has no 'version'; expected version = 1");
  in.integer("version", 1, 1);
  Policy policy;
  policy.fail_on = read_fail_on(in);
  policy.allow_incomplete = in.flag("allow_incomplete");
  policy.max_trust_root_age_days = in.integer("max_trust_root_age_days", 1, 36'500);
  read_all(in, "suppress", read_suppression, policy.suppressions);
  read_all(in, "provenance", read_provenance, policy.provenance);
  read_all(in, "deny", read_denial, policy.denials);
  in.finish();
  if (in.error()) return std::unexpected(*in.error());
  return policy;
}

}  // namespace assay::policy
