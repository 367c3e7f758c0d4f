#include "provenance/sigstore/keyless_maker.h"

#include "core/text.h"
#include "provenance/sha256.h"

namespace assay::provenance::testing {
namespace {

void append(ByteString& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

void append_number(ByteString& out, std::uint64_t value, int size) {
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::byte>(value >> shift));
  }
}

void append_sized(ByteString& out, Bytes bytes, int size) {
  append_number(out, bytes.size(), size);
  append(out, bytes);
}

// What a certificate transparency log promises (RFC 6962 §3.2), for kNow.
ByteString promise_of(const SharedKey& log, const Made& leaf, const Made& issuer) {
  unsigned char* der = nullptr;
  const int size = i2d_re_X509_tbs(leaf.x509.get(), &der);
  const ByteString tbs(reinterpret_cast<const std::byte*>(der),
                       reinterpret_cast<const std::byte*>(der) + size);
  OPENSSL_free(der);
  ByteString message;
  append_number(message, 0, 2);
  append_number(message, kNow * 1000ULL, 8);
  append_number(message, 1, 2);
  append(message, digest_of(HashKind::sha256, public_of(issuer.key).spki()));
  append_sized(message, tbs, 3);
  append_number(message, 0, 2);
  ByteString promise{std::byte{0}};
  append(promise, digest_of(HashKind::sha256, public_of(log).spki()));
  append_number(promise, kNow * 1000ULL, 8);
  append_number(promise, 0, 2);
  append_number(promise, 0x0403, 2);
  append_sized(promise, sign(log, message), 2);
  return promise;
}

Certificate with_promise(const Made& leaf, const Made& issuer, const SharedKey& log) {
  ByteString list;
  append_sized(list, promise_of(log, leaf, issuer), 2);
  ByteString framed;
  append_sized(framed, list, 2);
  ByteString value{std::byte{4}, std::byte{0x82}};  // OCTET STRING, its size in two bytes
  append_sized(value, framed, 2);
  X509_EXTENSION* extension =
      X509V3_EXT_nconf(nullptr, nullptr, "1.3.6.1.4.1.11129.2.4.2", ("DER:" + hex(value)).c_str());
  const Made made{{X509_dup(leaf.x509.get()), X509_free}, leaf.key};
  X509_add_ext(made.x509.get(), extension, -1);
  X509_EXTENSION_free(extension);
  X509_sign(made.x509.get(), issuer.key.get(), EVP_sha256());
  return made.certificate();
}

Certificate workflow_leaf(const Made& authority, const SharedKey& key, const SharedKey& log) {
  const std::string identity(KeylessWorld::kIdentity);
  Wanted wanted = fulcio_leaf("critical,URI:" + identity);
  wanted.key = key;
  wanted.extensions.back().second = "ASN1:UTF8String:" + std::string(KeylessWorld::kIssuer);
  wanted.extensions.emplace_back("1.3.6.1.4.1.57264.1.9", "ASN1:UTF8String:" + identity);
  return with_promise(issue(&authority, wanted), authority, log);
}

LogKey trusted(const SharedKey& key) {
  return {.base_url = "https://ct.test",
          .id = digest_of(HashKind::sha256, public_of(key).spki()),
          .key = public_of(key),
          .valid_for = {{kStart, 0}, {}}};
}

std::string pem_of(Bytes der) {
  return "-----BEGIN CERTIFICATE-----\n" + to_base64(der) + "\n-----END CERTIFICATE-----\n";
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

SharedKey& ct_key() {
  static SharedKey key = ec_key();
  return key;
}

}  // namespace

KeylessWorld::KeylessWorld() : leaf(workflow_leaf(authority, key, ct_key())) {
  root.tlogs.push_back(log.trusted());
  root.ctlogs.push_back(trusted(ct_key()));
  root.certificate_authorities.push_back(authority_of({authority}));
}

std::string KeylessWorld::pem() const { return pem_of(leaf.der()); }
std::string KeylessWorld::authority_pem() const { return pem_of(authority.der()); }

// As for a key and the usual artifact, with others in their places.
void KeylessWorld::log_bundle(Bundle& bundle, std::string_view kind,
                              std::string_view artifact) const {
  bundle.material = {.kind = MaterialKind::certificate, .certificates = {leaf.der()}};
  std::string body = body_of(bundle, key, kind);
  const std::string key_pem = public_of(key).pem();
  replace_all(body, to_base64(as_bytes(key_pem)), to_base64(as_bytes(pem())));
  replace_all(body, sha256_hex(as_bytes(kArtifact)), sha256_hex(as_bytes(artifact)));
  log_in(bundle, log, kind, body);
}

Bundle KeylessWorld::sign_message(std::string_view artifact) const {
  Bundle bundle = message_bundle(key, artifact);
  log_bundle(bundle, "hashedrekord/0.0.1", artifact);
  return bundle;
}

Bundle KeylessWorld::sign_statement(std::string_view payload) const {
  Bundle bundle = envelope_bundle(key, payload);
  log_bundle(bundle, "dsse/0.0.1", kArtifact);
  return bundle;
}

}  // namespace assay::provenance::testing
