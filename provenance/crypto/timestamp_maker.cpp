#include "provenance/crypto/timestamp_maker.h"

#include <openssl/ts.h>

#include <stdexcept>

#include "provenance/crypto/timestamp_token.h"

namespace assay::provenance::testing {
namespace {

ASN1_INTEGER* next_serial(TS_RESP_CTX*, void*) {
  ASN1_INTEGER* serial = ASN1_INTEGER_new();
  ASN1_INTEGER_set(serial, 1);
  return serial;
}

int give_time(TS_RESP_CTX*, void* wanted, long* seconds, long* microseconds) {
  *seconds = static_cast<long>(*static_cast<std::int64_t*>(wanted));
  *microseconds = 0;
  return 1;
}

ossl::Bio request_for(const ByteString& message, const EVP_MD* md, bool with_certificate) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(message.data(), message.size(), digest, &size, md, nullptr);
  TS_REQ* request = TS_REQ_new();
  TS_MSG_IMPRINT* imprint = TS_MSG_IMPRINT_new();
  X509_ALGOR* algorithm = X509_ALGOR_new();
  X509_ALGOR_set_md(algorithm, md);
  TS_REQ_set_version(request, 1);
  TS_MSG_IMPRINT_set_algo(imprint, algorithm);
  TS_MSG_IMPRINT_set_msg(imprint, digest, static_cast<int>(size));
  TS_REQ_set_msg_imprint(request, imprint);
  TS_REQ_set_cert_req(request, with_certificate ? 1 : 0);
  ossl::Bio out(BIO_new(BIO_s_mem()));
  i2d_TS_REQ_bio(out.get(), request);
  X509_ALGOR_free(algorithm);
  TS_MSG_IMPRINT_free(imprint);
  TS_REQ_free(request);
  return out;
}

}  // namespace

ByteString make_token(const TimestampAuthority& tsa, const ByteString& message,
                      const Asked& asked) {
  const std::unique_ptr<TS_RESP_CTX, ossl::Free<TS_RESP_CTX_free>> context(TS_RESP_CTX_new());
  std::int64_t time = asked.time;
  ASN1_OBJECT* policy = OBJ_txt2obj("1.2.3.4.1", 1);
  TS_RESP_CTX_set_def_policy(context.get(), policy);
  ASN1_OBJECT_free(policy);
  TS_RESP_CTX_set_signer_cert(context.get(), tsa.signer.x509.get());
  TS_RESP_CTX_set_signer_key(context.get(), tsa.signer.key.get());
  TS_RESP_CTX_set_signer_digest(context.get(), asked.signature);
  TS_RESP_CTX_set_ess_cert_id_digest(context.get(), EVP_sha256());
  TS_RESP_CTX_add_md(context.get(), asked.imprint);
  TS_RESP_CTX_set_serial_cb(context.get(), next_serial, nullptr);
  TS_RESP_CTX_set_time_cb(context.get(), give_time, &time);
  const ossl::Bio request = request_for(message, asked.imprint, asked.with_certificate);
  const ossl::TimestampResponse response(TS_RESP_create_response(context.get(), request.get()));
  unsigned char* der = nullptr;
  const int size = i2d_TS_RESP(response.get(), &der);
  if (size <= 0) throw std::runtime_error("cannot make a timestamp");
  const auto* first = reinterpret_cast<const std::byte*>(der);
  ByteString bytes(first, first + size);
  OPENSSL_free(der);
  return bytes;
}

}  // namespace assay::provenance::testing
