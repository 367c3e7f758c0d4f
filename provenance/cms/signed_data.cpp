#include "provenance/cms/signed_data.h"

#include <openssl/cms.h>

#include <algorithm>
#include <array>
#include <memory>

#include "core/text.h"
#include "provenance/crypto/certificate_handle.h"
#include "provenance/crypto/ossl.h"

namespace assay::provenance::cms {
namespace {

using Message = std::unique_ptr<CMS_ContentInfo, ossl::Free<CMS_ContentInfo_free>>;

std::unexpected<ParseError> malformed(std::string what) {
  return fail(ParseErrc::malformed, 0, "CMS: " + std::move(what));
}

std::unexpected<ParseError> too_many(std::string what) {
  return fail(ParseErrc::over_budget, 0, "CMS: more " + std::move(what) + " than are looked at");
}

ByteString bytes_of(const ASN1_STRING* string) {
  const auto* first = reinterpret_cast<const std::byte*>(ASN1_STRING_get0_data(string));
  return {first, first + ASN1_STRING_length(string)};
}

struct Armor {
  std::string_view begin;
  std::string_view end;
};
constexpr std::array kArmors = std::to_array<Armor>({
    {"-----BEGIN CMS-----", "-----END CMS-----"},
    {"-----BEGIN PKCS7-----", "-----END PKCS7-----"},
});

// The bytes between the lines of PEM; the document itself when it is no PEM.
Parsed<ByteString> without_armor(Bytes document) {
  std::string_view text = as_text(document);
  for (const Armor& armor : kArmors) {
    if (!text.starts_with(armor.begin)) continue;
    text.remove_prefix(armor.begin.size());
    const auto end = text.find(armor.end);
    if (end == std::string_view::npos) return malformed("its last line is missing");
    const bool more =
        text.substr(end + armor.end.size()).find_first_not_of("\r\n") != std::string_view::npos;
    auto bytes = from_base64(text.substr(0, end));
    if (!bytes || more) return malformed("not base64 between its two lines");
    return std::move(*bytes);
  }
  return ByteString(document.begin(), document.end());
}

// DER of a SET OF the attributes, in the order they came in.
ByteString set_of(const ByteString& members) {
  ByteString set{std::byte{0x31}};
  const std::size_t size = members.size();
  if (size < 0x80) {
    set.push_back(static_cast<std::byte>(size));
  } else {
    const int width = size < 0x100 ? 1 : size < 0x10000 ? 2 : size < 0x1000000 ? 3 : 4;
    set.push_back(static_cast<std::byte>(0x80 + width));
    for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
      set.push_back(static_cast<std::byte>(size >> shift));
    }
  }
  set.insert(set.end(), members.begin(), members.end());
  return set;
}

bool is_weak(int digest) {
  return digest == NID_md2 || digest == NID_md4 || digest == NID_md5 || digest == NID_sha1 ||
         digest == NID_md5_sha1 || digest == NID_sha || digest == NID_ripemd160;
}

std::optional<HashKind> hash_of(int digest) {
  switch (digest) {
    case NID_sha1:
      return HashKind::sha1;
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

int nid_of(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  return OBJ_obj2nid(object);
}

// Reads one SignerInfo; the first thing wrong ends it.
class SignerReader {
 public:
  SignerReader(CMS_SignerInfo* info, const ASN1_OBJECT* content_type)
      : info_(info), content_type_(content_type) {}

  Parsed<SignerInfo> read() {
    read_algorithms();
    signer_.signature = bytes_of(CMS_SignerInfo_get0_signature(info_));
    const int count = CMS_signed_get_attr_count(info_);
    if (count > kMaxAttributes || CMS_unsigned_get_attr_count(info_) > kMaxAttributes) {
      return too_many("attributes");
    }
    if (count >= 0 && !read_signed_attributes(count)) return malformed(wrong_);
    signer_.has_timestamp =
        CMS_unsigned_get_attr_by_NID(info_, NID_id_smime_aa_timeStampToken, -1) >= 0;
    return std::move(signer_);
  }

 private:
  void read_algorithms() {
    X509_ALGOR* digest = nullptr;
    X509_ALGOR* signature = nullptr;
    CMS_SignerInfo_get0_algs(info_, nullptr, nullptr, &digest, &signature);
    const int digest_nid = nid_of(digest);
    const char* name = OBJ_nid2ln(digest_nid);
    signer_.digest_name = name != nullptr ? name : "unknown";
    signer_.hash = hash_of(digest_nid);
    signer_.weak = is_weak(digest_nid);
    read_scheme(nid_of(signature), digest_nid);
  }

  void read_scheme(int signature, int digest) {
    int signed_digest = NID_undef;
    int key = NID_undef;
    if (signature == NID_rsassaPss) {
      signer_.scheme = SignatureScheme::pss;
    } else if (signature == NID_rsaEncryption || signature == NID_ED25519 ||
               signature == NID_X9_62_id_ecPublicKey) {
      signer_.scheme = SignatureScheme::plain;
    } else if (OBJ_find_sigid_algs(signature, &signed_digest, &key) == 1 &&
               (key == NID_rsaEncryption || key == NID_X9_62_id_ecPublicKey)) {
      signer_.scheme = SignatureScheme::plain;
      signer_.hashes_differ = signed_digest != digest;
      signer_.weak = signer_.weak || is_weak(signed_digest);
    }
  }

  bool refuse(std::string what) {
    wrong_ = std::move(what);
    return false;
  }

  bool read_signed_attributes(int count) {
    ByteString members;
    for (int i = 0; i < count; ++i) {
      X509_ATTRIBUTE* attribute = CMS_signed_get_attr(info_, i);
      unsigned char* der = nullptr;
      const int size = i2d_X509_ATTRIBUTE(attribute, &der);
      if (size <= 0) return refuse("a signed attribute that does not encode");
      const auto* first = reinterpret_cast<const std::byte*>(der);
      members.insert(members.end(), first, first + size);
      OPENSSL_free(der);
      if (CMS_signed_get_attr_by_OBJ(info_, X509_ATTRIBUTE_get0_object(attribute), -1) != i) {
        return refuse("a signed attribute that is there twice");
      }
    }
    signer_.signed_attributes = set_of(members);
    return read_known_attributes();
  }

  // Null when it is absent, has not one value, or one of another type.
  const ASN1_TYPE* value_of(int nid) {
    const int at = CMS_signed_get_attr_by_NID(info_, nid, -1);
    X509_ATTRIBUTE* attribute = at < 0 ? nullptr : CMS_signed_get_attr(info_, at);
    if (attribute == nullptr || X509_ATTRIBUTE_count(attribute) != 1) return nullptr;
    return X509_ATTRIBUTE_get0_type(attribute, 0);
  }

  bool read_known_attributes() {
    const ASN1_TYPE* type = value_of(NID_pkcs9_contentType);
    const ASN1_TYPE* digest = value_of(NID_pkcs9_messageDigest);
    if (type == nullptr || ASN1_TYPE_get(type) != V_ASN1_OBJECT ||
        OBJ_cmp(type->value.object, content_type_) != 0) {
      return refuse("the signed content type is not that of the content");
    }
    if (digest == nullptr || ASN1_TYPE_get(digest) != V_ASN1_OCTET_STRING) {
      return refuse("the signed attributes hold no digest of the content");
    }
    signer_.message_digest = bytes_of(digest->value.octet_string);
    const ASN1_TYPE* time = value_of(NID_pkcs9_signingTime);
    const int kind = time != nullptr ? ASN1_TYPE_get(time) : 0;
    if (kind == V_ASN1_UTCTIME || kind == V_ASN1_GENERALIZEDTIME) {
      const auto moment = moment_of(time->value.asn1_string);
      if (moment) signer_.signing_time = moment->seconds;
    }
    return true;
  }

  CMS_SignerInfo* info_;
  const ASN1_OBJECT* content_type_;
  SignerInfo signer_;
  std::string wrong_;
};

std::string subject_of(X509* certificate) {
  const ossl::Bio out(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

// Two certificates that answer to one name name nobody.
bool find_certificate(CMS_SignerInfo* info, const std::vector<Certificate>& candidates,
                      SignerInfo& signer) {
  for (const Certificate& candidate : candidates) {
    if (CMS_SignerInfo_cert_cmp(info, x509_of(candidate)) != 0) continue;
    if (signer.certificate && *signer.certificate != candidate) return false;
    signer.certificate = candidate;
  }
  if (signer.certificate) signer.subject = subject_of(x509_of(*signer.certificate));
  return true;
}

Parsed<std::vector<Certificate>> certificates_in(CMS_ContentInfo* message) {
  std::vector<Certificate> list;
  const ossl::Certificates stack(CMS_get1_certs(message));
  if (sk_X509_num(stack.get()) > kMaxCertificates) return too_many("certificates");
  for (int i = 0; i < sk_X509_num(stack.get()); ++i) {
    unsigned char* der = nullptr;
    const int size = i2d_X509(sk_X509_value(stack.get(), i), &der);
    if (size <= 0) return malformed("a certificate that does not encode");
    const auto* first = reinterpret_cast<const std::byte*>(der);
    auto certificate = Certificate::from_der({first, static_cast<std::size_t>(size)});
    OPENSSL_free(der);
    if (!certificate) return malformed("a certificate: " + certificate.error().message);
    list.push_back(std::move(*certificate));
  }
  return list;
}

Parsed<Message> read_message(Bytes document) {
  if (document.size() > kMaxSize) {
    return fail(ParseErrc::over_budget, 0, "CMS: larger than is read");
  }
  const auto encoded = without_armor(document);
  if (!encoded) return std::unexpected(encoded.error());
  const unsigned char* at = ossl::data(*encoded);
  const unsigned char* end = at + encoded->size();
  Message message(d2i_CMS_ContentInfo(nullptr, &at, end - at));
  if (!message || at != end) return malformed("it does not parse, or something is behind it");
  if (OBJ_obj2nid(CMS_get0_type(message.get())) != NID_pkcs7_signed) {
    return fail(ParseErrc::unsupported, 0, "CMS: of another type than signed data");
  }
  return message;
}

}  // namespace

bool looks_like_cms(Bytes document) {
  for (const Armor& armor : kArmors) {
    if (starts_with(document, armor.begin)) return true;
  }
  // SEQUENCE, then within 6 bytes the object identifier 1.2.840.113549.1.7.2.
  constexpr std::string_view kSignedData = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
  const std::string_view head = as_text(clip(document, 0, 6 + kSignedData.size()));
  return head.starts_with('\x30') && head.find(kSignedData) != std::string_view::npos;
}

Parsed<SignedData> parse_signed_data(Bytes document, const std::vector<Certificate>& certificates) {
  const auto message = read_message(document);
  if (!message) return std::unexpected(message.error());
  STACK_OF(CMS_SignerInfo)* infos = CMS_get0_SignerInfos(message->get());
  if (sk_CMS_SignerInfo_num(infos) < 1) return malformed("it is signed by nobody");
  if (sk_CMS_SignerInfo_num(infos) > kMaxSigners) return too_many("signers");
  auto embedded = certificates_in(message->get());
  if (!embedded) return std::unexpected(embedded.error());

  SignedData signed_data;
  std::vector<Certificate> candidates = *embedded;
  candidates.insert(candidates.end(), certificates.begin(), certificates.end());
  ASN1_OCTET_STRING** content = CMS_get0_content(message->get());
  if (content != nullptr && *content != nullptr) signed_data.content = bytes_of(*content);
  for (int i = 0; i < sk_CMS_SignerInfo_num(infos); ++i) {
    CMS_SignerInfo* info = sk_CMS_SignerInfo_value(infos, i);
    auto signer = SignerReader(info, CMS_get0_eContentType(message->get())).read();
    if (!signer) return std::unexpected(signer.error());
    if (!find_certificate(info, candidates, *signer)) {
      return malformed("two certificates answer to the name of one signer");
    }
    signed_data.signers.push_back(std::move(*signer));
  }
  signed_data.certificates = std::move(*embedded);
  return signed_data;
}

}  // namespace assay::provenance::cms
