#include "provenance/crypto/timestamp_token.h"

#include <algorithm>

#include "provenance/crypto/certificate_handle.h"

namespace assay::provenance {
namespace {

using ossl::data;

std::unexpected<ParseError> no_token(const char* why) {
  return fail(ParseErrc::malformed, 0, std::string("not a timestamp: ") + why);
}

bool is_granted(TS_RESP* response) {
  const ASN1_INTEGER* status = TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(response));
  std::int64_t value = -1;
  return ASN1_INTEGER_get_int64(&value, status) == 1 && (value == 0 || value == 1);
}

std::optional<HashKind> hash_of(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* kind = nullptr;
  X509_ALGOR_get0(&kind, nullptr, nullptr, algorithm);
  switch (OBJ_obj2nid(kind)) {
    case NID_sha256:
      return HashKind::sha256;
    case NID_sha384:
      return HashKind::sha384;
    case NID_sha512:
      return HashKind::sha512;
    default:
      return std::nullopt;
  }
}

// The embedded certificate, if there is one, must be the very one.
bool embeds_another(PKCS7* signed_data, const Certificate& certificate) {
  X509* wanted = x509_of(certificate);
  const STACK_OF(X509)* embedded = signed_data->d.sign->cert;
  for (int i = 0; i < sk_X509_num(embedded); ++i) {
    X509* one = sk_X509_value(embedded, i);
    if (X509_issuer_and_serial_cmp(one, wanted) == 0 && X509_cmp(one, wanted) != 0) return true;
  }
  return false;
}

ossl::Store anchor_store(const Certificate& anchor) {
  constexpr int kSecurityLevel = 2;  // 112 bits: no SHA-1, no RSA under 2,048 bits
  constexpr int kMaxDepth = 10;
  ossl::Store store(X509_STORE_new());
  if (!store || X509_STORE_add_cert(store.get(), x509_of(anchor)) != 1) return nullptr;
  X509_VERIFY_PARAM* how = X509_STORE_get0_param(store.get());
  X509_VERIFY_PARAM_set_flags(how, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
  X509_VERIFY_PARAM_set_auth_level(how, kSecurityLevel);
  X509_VERIFY_PARAM_set_depth(how, kMaxDepth);
  return store;
}

}  // namespace

Parsed<TimestampToken> TimestampToken::from_der(Bytes der) {
  if (der.size() > kMaxSize) return fail(ParseErrc::over_budget, 0, "timestamp too large");
  const unsigned char* at = data(der);
  TimestampToken token;
  token.response_.reset(d2i_TS_RESP(nullptr, &at, static_cast<long>(der.size())));
  TS_RESP* response = token.response_.get();
  if (response == nullptr || at != data(der) + der.size()) return no_token("it does not parse");
  if (!is_granted(response)) return no_token("the authority did not grant it");
  TS_TST_INFO* info = TS_RESP_get_tst_info(response);
  if (token.signed_data() == nullptr || info == nullptr) return no_token("the token is missing");
  STACK_OF(PKCS7_SIGNER_INFO)* signers = PKCS7_get_signer_info(token.signed_data());
  if (sk_PKCS7_SIGNER_INFO_num(signers) != 1) return no_token("it has not one signer");
  token.signer_ = sk_PKCS7_SIGNER_INFO_value(signers, 0);
  const auto time = moment_of(TS_TST_INFO_get_time(info));
  if (!time) return no_token("its time does not parse");
  token.time_ = *time;
  return token;
}

bool TimestampToken::is_over(Bytes message) const {
  TS_MSG_IMPRINT* imprint = TS_TST_INFO_get_msg_imprint(TS_RESP_get_tst_info(response_.get()));
  const auto hash = hash_of(TS_MSG_IMPRINT_get_algo(imprint));
  if (!hash) return false;
  const ASN1_OCTET_STRING* digest = TS_MSG_IMPRINT_get_msg(imprint);
  const auto* first = reinterpret_cast<const std::byte*>(ASN1_STRING_get0_data(digest));
  return std::ranges::equal(digest_of(*hash, message),
                            Bytes(first, static_cast<std::size_t>(ASN1_STRING_length(digest))));
}

bool TimestampToken::names(const Certificate& certificate) const {
  X509* x509 = x509_of(certificate);
  const PKCS7_ISSUER_AND_SERIAL* name = signer_->issuer_and_serial;
  return X509_NAME_cmp(name->issuer, X509_get_issuer_name(x509)) == 0 &&
         ASN1_INTEGER_cmp(name->serial, X509_get0_serialNumber(x509)) == 0 &&
         !embeds_another(signed_data(), certificate);
}

bool TimestampToken::is_signed_by(std::span<const Certificate> chain) const {
  X509_ALGOR* digest = nullptr;
  PKCS7_SIGNER_INFO_get0_algs(signer_, nullptr, &digest, nullptr);
  if (chain.empty() || !hash_of(digest)) return false;
  ossl::Certificates helpers(sk_X509_new_null());
  for (const Certificate& certificate : chain) ossl::add(helpers.get(), x509_of(certificate));
  ossl::Store store = anchor_store(chain.back());
  const ossl::TimestampVerifier verifier(TS_VERIFY_CTX_new());
  if (!store || !verifier) return false;
  TS_VERIFY_CTX_set_flags(verifier.get(), TS_VFY_SIGNATURE | TS_VFY_VERSION);
  TS_VERIFY_CTX_set_store(verifier.get(), store.release());
  TS_VERIFY_CTX_set_certs(verifier.get(), helpers.release());
  return TS_RESP_verify_token(verifier.get(), signed_data()) == 1;
}

}  // namespace assay::provenance
