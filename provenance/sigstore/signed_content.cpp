#include "provenance/sigstore/signed_content.h"

#include <string_view>

#include "core/text.h"
#include "provenance/dsse.h"

namespace assay::provenance {
namespace {

constexpr std::string_view kArtifact = "artifact.digest";

void check_claimed_digest(const MessageSignature& message, const ArtifactDigests& artifact,
                          Checks& checks) {
  if (message.digest.empty()) return;
  const auto hash = sha2_of(message.digest_algorithm);
  const auto digest = hash ? artifact.digest(*hash) : std::nullopt;
  if (!digest) {
    checks.warn(kArtifact, "the bundle's digest is of a kind that is not known of the artifact");
  } else if (*digest != message.digest) {
    checks.fail(kArtifact, "the bundle names the digest of another artifact");
  } else {
    checks.pass(kArtifact);
  }
}

std::optional<ByteString> signed_digest(const MessageSignature& message, HashKind hash,
                                        const ArtifactDigests* artifact) {
  if (artifact) return artifact->digest(hash);
  if (sha2_of(message.digest_algorithm) == hash) return message.digest;
  return std::nullopt;
}

void pass_or_fail(bool good, std::string_view name, std::string message, Checks& checks) {
  good ? checks.pass(name) : checks.fail(name, std::move(message));
}

void check_message(const MessageSignature& message, const PublicKey& key,
                   const ArtifactDigests* artifact, Checks& checks) {
  constexpr std::string_view kWrong = "the signature is not over the artifact, or by another key";
  if (key.kind() == KeyKind::ed25519) {
    if (!artifact || !artifact->content) {
      return checks.cannot("signature", "Ed25519 signs the file, which is not here");
    }
    return pass_or_fail(key.verify(*artifact->content, message.signature), "signature",
                        std::string(kWrong), checks);
  }
  const auto digest = signed_digest(message, key.hash(), artifact);
  if (!digest) {
    return checks.cannot("signature", "the signature is over a " +
                                          std::string(to_string(key.hash())) +
                                          " digest, which is not known of the artifact");
  }
  pass_or_fail(key.verify_digest(key.hash(), *digest, message.signature), "signature",
               std::string(kWrong), checks);
}

void check_subjects(const Statement& statement, const ArtifactDigests& artifact, Checks& checks) {
  switch (match_subjects(statement, artifact)) {
    case SubjectMatch::same:
      return checks.pass(kArtifact);
    case SubjectMatch::different:
      return checks.fail(kArtifact, "the statement is not about the artifact");
    case SubjectMatch::not_comparable:
      return checks.cannot(kArtifact,
                           "the statement names digests that are not known of the artifact");
  }
}

}  // namespace

void check_signed_content(const Bundle& bundle, const PublicKey* key,
                          const ArtifactDigests* artifact, Checks& checks) {
  if (const auto& envelope = bundle.envelope) {
    if (!key) return;
    const ByteString encoding =
        pre_authentication_encoding(envelope->payload_type, envelope->payload);
    return pass_or_fail(key->verify(encoding, bundle.signature()), "signature.dsse",
                        "the signature is not over the envelope, or by another key", checks);
  }
  const MessageSignature& message = *bundle.message_signature;
  if (artifact) {
    check_claimed_digest(message, *artifact, checks);
  } else {
    checks.cannot(kArtifact, "the signed artifact is not here");
  }
  if (key) check_message(message, *key, artifact, checks);
}

std::optional<Statement> check_statement(const DsseEnvelope& envelope,
                                         const ArtifactDigests* artifact, Checks& checks) {
  if (envelope.payload_type != kInTotoPayloadType) {
    checks.fail("dsse.payload-type", "the payload is '" +
                                         escaped(shortened(envelope.payload_type, 100)) +
                                         "' and no in-toto statement");
    return std::nullopt;
  }
  checks.pass("dsse.payload-type");
  auto statement = parse_statement(envelope.payload);
  if (!statement) {
    checks.fail("statement.type", statement.error().message);
    return std::nullopt;
  }
  pass_or_fail(is_statement_type(statement->type), "statement.type",
               "the statement is of the type '" + escaped(shortened(statement->type, 100)) + "'",
               checks);
  if (artifact) check_subjects(*statement, *artifact, checks);
  return std::move(*statement);
}

}  // namespace assay::provenance
