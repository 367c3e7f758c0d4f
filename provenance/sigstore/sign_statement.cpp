#include "provenance/sigstore/sign_statement.h"

#include "core/text.h"
#include "provenance/base64.h"
#include "provenance/dsse.h"
#include "provenance/sha256.h"

namespace assay::provenance {
namespace {

// The hint of the reference implementation: over the key in PEM.
std::string key_text(const PublicKey& key) {
  return R"("publicKey":{"hint":")" + sha256_hex(as_bytes(key.pem())) + R"("})";
}

std::string chain_text(std::span<const Certificate> chain) {
  std::string text = R"("x509CertificateChain":{"certificates":[)";
  for (const Certificate& certificate : chain) {
    if (&certificate != &chain.front()) text += ',';
    text += R"({"rawBytes":")" + to_base64(certificate.der()) + R"("})";
  }
  return text + "]}";
}

std::string bundle_text(std::string_view material, Bytes payload, Bytes signature) {
  return R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{)" +
         std::string(material) + R"(,"tlogEntries":[]},"dsseEnvelope":{"payload":")" +
         to_base64(payload) + R"(","payloadType":")" + std::string(kInTotoPayloadType) +
         R"(","signatures":[{"sig":")" + to_base64(signature) + R"(","keyid":""}]}})";
}

}  // namespace

Parsed<std::string> sign_statement(std::string_view statement, const PrivateKey& key,
                                   std::span<const Certificate> chain) {
  if (!chain.empty()) {
    const auto certified = chain.front().public_key();
    if (!certified || *certified != key.public_key()) {
      return fail(ParseErrc::malformed, 0, "the certificate is not one of the private key");
    }
  }
  const Bytes payload = as_bytes(statement);
  const ByteString signature = key.sign(pre_authentication_encoding(kInTotoPayloadType, payload));
  if (signature.empty()) return fail(ParseErrc::crashed, 0, "the library could not sign");
  const std::string material = chain.empty() ? key_text(key.public_key()) : chain_text(chain);
  return bundle_text(material, payload, signature);
}

}  // namespace assay::provenance
