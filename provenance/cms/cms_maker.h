#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "provenance/crypto/certificate_maker.h"

// CMS signatures for tests.
struct CMS_ContentInfo_st;  // OpenSSL's

namespace assay::provenance::testing {

using Message = std::shared_ptr<CMS_ContentInfo_st>;

struct CmsWanted {
  const EVP_MD* digest = EVP_sha256();
  bool attributes = true;
  bool certificates = true;
  bool embedded = false;  // with the content inside
  bool pss = false;
  std::vector<Made> intermediates = {};
};

Message cms_over(std::string_view content, const std::vector<Made>& signers,
                 const CmsWanted& wanted = {});
ByteString der_of(const Message& message);
std::string pem_of(const Message& message);
// A certificate to sign with, below the issuer.
Made signer_below(const Made& issuer, SharedKey key = ec_key(), const std::string& name = "signer");

}  // namespace assay::provenance::testing
