#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "provenance/crypto/certificate.h"
#include "provenance/crypto/ossl.h"
#include "provenance/crypto/trust.h"

// What the .cpp files that work on certificates share.
namespace assay::provenance {

struct Certificate::Handle {
  ossl::Certificate x509;
  ByteString der;
  std::int64_t not_before = 0;
  std::int64_t not_after = 0;
};

inline X509* x509_of(const Certificate& certificate) { return certificate.handle().x509.get(); }

// The moment a UTCTime or GeneralizedTime tells; nothing when it tells none.
std::optional<Moment> moment_of(const ASN1_TIME* time);

// The identities among the subject alternative names, and how many names of any kind
// there are.
struct SubjectNames {
  std::vector<std::string> identities;
  int count = 0;
  bool critical = false;
};
SubjectNames subject_names_of(X509* certificate);

// Whether the extended key usage is there and, then, has the one of `oid`
// ("1.3.6.1.5.5.7.3.3").
bool has_extended_key_usage(X509* certificate);
bool has_extended_key_usage(X509* certificate, const char* oid);

inline constexpr const char* kCodeSigning = "1.3.6.1.5.5.7.3.3";
inline constexpr const char* kAnyExtendedKeyUsage = "2.5.29.37.0";
// Extended key usage of a certificate for signing precertificates (RFC 6962 §3.1).
inline constexpr const char* kPrecertificateSigning = "1.3.6.1.4.1.11129.2.4.4";

}  // namespace assay::provenance
