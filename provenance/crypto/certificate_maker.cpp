#include "provenance/crypto/certificate_maker.h"

#include <openssl/ec.h>
#include <openssl/rsa.h>

#include <atomic>
#include <stdexcept>

namespace assay::provenance::testing {
namespace {

void require(bool done, const std::string& what) {
  if (!done) throw std::runtime_error("cannot make " + what);
}

void set_name(X509_NAME* name, const std::string& text) {
  if (text.empty()) return;
  require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()), -1, 0) == 1,
          "name " + text);
}

void add_extensions(X509* x509, X509* issuer, const Wanted& wanted) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, x509, nullptr, nullptr, 0);
  X509V3_set_ctx_nodb(&context);
  for (const auto& [name, value] : wanted.extensions) {
    X509_EXTENSION* extension = X509V3_EXT_nconf(nullptr, &context, name.c_str(), value.c_str());
    require(extension != nullptr, "extension " + name + " = " + value);
    X509_add_ext(x509, extension, -1);
    X509_EXTENSION_free(extension);
  }
}

}  // namespace

SharedKey ec_key() { return {EVP_EC_gen("P-256"), EVP_PKEY_free}; }
SharedKey rsa_key(unsigned bits) {
  return {EVP_RSA_gen(static_cast<std::size_t>(bits)), EVP_PKEY_free};
}

Made issue(const Made* issuer, Wanted wanted) {
  static std::atomic<long> serial = 1;
  Made made{{X509_new(), X509_free}, wanted.key ? wanted.key : ec_key()};
  X509* x509 = made.x509.get();
  X509* by = issuer != nullptr ? issuer->x509.get() : x509;
  X509_set_version(x509, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), serial++);
  set_name(X509_get_subject_name(x509), wanted.subject);
  X509_set_issuer_name(x509, X509_get_subject_name(by));
  ASN1_TIME_set(X509_getm_notBefore(x509), wanted.from);
  ASN1_TIME_set(X509_getm_notAfter(x509), wanted.to);
  X509_set_pubkey(x509, made.key.get());
  add_extensions(x509, by, wanted);
  EVP_PKEY* key = issuer != nullptr ? issuer->key.get() : made.key.get();
  require(X509_sign(x509, key, EVP_get_digestbyname(wanted.hash.c_str())) > 0, "signature");
  return made;
}

Made make_root(const std::string& name) {
  return issue(nullptr, {.subject = name,
                         .extensions = {{"basicConstraints", "critical,CA:TRUE"},
                                        {"keyUsage", "critical,keyCertSign,cRLSign"},
                                        {"subjectKeyIdentifier", "hash"}}});
}

Made make_intermediate(const Made& issuer, const std::string& name,
                       const std::string& constraints) {
  return issue(&issuer, {.subject = name,
                         .extensions = {{"basicConstraints", constraints},
                                        {"keyUsage", "critical,keyCertSign"},
                                        {"subjectKeyIdentifier", "hash"}}});
}

Wanted fulcio_leaf(const std::string& names) {
  return {.subject = "",
          .extensions = {{"keyUsage", "critical,digitalSignature"},
                         {"extendedKeyUsage", "codeSigning"},
                         {"subjectAltName", names},
                         {"1.3.6.1.4.1.57264.1.8", "ASN1:UTF8String:https://issuer.test"}}};
}

ByteString Made::der() const {
  unsigned char* der = nullptr;
  const int size = i2d_X509(x509.get(), &der);
  require(size > 0, "DER");
  const auto* first = reinterpret_cast<const std::byte*>(der);
  ByteString bytes(first, first + size);
  OPENSSL_free(der);
  return bytes;
}

Certificate Made::certificate() const { return Certificate::from_der(der()).value(); }

Authority authority_of(std::initializer_list<Made> chain) {
  Authority authority{.uri = "https://ca.test", .chain = {}, .valid_for = {}};
  for (const Made& made : chain) authority.chain.push_back(made.der());
  return authority;
}

}  // namespace assay::provenance::testing
