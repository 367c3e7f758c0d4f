#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/error.h"
#include "provenance/base64.h"
#include "provenance/crypto/public_key.h"
#include "provenance/evidence.h"

namespace assay::provenance {

// An X.509 certificate (RFC 5280). Copies share what was read.
class Certificate {
 public:
  static constexpr std::size_t kMaxSize = 256U << 10;
  static constexpr std::size_t kMaxPemSize = 4U << 20;
  static constexpr std::size_t kMaxPemCount = 256;
  static constexpr int kMaxExtensions = 128;

  // One certificate in DER, nothing behind it. `malformed` also when an extension
  // is there twice, since two readers could take another one each.
  static Parsed<Certificate> from_der(Bytes der);
  // All blocks "-----BEGIN CERTIFICATE-----" of `text`, one at least; blocks of other
  // kinds are stepped over.
  static Parsed<std::vector<Certificate>> from_pem(Bytes text);

  const ByteString& der() const;
  Parsed<PublicKey> public_key() const;
  // Seconds since 1970-01-01T00:00:00Z; the certificate is valid at both.
  std::int64_t not_before() const;
  std::int64_t not_after() const;

  bool operator==(const Certificate& other) const { return der() == other.der(); }

  // OpenSSL's object; for .cpp files of this folder (certificate_handle.h).
  struct Handle;
  const Handle& handle() const { return *handle_; }

 private:
  explicit Certificate(std::shared_ptr<const Handle> handle) : handle_(std::move(handle)) {}

  std::shared_ptr<const Handle> handle_;
};

// Whom the certificate names. The identity is the first subject alternative name that
// is an rfc822Name, a URI or Fulcio's otherName; the issuer and the claims are Fulcio's
// extensions 1.3.6.1.4.1.57264.1.* ("Fulcio OID information").
Signer signer_of(const Certificate& leaf);

// Whether signer_of() ever makes a claim of this name.
bool is_claim_name(std::string_view name);

}  // namespace assay::provenance
