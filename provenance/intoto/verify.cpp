#include "provenance/intoto/verify.h"

#include <algorithm>
#include <string>
#include <utility>

#include "provenance/dsse.h"
#include "provenance/intoto/document.h"
#include "provenance/intoto/predicate.h"
#include "provenance/intoto/slsa.h"
#include "provenance/intoto/statement.h"
#include "provenance/oms/signature.h"
#include "provenance/oms/verify.h"

namespace assay::provenance::intoto {
namespace {

void pass_or_fail(bool good, std::string_view name, std::string message, Checks& checks) {
  good ? checks.pass(name) : checks.fail(name, std::move(message));
}

// Of one attestation; what is asked for outlives it.
class AttestationVerifier {
 public:
  AttestationVerifier(std::span<const NamedArtifact> files, const AttestationVerification& how)
      : files_(files), how_(how) {
    evidence_.kind = "in-toto";
  }

  Evidence run(const Attestation& attestation) {
    checks().append(attestation.checks);
    if (attestation.form == AttestationForm::bundle) verify_as_bundle(attestation.value);
    if (attestation.form == AttestationForm::envelope) verify_as_envelope(attestation.value);
    if (how_.strict) reject_warnings();
    return std::move(evidence_);
  }

  Evidence run(const Bundle& bundle) {
    verify_as_bundle(bundle);
    if (how_.strict) reject_warnings();
    return std::move(evidence_);
  }

 private:
  Checks& checks() { return evidence_.checks; }
  void property(std::string_view name, std::string value) {
    evidence_.properties.emplace_back(name, std::move(value));
  }

  void verify_as_bundle(const JsonValue& value) {
    const auto bundle = parse_bundle(value, checks());
    if (bundle) verify_as_bundle(*bundle);
  }

  void verify_as_bundle(const Bundle& bundle) {
    BundleVerification how{.root = how_.root,
                           .identity = how_.identity,
                           .key = how_.key,
                           .artifact = {},
                           .allow_legacy_v01 = how_.allow_legacy_v01,
                           .allow_unlogged_key = true};
    if (bundle.envelope) {
      if (is_by_own_chain(bundle)) {
        verify_chained(bundle);
      } else {
        evidence_ = verify_bundle(bundle, how);
      }
      evidence_.kind = "in-toto";
      check_statement(*bundle.envelope);
    } else {
      verify_message(bundle, how);
    }
  }

  // By a certificate that is no log's business: its chain leads to given anchors.
  bool is_by_own_chain(const Bundle& bundle) const {
    return !how_.anchors.empty() ||
           (bundle.log_entries.empty() && bundle.material.kind == MaterialKind::certificate_chain);
  }

  void verify_chained(const Bundle& bundle) {
    oms::verify_signer(bundle,
                       {.key = how_.key,
                        .anchors = how_.anchors,
                        .seconds = how_.seconds,
                        .root = how_.root,
                        .identity = how_.identity},
                       evidence_);
    oms::check_payload_type(*bundle.envelope, checks());
  }

  // A bundle over one file: the one of the digest it names.
  void verify_message(const Bundle& bundle, BundleVerification& how) {
    const MessageSignature& message = *bundle.message_signature;
    const auto hash = sha2_of(message.digest_algorithm);
    const auto found = std::ranges::find_if(files_, [&](const NamedArtifact& file) {
      return hash && file.digests.digest(*hash) == message.digest;
    });
    if (found != files_.end()) how.artifact = found->digests;
    evidence_ = verify_bundle(bundle, how);
    if (found != files_.end()) {
      evidence_.coverage = {{found->path, CoverageState::covered}};
    } else if (hash && !files_.empty()) {
      checks().fail("artifact.digest", "the bundle is over none of the files");
    }
  }

  void verify_as_envelope(const JsonValue& value) {
    evidence_.method = "key";
    const auto envelope = parse_envelope(value, checks());
    if (!envelope) return;
    property("payload_type", envelope->payload_type);
    check_signatures(*envelope);
    if (envelope->payload_type == kInTotoPayloadType) {
      checks().pass("dsse.payload-type");
      check_statement(*envelope);
    } else {
      checks().fail("dsse.payload-type", "the payload is no in-toto statement");
    }
  }

