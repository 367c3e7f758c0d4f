#include "core/text.h"
#include "provenance/crypto/certificate.h"
#include "provenance/crypto/public_key.h"
#include "scanner/policy/policy.h"
#include "scanner/policy/text_file.h"

namespace assay::policy {
namespace {

constexpr std::size_t kMaxPemSize = 1U << 20;

// What a policy calls "keys/release.pem" lies beside it.
std::string beside(const std::string& file, const std::string& name) {
  const std::size_t slash = file.rfind('/');
  if (name.starts_with('/') || slash == std::string::npos) return name;
  return file.substr(0, slash + 1) + name;
}

Parsed<void> read_pem(const std::string& file, SignerRule& signer) {
  const std::string& name = signer.key_file.empty() ? signer.anchor_file : signer.key_file;
  if (name.empty()) return {};
  auto pem = read_text_file(beside(file, name), kMaxPemSize);
  if (!pem) return std::unexpected(pem.error());
  signer.pem = std::move(*pem);
  const auto refuse = [&](const ParseError& error) {
    return fail(error.code, 0, escaped(name) + ": " + error.message);
  };
  if (!signer.anchor_file.empty()) {
    const auto certificates = provenance::Certificate::from_pem(as_bytes(signer.pem));
    if (!certificates) return refuse(certificates.error());
    return {};
  }
  const auto key = provenance::PublicKey::from_pem(as_bytes(signer.pem));
  if (!key) return refuse(key.error());
  signer.fingerprint = key->fingerprint();
  return {};
}

}  // namespace

Parsed<Policy> load_policy(const std::string& file) {
  const auto text = read_text_file(file, kMaxTomlSize);
  if (!text) return std::unexpected(text.error());
  auto policy = read_policy(*text);
  if (!policy) return policy;
  for (ProvenanceRule& rule : policy->provenance) {
    for (SignerRule& signer : rule.signers) {
      const auto read = read_pem(file, signer);
      if (!read) return std::unexpected(read.error());
    }
  }
  return policy;
}

}  // namespace assay::policy
