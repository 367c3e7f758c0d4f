#include "provenance/cms/verify.h"

#include <openssl/cms.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "core/text.h"
#include "provenance/crypto/certificate_handle.h"
#include "provenance/crypto/chain.h"
#include "provenance/crypto/pem.h"

namespace assay::provenance::cms {
namespace {

using Message = std::unique_ptr<CMS_ContentInfo, ossl::Free<CMS_ContentInfo_free>>;

Message read_der(Bytes der) {
  const unsigned char* at = ossl::data(der);
  Message message(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(der.size())));
  // Nothing may follow: two readers could take another end each.
  if (message && at != ossl::data(der) + der.size()) return nullptr;
  return message;
}

Message read_message(Bytes file) {
  if (file.empty() || file.size() > kMaxCmsSize) return nullptr;
  if (file[0] == std::byte{0x30}) return read_der(file);
  for (const std::string_view label : {"CMS", "PKCS7"}) {
    const auto blocks = pem_blocks(as_text(file), label);
    if (blocks.size() == 1) return read_der(blocks[0]);
  }
  return nullptr;
}

const X509_ALGOR* digest_algorithm(CMS_SignerInfo* signer) {
  X509_ALGOR* digest = nullptr;
  CMS_SignerInfo_get0_algs(signer, nullptr, nullptr, &digest, nullptr);
  return digest;
}

std::optional<HashKind> hash_of(CMS_SignerInfo* signer) {
  const ASN1_OBJECT* kind = nullptr;
  X509_ALGOR_get0(&kind, nullptr, nullptr, digest_algorithm(signer));
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

// The signature's algorithm does not take part in OpenSSL's check; it must still be one
// that goes with the hash (some write that of the key alone).
bool is_known_algorithm(CMS_SignerInfo* signer) {
  X509_ALGOR* digest = nullptr;
  X509_ALGOR* signature = nullptr;
  CMS_SignerInfo_get0_algs(signer, nullptr, nullptr, &digest, &signature);
  const ASN1_OBJECT* kind = nullptr;
  X509_ALGOR_get0(&kind, nullptr, nullptr, signature);
  const int id = OBJ_obj2nid(kind);
  if (id == NID_rsaEncryption || id == NID_X9_62_id_ecPublicKey || id == NID_rsassaPss) return true;
  int hash = NID_undef;
  if (OBJ_find_sigid_algs(id, &hash, nullptr) != 1) return false;
  X509_ALGOR_get0(&kind, nullptr, nullptr, digest);
  return hash == NID_undef || hash == OBJ_obj2nid(kind);
}

std::optional<ByteString> digest_attribute(CMS_SignerInfo* signer) {
  const ASN1_OBJECT* kind = OBJ_nid2obj(NID_pkcs9_messageDigest);
  // -3: exactly one, with exactly one value.
  const auto* value = static_cast<const ASN1_OCTET_STRING*>(
      CMS_signed_get0_data_by_OBJ(signer, kind, -3, V_ASN1_OCTET_STRING));
  if (!value) return std::nullopt;
  const auto* bytes = reinterpret_cast<const std::byte*>(ASN1_STRING_get0_data(value));
  return ByteString(bytes, bytes + ASN1_STRING_length(value));
}

// RFC 5652 §11.1: the attribute is there, once, and is the type of the content.
bool names_content_type(CMS_SignerInfo* signer, CMS_ContentInfo* message) {
  const auto* type = static_cast<const ASN1_OBJECT*>(
      CMS_signed_get0_data_by_OBJ(signer, OBJ_nid2obj(NID_pkcs9_contentType), -3, V_ASN1_OBJECT));
  return type && OBJ_cmp(type, CMS_get0_eContentType(message)) == 0;
}

std::vector<Certificate> certificates_of(CMS_ContentInfo* message) {
  std::vector<Certificate> all;
  const ossl::Certificates stack(CMS_get1_certs(message));
  for (int i = 0; stack && i < sk_X509_num(stack.get()); ++i) {
    unsigned char* der = nullptr;
    const int size = i2d_X509(sk_X509_value(stack.get(), i), &der);
    if (size <= 0) continue;
    const auto* bytes = reinterpret_cast<const std::byte*>(der);
    auto certificate = Certificate::from_der({bytes, static_cast<std::size_t>(size)});
    OPENSSL_free(der);
    if (certificate) all.push_back(std::move(*certificate));
  }
  return all;
}

class Verification {
 public:
  Verification(CMS_ContentInfo* message, const CmsVerification& how)
      : message_(message), how_(how), certificates_(certificates_of(message)) {}

  void check(CMS_SignerInfo* signer, Evidence& evidence) {
    Checks& checks = evidence.checks;
    const auto leaf = certificate_of(signer);
    if (!leaf) return checks.fail("cms.certificate", "the signer's certificate is not in the file");
    if (!evidence.signer) evidence.signer = signer_of(*leaf);
    check_signer(*leaf, evidence);
    if (CMS_signed_get_attr_count(signer) <= 0) {
      return checks.cannot("cms.attributes", "the signature is over the content itself");
    }
    check_digest(signer, checks);
    if (!names_content_type(signer, message_)) {
      checks.fail("cms.content-type", "the signed attributes are of content of another type");
    }
    CMS_SignerInfo_set1_signer_cert(signer, x509_of(*leaf));
    if (CMS_SignerInfo_verify(signer) == 1) {
      checks.pass("signature");
    } else {
      checks.fail("signature", "the signature is not one by the certificate in the file");
    }
  }

 private:
  const Certificate* certificate_of(CMS_SignerInfo* signer) const {
    const auto found = std::ranges::find_if(certificates_, [&](const Certificate& each) {
      return CMS_SignerInfo_cert_cmp(signer, x509_of(each)) == 0;
    });
    return found == certificates_.end() ? nullptr : &*found;
  }

  void check_digest(CMS_SignerInfo* signer, Checks& checks) const {
    const auto hash = hash_of(signer);
    if (!hash || !is_known_algorithm(signer))
      return checks.fail("cms.algorithm", "signed by an algorithm that is weak or not known");
    const auto known = how_.digests.find(*hash);
    if (known == how_.digests.end()) {
      return checks.cannot("artifact.digest", "the content was not read");
    }
    if (digest_attribute(signer) == known->second) return checks.pass("artifact.digest");
    checks.fail("artifact.digest", "the signature is over other content");
  }

  void check_signer(const Certificate& leaf, Evidence& evidence) const {
    Checks& checks = evidence.checks;
    if (how_.key) {
      const auto key = leaf.public_key();
      if (!key || *key != *how_.key) checks.fail("key.other", "signed with another key");
      evidence.signer_checked = true;
    }
    if (how_.anchors.empty()) return check_usage(leaf, LeafUse::signing, checks);
    std::vector<Authority> authorities;
    for (const ByteString& anchor : how_.anchors) {
      authorities.push_back({.uri = {}, .chain = {anchor}, .valid_for = {}});
    }
    const std::size_t count = std::min(certificates_.size(), kMaxIntermediates);
    verify_chain(leaf, {certificates_.data(), count}, authorities, how_.seconds, LeafUse::signing,
                 checks);
    evidence.signer_checked = true;
  }

  CMS_ContentInfo* message_;
  const CmsVerification& how_;
  std::vector<Certificate> certificates_;
};

STACK_OF(CMS_SignerInfo) * signers_of(CMS_ContentInfo* message) {
  if (!message || OBJ_obj2nid(CMS_get0_type(message)) != NID_pkcs7_signed) return nullptr;
  return CMS_get0_SignerInfos(message);
}

}  // namespace

bool is_cms(Bytes file) {
  constexpr std::string_view kSignedData("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", 11);
  constexpr std::size_t kHead = 32;
  if (file.empty()) return false;
  const std::string_view text = as_text(file);
  if (file[0] == std::byte{0x30}) return text.substr(0, kHead).contains(kSignedData);
  return text.starts_with("-----BEGIN PKCS7-----") || text.starts_with("-----BEGIN CMS-----");
}

std::vector<HashKind> hashes_of(Bytes file) {
  std::vector<HashKind> hashes;
  const Message message = read_message(file);
  STACK_OF(CMS_SignerInfo)* signers = signers_of(message.get());
  for (int i = 0; i < std::min(sk_CMS_SignerInfo_num(signers), kMaxSigners); ++i) {
    const auto hash = hash_of(sk_CMS_SignerInfo_value(signers, i));
    if (hash && std::ranges::find(hashes, *hash) == hashes.end()) hashes.push_back(*hash);
  }
  return hashes;
}

Evidence verify_cms(Bytes file, const CmsVerification& how) {
  Evidence evidence{.kind = "cms", .method = "certificate"};
  const Message message = read_message(file);
  STACK_OF(CMS_SignerInfo)* signers = signers_of(message.get());
  const int count = sk_CMS_SignerInfo_num(signers);
  if (count <= 0 || count > kMaxSigners) {
    evidence.checks.fail("cms.parse", "no signed data of 1 to 16 signers");
    return evidence;
  }
  ASN1_OCTET_STRING** content = CMS_get0_content(message.get());
  if (content && *content) {
    evidence.checks.fail("cms.parse", "the signature holds content of its own");
    return evidence;
  }
  Verification verification(message.get(), how);
  for (int i = 0; i < count; ++i) {
    verification.check(sk_CMS_SignerInfo_value(signers, i), evidence);
  }
  return evidence;
}

}  // namespace assay::provenance::cms
