#include "provenance/crypto/sct.h"

#include <algorithm>
#include <string>

#include "core/text.h"
#include "provenance/crypto/certificate_handle.h"

namespace assay::provenance {
namespace {

constexpr std::string_view kMissing = "sct.missing";
constexpr std::string_view kSignature = "sct.signature";

using OctetString = std::unique_ptr<ASN1_OCTET_STRING, ossl::Free<ASN1_OCTET_STRING_free>>;

// The list in the certificate; nothing when it holds none.
std::optional<ByteString> sct_list_of(X509* leaf) {
  const int at = X509_get_ext_by_NID(leaf, NID_ct_precert_scts, -1);
  if (at < 0) return std::nullopt;
  const ASN1_OCTET_STRING* value = X509_EXTENSION_get_data(X509_get_ext(leaf, at));
  const unsigned char* begin = ASN1_STRING_get0_data(value);
  const unsigned char* end = begin + ASN1_STRING_length(value);
  const OctetString inner(d2i_ASN1_OCTET_STRING(nullptr, &begin, end - begin));
  if (!inner || begin != end) return ByteString();
  const auto* first = reinterpret_cast<const std::byte*>(ASN1_STRING_get0_data(inner.get()));
  return ByteString(first, first + ASN1_STRING_length(inner.get()));
}

// The TBSCertificate as the log saw it: without the list of timestamps.
ByteString precertificate_of(X509* leaf) {
  const ossl::Certificate copy(X509_dup(leaf));
  const int at = copy ? X509_get_ext_by_NID(copy.get(), NID_ct_precert_scts, -1) : -1;
  if (at < 0) return {};
  X509_EXTENSION_free(X509_delete_ext(copy.get(), at));
  unsigned char* der = nullptr;
  const int size = i2d_re_X509_tbs(copy.get(), &der);
  if (size <= 0) return {};
  const auto* first = reinterpret_cast<const std::byte*>(der);
  ByteString tbs(first, first + size);
  OPENSSL_free(der);
  return tbs;
}

void put_number(ByteString& out, std::uint64_t number, int size) {
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::byte>(number >> shift));
  }
}

void put(ByteString& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

// What the log signed (RFC 6962 §3.2).
ByteString signed_by_log(const SignedCertificateTimestamp& sct, Bytes issuer_key_hash, Bytes tbs) {
  ByteString message;
  put_number(message, 0, 1);  // v1
  put_number(message, 0, 1);  // certificate_timestamp
  put_number(message, sct.milliseconds, 8);
  put_number(message, 1, 2);  // precert_entry
  put(message, issuer_key_hash);
  put_number(message, tbs.size(), 3);
  put(message, tbs);
  put_number(message, sct.extensions.size(), 2);
  put(message, sct.extensions);
  return message;
}

bool is_trusted_at(const LogKey& log, std::uint64_t milliseconds) {
  const Moment at{static_cast<std::int64_t>(milliseconds / 1000),
                  static_cast<std::int32_t>(milliseconds % 1000) * 1'000'000};
  return at >= log.valid_for.start && (!log.valid_for.end || at <= *log.valid_for.end);
}

bool agrees(const PublicKey& key, const SignedCertificateTimestamp& sct) {
  constexpr std::uint8_t kSha256 = 4;
  constexpr std::uint8_t kRsa = 1;
  constexpr std::uint8_t kEcdsa = 3;
  if (sct.hash_algorithm != kSha256 || key.kind() == KeyKind::ed25519) return false;
  return sct.signature_algorithm == (key.kind() == KeyKind::rsa ? kRsa : kEcdsa);
}

// Why the timestamp does not count; nothing when it does.
std::optional<std::string> objection(const SignedCertificateTimestamp& sct, Bytes issuer_key_hash,
                                     Bytes tbs, std::span<const LogKey> logs) {
  bool known = false;
  bool in_time = false;
  for (const LogKey& log : logs) {
    if (!std::ranges::equal(log.id, sct.log_id)) continue;
    known = true;
    if (!is_trusted_at(log, sct.milliseconds)) continue;
    in_time = true;
    if (agrees(log.key, sct) &&
        log.key.verify(HashKind::sha256, signed_by_log(sct, issuer_key_hash, tbs), sct.signature)) {
      return std::nullopt;
    }
  }
  const std::string which = hex(sct.log_id);
  if (!known) return "the certificate's timestamp is by a log that is not trusted, " + which;
  if (!in_time) return "the certificate's timestamp is out of the time its log is trusted for";
  return "the certificate's timestamp does not hold for log " + which;
}

}  // namespace

void verify_scts(const Certificate& leaf, const Certificate& issuer, std::span<const LogKey> logs,
                 Checks& checks) {
  const auto list = sct_list_of(x509_of(leaf));
  if (!list) return checks.fail(kMissing, "the certificate holds no timestamp of a log");
  const auto scts = parse_scts(*list);
  if (!scts) return checks.fail(kSignature, "its timestamps of logs do not parse");
  if (scts->empty()) return checks.fail(kMissing, "the certificate's list of timestamps is empty");
  const auto issuer_key = issuer.public_key();
  if (!issuer_key) return checks.fail(kSignature, "the issuer's key is of a kind not checked");
  const ByteString key_hash = digest_of(HashKind::sha256, issuer_key->spki());
  const ByteString tbs = precertificate_of(x509_of(leaf));
  std::string first_objection;
  for (const SignedCertificateTimestamp& sct : *scts) {
    const auto wrong = objection(sct, key_hash, tbs, logs);
    if (!wrong) return checks.pass(kSignature);
    if (first_objection.empty()) first_objection = *wrong;
  }
  checks.fail(kSignature, std::move(first_objection));
}

}  // namespace assay::provenance
