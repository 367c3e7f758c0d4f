#include "provenance/cms/cms_maker.h"

#include <openssl/cms.h>
#include <openssl/rsa.h>

#include <stdexcept>

namespace assay::provenance::testing {
namespace {

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("cannot make ") + what);
}

std::string written(const ossl::Bio& out) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

Message cms_over(std::string_view content, const std::vector<Made>& signers,
                 const CmsWanted& wanted) {
  const ossl::Bio data = ossl::reader_of(as_bytes(content));
  const unsigned flags = CMS_PARTIAL | CMS_BINARY | (wanted.embedded ? 0U : CMS_DETACHED) |
                         (wanted.attributes ? 0U : CMS_NOATTR) |
                         (wanted.certificates ? 0U : CMS_NOCERTS);
  Message message(CMS_sign(nullptr, nullptr, nullptr, data.get(), flags), CMS_ContentInfo_free);
  require(message != nullptr, "a message");
  for (const Made& signer : signers) {
    const unsigned more = flags | (wanted.pss ? CMS_KEY_PARAM : 0U);
    CMS_SignerInfo* info =
        CMS_add1_signer(message.get(), signer.x509.get(), signer.key.get(), wanted.digest, more);
    require(info != nullptr, "a signer");
    if (wanted.pss) {
      EVP_PKEY_CTX_set_rsa_padding(CMS_SignerInfo_get0_pkey_ctx(info), RSA_PKCS1_PSS_PADDING);
    }
  }
  for (const Made& one : wanted.intermediates) CMS_add1_cert(message.get(), one.x509.get());
  if (signers.empty()) return message;  // certificates alone
  require(CMS_final(message.get(), data.get(), nullptr, flags) == 1, "a signature");
  return message;
}

ByteString der_of(const Message& message) {
  const ossl::Bio out(BIO_new(BIO_s_mem()));
  require(i2d_CMS_bio(out.get(), message.get()) == 1, "DER");
  const std::string text = written(out);
  const Bytes bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

std::string pem_of(const Message& message) {
  std::string text = "-----BEGIN CMS-----\n";
  const std::string base64 = to_base64(der_of(message));
  for (std::size_t at = 0; at < base64.size(); at += 64) text += base64.substr(at, 64) + '\n';
  return text + "-----END CMS-----\n";
}

Made signer_below(const Made& issuer, SharedKey key, const std::string& name) {
  return issue(&issuer, {.subject = name,
                         .extensions = {{"keyUsage", "critical,digitalSignature"},
                                        {"subjectAltName", "email:" + name + "@example.test"}},
                         .key = std::move(key)});
}

}  // namespace assay::provenance::testing
