#include "provenance/intoto/verify.h"

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "provenance/git/name_tally.h"
#include "provenance/intoto/predicate.h"
#include "provenance/oms/signature.h"
#include "provenance/oms/verify.h"
#include "provenance/sigstore/artifact_digests.h"

namespace assay::provenance::intoto {
namespace {

// A bundle, or what an envelope without one is as a bundle.
struct Attestation {
  Bundle bundle;
  bool is_bare = false;
};

std::optional<ByteString> bytes_of(const JsonValue& object, std::string_view name) {
  const JsonValue* value = object.find(name);
  if (!value || !value->text()) return std::nullopt;
  auto bytes = from_base64(*value->text());
  if (!bytes) return std::nullopt;
  return std::move(*bytes);
}

// DSSE v1, "Envelope". One signature, as in a bundle.
std::optional<DsseEnvelope> read_envelope(const JsonValue& object) {
  DsseEnvelope envelope;
  const JsonValue* type = object.find("payloadType");
  const JsonValue* signatures = object.find("signatures");
  auto payload = bytes_of(object, "payload");
  if (!type || !type->text() || !payload || !signatures || !signatures->array() ||
      signatures->array()->size() != 1) {
    return std::nullopt;
  }
  auto sig = bytes_of(signatures->array()->front(), "sig");
  if (!sig) return std::nullopt;
  envelope.payload_type = *type->text();
  envelope.payload = std::move(*payload);
  envelope.signatures.push_back({std::move(*sig), {}});
  return envelope;
}

std::optional<Attestation> read_attestation(Bytes document, Checks& checks) {
  const auto json = parse_json(document, kMaxBundleSize);
  if (json && json->find("payloadType")) {
    auto envelope = read_envelope(*json);
    if (envelope) {
      Bundle bundle;
      bundle.material.kind = MaterialKind::public_key;
      bundle.envelope = std::move(*envelope);
      return Attestation{std::move(bundle), true};
    }
    checks.fail("envelope.parse", "no envelope of one signature");
    return std::nullopt;
  }
  auto bundle = parse_bundle(document, checks);
  if (!bundle) return std::nullopt;
  if (!bundle->envelope) {
    checks.fail("bundle.parse", "the bundle has no envelope");
    return std::nullopt;
  }
  return Attestation{std::move(*bundle), false};
}

void verify_bare(const Attestation& attestation, const AttestationVerification& how,
                 Evidence& evidence) {
  evidence.method = "key";
  if (!how.key) {
    return evidence.checks.cannot("key.missing",
                                  "an envelope is verified with a key that is given");
  }
  evidence.signer = Signer{.fingerprint = how.key->fingerprint()};
  evidence.signer_checked = true;
  oms::check_envelope_signature(*attestation.bundle.envelope, *how.key, evidence.checks);
}

// With the log where there is one, by a bare key or certificate otherwise.
void verify_signer(const Bundle& bundle, const AttestationVerification& how, Evidence& evidence) {
  if (bundle.log_entries.empty() || !how.anchors.empty()) {
    const oms::OmsVerification signer{.key = how.key,
                                      .anchors = how.anchors,
                                      .seconds = how.seconds,
                                      .root = how.root,
                                      .identity = how.identity};
    return oms::verify_signer(bundle, signer, evidence);
  }
  Evidence signer = verify_bundle(
      bundle, {.root = how.root, .identity = how.identity, .key = how.key, .artifact = {}});
  signer.coverage = std::move(evidence.coverage);
  evidence = std::move(signer);
}

enum class Match : std::uint8_t { same, other, unknown };

// Whether the file is the subject: all digests that both have agree.
Match match(const ResourceDescriptor& subject, const AttestedFile& file) {
  bool any = false;
  for (const auto& [algorithm, digest] : subject.digest) {
    const auto hash = sha2_of(algorithm);
    const auto known = hash ? file.digests.find(*hash) : file.digests.end();
    if (known == file.digests.end()) continue;
    if (hex(known->second) != digest) return Match::other;
    any = true;
  }
  return any ? Match::same : Match::unknown;
}

void compare(const Statement& statement, const std::vector<AttestedFile>& files,
             Evidence& evidence) {
  NameTally changed, missing;
  std::map<std::string, CoverageState> states;
  bool unknown = false;
  for (const ResourceDescriptor& subject : statement.subjects) {
    bool found = false;
    for (const AttestedFile& file : files) {
      const Match how = match(subject, file);
      if (how == Match::same) {
        states[file.path] = CoverageState::covered;
        found = true;
      } else if (file.path == subject.name && how == Match::other) {
        states.try_emplace(file.path, CoverageState::changed);
      }
      unknown = unknown || (how == Match::unknown && file.path == subject.name);
    }
    if (!found) missing.add(subject.name);
  }
  for (const auto& [path, state] : states) {
    if (state == CoverageState::changed) changed.add(path);
    evidence.coverage.push_back({path, state});
  }
  Checks& checks = evidence.checks;
  if (!changed.empty()) {
    checks.fail("artifact.digest", "the statement is about other content: " + changed.text());
  } else if (!states.empty()) {
    checks.pass("artifact.digest");
  } else if (unknown) {
    checks.cannot("artifact.digest", "the statement has no digest of a kind that is compared");
  } else {
    checks.fail("artifact.digest", "no file is what the statement is about: " + missing.text());
  }
}

void reject_warnings(Checks& checks) {
  const std::vector<Check> all = checks.list();
  for (const Check& check : all) {
    if (check.outcome == Outcome::warned) checks.fail(check.name, check.message);
  }
}

}  // namespace

std::vector<Bytes> split_attestations(Bytes document) {
  std::vector<Bytes> all;
  if (parse_json(document, kMaxBundleSize)) return {document};
  std::string_view text = as_text(document);
  while (!text.empty() && all.size() < kMaxAttestations) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) all.push_back(as_bytes(line));
  }
  return all;
}

std::optional<Statement> unverified_statement(Bytes document) {
  Checks ignored;
  const auto attestation = read_attestation(document, ignored);
  if (!attestation) return std::nullopt;
  return parse_statement(attestation->bundle.envelope->payload, ignored);
}

std::vector<HashKind> hashes_of(const Statement& statement) {
  std::vector<HashKind> hashes;
  for (const ResourceDescriptor& subject : statement.subjects) {
    for (const auto& [algorithm, digest] : subject.digest) {
      const auto hash = sha2_of(algorithm);
      if (hash && std::ranges::find(hashes, *hash) == hashes.end()) hashes.push_back(*hash);
    }
  }
  return hashes;
}

Evidence verify_attestation(Bytes document, const std::vector<AttestedFile>& files,
                            const AttestationVerification& how) {
  Evidence evidence{.kind = "in-toto"};
  const auto attestation = read_attestation(document, evidence.checks);
  if (!attestation) return evidence;
  if (attestation->is_bare) {
    verify_bare(*attestation, how, evidence);
  } else {
    verify_signer(attestation->bundle, how, evidence);
  }
  evidence.kind = "in-toto";
  oms::check_payload_type(*attestation->bundle.envelope, evidence.checks);
  const auto statement = parse_statement(attestation->bundle.envelope->payload, evidence.checks);
  if (!statement) return evidence;
  if (is_slsa(statement->predicate_type)) evidence.kind = "slsa";
  tell_predicate(*statement, evidence);
  compare(*statement, files, evidence);
  if (how.strict) reject_warnings(evidence.checks);
  return evidence;
}

}  // namespace assay::provenance::intoto
