#include "provenance/sshsig/verify.h"

#include "core/text.h"
#include "provenance/sshsig/find_allowed.h"
#include "provenance/sshsig/key.h"
#include "provenance/sshsig/signature.h"

namespace assay::provenance::sshsig {
namespace {

constexpr std::size_t kMaxSize = 64U << 10;

Parsed<Signature> parse(Bytes document) {
  if (document.size() > kMaxSize) {
    return fail(ParseErrc::malformed, 0, "SSH signature: larger than one can be");
  }
  const auto blob = parse_armor(as_text(document));
  return blob ? parse_signature(*blob) : std::unexpected(blob.error());
}

void report(Checks& checks, const ParseError& error) {
  if (error.code == ParseErrc::unsupported) {
    checks.cannot("sshsig.unsupported", error.message);
  } else {
    checks.fail("sshsig.parse", error.message);
  }
}

void check_namespace(const Signature& signature, std::string_view wanted, Checks& checks) {
  if (signature.name_space == wanted) return checks.pass("sshsig.namespace");
  checks.fail("sshsig.namespace",
              "signed for '" + escaped(shortened(signature.name_space, 200)) + "'");
}

Signer signer_of(const SshKey& key, Bytes blob) {
  Signer signer;
  signer.fingerprint = key.key.fingerprint();
  signer.claims.emplace_back("ssh_fingerprint", fingerprint_of(blob));
  signer.claims.emplace_back("key_type", key.type);
  return signer;
}

void check_signature(const Signature& signature, const SshKey& key, const NamedArtifact& file,
                     Evidence& evidence) {
  const auto digest = file.digests.digest(signature.hash);
  if (!digest) {
    return evidence.checks.cannot(
        "artifact.digest",
        "the signature is over a " + signature.hash_name + " digest, not known of the file");
  }
  const auto good = verify_digest(signature, key, *digest);
  if (!good) return report(evidence.checks, good.error());
  evidence.coverage = {{file.path, *good ? CoverageState::covered : CoverageState::changed}};
  if (*good) return evidence.checks.pass("signature");
  evidence.checks.fail("signature", "the signature is not over this file");
}

void check_signer(const Signature& signature, const FileVerification& how, Evidence& evidence) {
  if (how.allowed.empty()) {
    if (how.principal) evidence.checks.cannot("sshsig.principal", "no allowed signers were given");
    return;
  }
  const KeyUse use{.key_blob = signature.key_blob,
                   .name_space = signature.name_space,
                   .principal = how.principal,
                   .seconds = how.seconds};
  const AllowedSigner* found = find_allowed(how.allowed, use, evidence.checks);
  if (!found || !evidence.signer) return;
  evidence.signer->identity = how.principal.value_or(found->principals);
  evidence.signer_checked = true;
}

}  // namespace

Evidence verify_file(Bytes document, const NamedArtifact& file, const FileVerification& how) {
  Evidence evidence;
  evidence.kind = "sshsig";
  evidence.method = "ssh";
  const auto signature = parse(document);
  if (!signature) {
    report(evidence.checks, signature.error());
    return evidence;
  }
  evidence.checks.pass("sshsig.parse");
  evidence.properties = {{"namespace", signature->name_space},
                         {"digest_algorithm", signature->hash_name},
                         {"key_id", fingerprint_of(signature->key_blob)}};
  check_namespace(*signature, how.name_space, evidence.checks);
  const auto key = parse_key(signature->key_blob);
  if (!key) {
    report(evidence.checks, key.error());
  } else {
    evidence.signer = signer_of(*key, signature->key_blob);
    check_signature(*signature, *key, file, evidence);
  }
  check_signer(*signature, how, evidence);
  return evidence;
}

bool is_ssh_signature(Bytes document) { return as_text(document).starts_with(kArmorBegin); }

std::optional<HashKind> digest_needed(Bytes document) {
  const auto signature = parse(document);
  if (!signature) return std::nullopt;
  return signature->hash;
}

}  // namespace assay::provenance::sshsig