  void check_signatures(const DsseEnvelope& envelope) {
    constexpr std::string_view kClass = "signature.dsse";
    if (!how_.key) {
      return checks().cannot(kClass, "a bare envelope is checked with a key, and none was given");
    }
    const ByteString encoding =
        pre_authentication_encoding(envelope.payload_type, envelope.payload);
    const bool good =
        std::ranges::any_of(envelope.signatures, [&](const EnvelopeSignature& signature) {
          return how_.key->verify(encoding, signature.sig);
        });
    pass_or_fail(good, kClass, "no signature of the envelope is by the key", checks());
    if (good) evidence_.signer = Signer{.fingerprint = how_.key->fingerprint()};
    evidence_.signer_checked = good;
    if (envelope.signatures.size() > 1) {
      checks().warn("dsse.signatures", "the envelope has further signatures, not checked");
    }
  }

  void check_statement(const DsseEnvelope& envelope) {
    if (envelope.payload_type != kInTotoPayloadType) return;
    Checks found;
    const auto statement = parse_statement(envelope.payload, found);
    for (const Check& check : found.list()) {  // verify_bundle may have said so already
      const auto& known = checks().list();
      if (std::ranges::none_of(known, [&](const Check& other) {
            return other.name == check.name && other.outcome == check.outcome;
          })) {
        checks().items().push_back(check);
      }
    }
    if (!statement) return;
    set_property("predicate_type", statement->predicate_type);
    property("subject_count", std::to_string(statement->subjects.size()));
    evidence_.coverage = match_files(statement->subjects, files_, checks());
    if (files_.size() > kMaxFilesListed) count_extra_files();
    read_predicate(*statement);
  }

  void set_property(std::string_view name, const std::string& value) {
    for (auto& [key, text] : evidence_.properties) {
      if (key == name) {
        text = value;
        return;
      }
    }
    property(name, value);
  }

  void count_extra_files() {
    const auto count = std::erase_if(evidence_.coverage, [](const Coverage& coverage) {
      return coverage.state == CoverageState::extra;
    });
    property("files_not_listed", std::to_string(count));
  }

  void read_predicate(const Statement& statement) {
    const std::string_view name = predicate_name(statement.predicate_type);
    if (!name.empty()) property("predicate_name", std::string(name));
    std::vector<std::pair<std::string, std::string>> told;
    if (const auto version = slsa_version(statement.predicate_type)) {
      evidence_.kind = "slsa";
      const SlsaProvenance slsa = read_slsa(*version, statement.predicate, checks());
      check_build(slsa, evidence_.signer, checks());
      told = properties_of(slsa);
    } else if (name == "vsa") {
      told = read_verification_summary(statement.predicate, checks());
    } else if (name == "test-result" || name == "svr") {
      told = read_result(statement.predicate);
    }
    for (auto& one : told) evidence_.properties.push_back(std::move(one));
  }

  void reject_warnings() {
    for (Check& check : checks().items()) {
      if (check.outcome == Outcome::warned) check.outcome = Outcome::failed;
    }
  }

  std::span<const NamedArtifact> files_;
  const AttestationVerification& how_;
  Evidence evidence_;
};

void add_kinds(const Attestation& attestation, std::set<HashKind>& kinds) {
  Checks unsaid;
  std::optional<DsseEnvelope> envelope;
  if (attestation.form == AttestationForm::envelope) {
    envelope = parse_envelope(attestation.value, unsaid);
  } else if (attestation.form == AttestationForm::bundle) {
    auto bundle = parse_bundle(attestation.value, unsaid);
    if (bundle && bundle->message_signature) {
      if (const auto hash = sha2_of(bundle->message_signature->digest_algorithm)) {
        kinds.insert(*hash);
      }
    }
    if (bundle) envelope = std::move(bundle->envelope);
  }
  if (!envelope) return;
  const auto statement = parse_statement(envelope->payload, unsaid);
  if (statement) kinds.merge(digest_kinds(statement->subjects));
}

}  // namespace

std::vector<Evidence> verify_attestations(Bytes document, std::span<const NamedArtifact> files,
                                          const AttestationVerification& how) {
  std::vector<Evidence> list;
  for (const Attestation& attestation : split_attestations(document)) {
    list.push_back(AttestationVerifier(files, how).run(attestation));
  }
  return list;
}

Evidence verify_attestation(const Bundle& bundle, std::span<const NamedArtifact> files,
                            const AttestationVerification& how) {
  return AttestationVerifier(files, how).run(bundle);
}

std::set<HashKind> digests_needed(Bytes document) {
  std::set<HashKind> kinds;
  for (const Attestation& attestation : split_attestations(document)) {
    add_kinds(attestation, kinds);
  }
  return kinds;
}

}  // namespace assay::provenance::intoto
