#include "provenance/crypto/certificate.h"

#include <openssl/pem.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <string_view>

#include "provenance/crypto/certificate_handle.h"

namespace assay::provenance {
namespace {

using ossl::data;

std::unexpected<ParseError> no_certificate(std::string why) {
  return fail(ParseErrc::malformed, 0, "not a certificate: " + std::move(why));
}

// Whether writing what was read gives the same bytes, as DER has one form for each value.
bool is_der(X509* certificate, Bytes der) {
  unsigned char* again = nullptr;
  const int size = i2d_X509(certificate, &again);
  if (size <= 0) return false;
  const bool same =
      std::ranges::equal(der, std::as_bytes(std::span(again, static_cast<std::size_t>(size))));
  OPENSSL_free(again);
  return same;
}

bool has_extension_twice(X509* certificate) {
  const int count = X509_get_ext_count(certificate);
  for (int i = 0; i < count; ++i) {
    const ASN1_OBJECT* kind = X509_EXTENSION_get_object(X509_get_ext(certificate, i));
    if (X509_get_ext_by_OBJ(certificate, kind, i) >= 0) return true;
  }
  return false;
}

// Nanoseconds of the digits behind the decimal point of a GeneralizedTime.
std::int32_t fraction_of(std::string_view text) {
  const auto point = text.find('.');
  if (point == std::string_view::npos) return 0;
  std::int32_t nanoseconds = 0;
  std::int32_t unit = 100'000'000;
  for (const char c : text.substr(point + 1)) {
    if (c < '0' || c > '9') break;
    nanoseconds += (c - '0') * unit;
    unit /= 10;
  }
  return nanoseconds;
}

}  // namespace

std::optional<Moment> moment_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  using namespace std::chrono;
  const sys_days day = year(parts.tm_year + 1900) / (parts.tm_mon + 1) / parts.tm_mday;
  const auto seconds = day.time_since_epoch() + hours(parts.tm_hour) + minutes(parts.tm_min) +
                       std::chrono::seconds(parts.tm_sec);
  const std::string_view text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(time)),
                              static_cast<std::size_t>(ASN1_STRING_length(time)));
  return Moment{std::chrono::seconds(seconds).count(), fraction_of(text)};
}

Parsed<Certificate> Certificate::from_der(Bytes der) {
  if (der.size() > kMaxSize) return fail(ParseErrc::over_budget, 0, "certificate too large");
  const unsigned char* at = data(der);
  ossl::Certificate x509(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (!x509) return no_certificate("its structure does not parse");
  if (at != data(der) + der.size()) return no_certificate("bytes behind it");
  if (!is_der(x509.get(), der)) return no_certificate("not in DER");
  if (X509_get_ext_count(x509.get()) > kMaxExtensions) {
    return fail(ParseErrc::over_budget, 0, "too many extensions in a certificate");
  }
  if (has_extension_twice(x509.get())) return no_certificate("an extension twice");
  const auto from = moment_of(X509_get0_notBefore(x509.get()));
  const auto to = moment_of(X509_get0_notAfter(x509.get()));
  if (!from || !to) return no_certificate("its validity does not parse");
  return Certificate(std::make_shared<Handle>(
      Handle{std::move(x509), ByteString(der.begin(), der.end()), from->seconds, to->seconds}));
}

Parsed<std::vector<Certificate>> Certificate::from_pem(Bytes text) {
  if (text.size() > kMaxPemSize) return fail(ParseErrc::over_budget, 0, "PEM text too large");
  const ossl::Bio in = ossl::reader_of(text);
  std::vector<Certificate> found;
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* body = nullptr;
  long size = 0;
  while (PEM_read_bio(in.get(), &name, &header, &body, &size) == 1) {
    const bool is_certificate = std::string_view(name) == PEM_STRING_X509;
    auto parsed = is_certificate
                      ? from_der(std::as_bytes(std::span(body, static_cast<std::size_t>(size))))
                      : no_certificate("another kind of block");
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(body);
    if (!is_certificate) continue;
    if (!parsed) return std::unexpected(parsed.error());
    if (found.size() == kMaxPemCount) {
      return fail(ParseErrc::over_budget, 0, "too many certificates in one text");
    }
    found.push_back(std::move(*parsed));
  }
  if (found.empty()) return no_certificate("no block of one");
  return found;
}

const ByteString& Certificate::der() const { return handle_->der; }

Parsed<PublicKey> Certificate::public_key() const {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(handle_->x509.get()), &der);
  if (size <= 0) return fail(ParseErrc::malformed, 0, "no public key in the certificate");
  auto key = PublicKey::from_der(std::as_bytes(std::span(der, static_cast<std::size_t>(size))));
  OPENSSL_free(der);
  return key;
}

std::int64_t Certificate::not_before() const { return handle_->not_before; }
std::int64_t Certificate::not_after() const { return handle_->not_after; }

}  // namespace assay::provenance
