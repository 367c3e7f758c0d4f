#include "provenance/oms/signature.h"

#include "provenance/crypto/certificate.h"
#include "provenance/crypto/chain.h"
#include "provenance/dsse.h"
#include "provenance/oms/legacy.h"
#include "provenance/sha256.h"

namespace assay::provenance::oms {
namespace {

bool is_signing_kind(KeyKind kind) {
  return kind == KeyKind::ec_p256 || kind == KeyKind::ec_p384 || kind == KeyKind::ec_p521;
}

void check_kind(const PublicKey& key, Checks& checks) {
  if (is_signing_kind(key.kind())) return;
  checks.fail("key.kind", "models are signed with keys on P-256, P-384 or P-521, and not with " +
                              std::string(to_string(key.kind())));
}

// Signatures before 1.1 hold the key; what they call raw bytes is its PEM text.
std::optional<PublicKey> embedded_key(const VerificationMaterial& material, Checks& checks) {
  if (material.raw_bytes.empty()) return std::nullopt;
  auto key = starts_with(material.raw_bytes, "-----BEGIN")
                 ? PublicKey::from_pem(material.raw_bytes)
                 : PublicKey::from_der(material.raw_bytes);
  if (key) return std::move(*key);
  checks.fail("key.parse", "the key in the bundle: " + key.error().message);
  return std::nullopt;
}

void check_hint(const VerificationMaterial& material, const PublicKey& key, Checks& checks) {
  if (material.hint.empty()) return;
  if (material.hint == sha256_hex(as_bytes(key.pem()))) {
    checks.pass("key.hint");
  } else {
    checks.fail("key.hint", "the hint of the bundle is not that of the key");
  }
}

// The key to check with: the one asked for, or else the one in the bundle.
std::optional<PublicKey> key_of(const Bundle& bundle, const OmsVerification& how, Checks& checks) {
  auto embedded = embedded_key(bundle.material, checks);
  const std::optional<PublicKey>& key = how.key ? how.key : embedded;
  if (key) check_hint(bundle.material, *key, checks);
  if (how.key && embedded && *how.key != *embedded) {
    checks.fail("key.hint", "the bundle holds another key");
  }
  if (!embedded && bundle.material.hint.empty() && bundle.material.raw_bytes.empty()) {
    checks.fail("bundle.material", "the bundle does not say with which key it is signed");
  }
  return key;
}

struct Chain {
  Certificate leaf;
  std::vector<Certificate> intermediates;
};

std::optional<Chain> read_chain(const VerificationMaterial& material, Checks& checks) {
  std::vector<Certificate> certificates;
  for (const ByteString& der : material.certificates) {
    auto certificate = Certificate::from_der(der);
    if (!certificate) {
      checks.fail("cert.parse", "a certificate of the bundle: " + certificate.error().message);
      return std::nullopt;
    }
    certificates.push_back(std::move(*certificate));
  }
  return Chain{certificates.front(), {certificates.begin() + 1, certificates.end()}};
}

// A given certificate is believed for as long as it says it is valid itself.
std::vector<Authority> authorities_of(const OmsVerification& how) {
  std::vector<Authority> authorities;
  for (const ByteString& anchor : how.anchors) {
    authorities.push_back({.uri = {}, .chain = {anchor}, .valid_for = {}});
  }
  return authorities;
}

}  // namespace

void check_envelope_signature(const DsseEnvelope& envelope, const PublicKey& key, Checks& checks) {
  const ByteString& sig = envelope.signatures.front().sig;
  if (key.verify(pre_authentication_encoding(envelope.payload_type, envelope.payload), sig)) {
    return checks.pass("signature.dsse");
  }
  checks.fail("signature.dsse", "the signature is not one over the payload by this key");
}

void check_envelope(const DsseEnvelope& envelope, const PublicKey& key, bool compatibility,
                    Checks& checks) {
  check_kind(key, checks);
  if (!compatibility) return check_envelope_signature(envelope, key, checks);
  const ByteString& sig = envelope.signatures.front().sig;
  if (key.verify(pre_authentication_encoding(envelope.payload_type, envelope.payload), sig)) {
    return checks.pass("signature.dsse");
  }
  const ByteString old = old_authentication_encoding(envelope.payload_type, envelope.payload);
  if (key.verify(HashKind::sha256, old, sig) || key.verify(old, sig)) {
    return checks.warn("signature.dsse", "the signature is over what model_signing 0.2 signed");
  }
  checks.fail("signature.dsse", "the signature is not one over the payload by this key");
}

void verify_by_key(const Bundle& bundle, const OmsVerification& how, Evidence& evidence) {
  const auto key = key_of(bundle, how, evidence.checks);
  if (!key) {
    evidence.checks.cannot("key.missing", "the bundle does not hold the key, and none was given");
    return;
  }
  evidence.signer = Signer{.fingerprint = key->fingerprint()};
  evidence.signer_checked = how.key.has_value();
  check_envelope(*bundle.envelope, *key, how.compatibility, evidence.checks);
}

void verify_by_certificate(const Bundle& bundle, const OmsVerification& how, Evidence& evidence) {
  const auto chain = read_chain(bundle.material, evidence.checks);
  if (!chain) return;
  evidence.signer = signer_of(chain->leaf);
  if (!how.anchors.empty()) {
    evidence.signer_checked = true;
    verify_chain(chain->leaf, chain->intermediates, authorities_of(how), how.seconds,
                 LeafUse::signing, evidence.checks);
  } else {
    check_usage(chain->leaf, LeafUse::signing, evidence.checks);
  }
  const auto key = chain->leaf.public_key();
  if (!key) {
    evidence.checks.fail("key.parse", "the key of the certificate: " + key.error().message);
    return;
  }
  check_envelope(*bundle.envelope, *key, how.compatibility, evidence.checks);
}

// The certificate lived for minutes: only a log can say that it did when it signed.
void verify_by_sigstore(const Bundle& bundle, const OmsVerification& how, Evidence& evidence) {
  if (bundle.log_entries.empty()) {
    evidence.checks.fail("bundle.tlog",
                         "the model is signed without a key, and no log has seen it");
    return;
  }
  if (!how.root) return evidence.checks.cannot("trustroot.missing", "no trusted root was given");
  Evidence signer = verify_bundle(
      bundle, {.root = how.root, .identity = how.identity, .key = {}, .artifact = {}});
  evidence.checks.append(signer.checks);
  evidence.signer = std::move(signer.signer);
  evidence.signer_checked = signer.signer_checked;
  evidence.times = std::move(signer.times);
  evidence.properties = std::move(signer.properties);
}

}  // namespace assay::provenance::oms
