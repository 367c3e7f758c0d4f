#pragma once

#include <openssl/ts.h>

#include <memory>
#include <span>

#include "core/bytes.h"
#include "core/error.h"
#include "provenance/crypto/certificate.h"
#include "provenance/crypto/ossl.h"
#include "provenance/crypto/trust.h"

// The parts of a timestamp. Included by .cpp files of this folder only.
namespace assay::provenance {

namespace ossl {
using TimestampResponse = std::unique_ptr<TS_RESP, Free<TS_RESP_free>>;
using TimestampVerifier = std::unique_ptr<TS_VERIFY_CTX, Free<TS_VERIFY_CTX_free>>;
}  // namespace ossl

class TimestampToken {
 public:
  static constexpr std::size_t kMaxSize = 1U << 20;

  // A TimeStampResp with status granted, one signer, and nothing behind it.
  static Parsed<TimestampToken> from_der(Bytes der);

  const Moment& time() const { return time_; }
  // Whether the digest in it is that of `message`, by SHA-256, -384 or -512.
  bool is_over(Bytes message) const;
  // Whether it says that the key of `certificate` signed it.
  bool names(const Certificate& certificate) const;
  // Whether the signature holds, by the first certificate of `chain`, which leads to
  // the last and is good for timestamps. Times are not looked at.
  bool is_signed_by(std::span<const Certificate> chain) const;

 private:
  TimestampToken() = default;
  PKCS7* signed_data() const { return TS_RESP_get_token(response_.get()); }

  ossl::TimestampResponse response_;
  PKCS7_SIGNER_INFO* signer_ = nullptr;  // within the response
  Moment time_;
};

}  // namespace assay::provenance
