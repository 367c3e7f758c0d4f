#include <algorithm>

#include "provenance/crypto/certificate.h"
#include "provenance/sigstore/statement.h"
#include "provenance/sigstore/verify.h"
#include "scanner/provenance/verifiers.h"

namespace assay {
namespace {

using provenance::Bundle;
using provenance::Certificate;
using provenance::Checks;
using provenance::HashKind;
using provenance::PublicKey;

// The key that the bundle's signature is checked with, if it can be told.
std::optional<PublicKey> key_of(const Bundle& bundle, const VerifyRequest& request) {
  if (bundle.material.certificates.empty()) {
    auto key = PublicKey::from_pem(as_bytes(request.public_key));
    if (key) return std::move(*key);
    return std::nullopt;
  }
  const auto leaf = Certificate::from_der(bundle.material.certificates.front());
  if (!leaf) return std::nullopt;
  auto key = leaf->public_key();
  if (key) return std::move(*key);
  return std::nullopt;
}

// The hashes by which an envelope's subjects name artifacts.
std::vector<HashKind> hashes_of_subjects(const Bundle& bundle) {
  std::vector<HashKind> hashes;
  const auto statement = provenance::parse_statement(bundle.envelope->payload);
  if (!statement) return hashes;
  for (const auto& subject : statement->subjects) {
    for (const auto& [name, digest] : subject.digests) {
      const auto hash = provenance::sha2_of(name);
      if (hash && std::ranges::find(hashes, *hash) == hashes.end()) hashes.push_back(*hash);
    }
  }
  return hashes;
}

std::vector<HashKind> hashes_needed(const Bundle& bundle, const std::optional<PublicKey>& key) {
  std::vector<HashKind> hashes{HashKind::sha256};
  const auto add = [&](HashKind hash) {
    if (std::ranges::find(hashes, hash) == hashes.end()) hashes.push_back(hash);
  };
  if (bundle.envelope) {
    for (const HashKind hash : hashes_of_subjects(bundle)) add(hash);
  } else {
    if (key) add(key->hash());
    if (const auto hint = provenance::sha2_of(bundle.message_signature->digest_algorithm)) {
      add(*hint);
    }
  }
  return hashes;
}

}  // namespace

std::vector<DigestNeed> plan_bundle(const VerifyRequest& request) {
  std::vector<DigestNeed> needs;
  Checks ignored;
  const auto bundle = provenance::parse_bundle(as_bytes(request.evidence), ignored);
  if (!bundle || request.files.empty()) return needs;
  const auto key = bundle->envelope ? std::nullopt : key_of(*bundle, request);
  for (const HashKind hash : hashes_needed(*bundle, key)) {
    needs.push_back({.file = 0, .request = {.hash = hash}});
  }
  // Ed25519 signs the content and no digest of it (RFC 8032 §5.1.6).
  if (key && key->kind() == provenance::KeyKind::ed25519) {
    needs.push_back({.file = 0, .content = true});
  }
  return needs;
}

Evidence verify_bundle_request(const VerifyRequest& request) {
  Checks checks;
  const Trust trust = read_trust(request, checks);
  provenance::BundleVerification how;
  how.root = trust.root ? &*trust.root : nullptr;
  how.key = trust.key;
  if (!request.files.empty()) how.artifact = artifact_of(request.files.front()).digests;
  how.strict = request.strict;
  how.allow_legacy_v01 = request.legacy;
  if (request.expected) {
    how.identity = {request.expected->identity, request.expected->issuer};
  }
  return with_first(std::move(checks), provenance::verify_bundle(as_bytes(request.evidence), how));
}

}  // namespace assay
