#include <algorithm>
#include <array>
#include <string_view>

#include "provenance/crypto/certificate_handle.h"
#include "provenance/sha256.h"

namespace assay::provenance {
namespace {

using Object = std::unique_ptr<ASN1_OBJECT, ossl::Free<ASN1_OBJECT_free>>;
using Utf8String = std::unique_ptr<ASN1_UTF8STRING, ossl::Free<ASN1_UTF8STRING_free>>;

constexpr const char* kOtherName = "1.3.6.1.4.1.57264.1.7";
constexpr const char* kIssuer = "1.3.6.1.4.1.57264.1.8";
constexpr const char* kOldIssuer = "1.3.6.1.4.1.57264.1.1";

struct Claim {
  const char* oid;
  const char* name;
};

// Values are the text itself.
constexpr std::array<Claim, 5> kRawClaims{{
    {"1.3.6.1.4.1.57264.1.2", "github_workflow_trigger"},
    {"1.3.6.1.4.1.57264.1.3", "github_workflow_sha"},
    {"1.3.6.1.4.1.57264.1.4", "github_workflow_name"},
    {"1.3.6.1.4.1.57264.1.5", "github_workflow_repository"},
    {"1.3.6.1.4.1.57264.1.6", "github_workflow_ref"},
}};

// Values are UTF8Strings in DER.
constexpr std::array<Claim, 15> kClaims{{
    {"1.3.6.1.4.1.57264.1.9", "build_signer_uri"},
    {"1.3.6.1.4.1.57264.1.10", "build_signer_digest"},
    {"1.3.6.1.4.1.57264.1.11", "runner_environment"},
    {"1.3.6.1.4.1.57264.1.12", "source_repository_uri"},
    {"1.3.6.1.4.1.57264.1.13", "source_repository_digest"},
    {"1.3.6.1.4.1.57264.1.14", "source_repository_ref"},
    {"1.3.6.1.4.1.57264.1.15", "source_repository_identifier"},
    {"1.3.6.1.4.1.57264.1.16", "source_repository_owner_uri"},
    {"1.3.6.1.4.1.57264.1.17", "source_repository_owner_identifier"},
    {"1.3.6.1.4.1.57264.1.18", "build_config_uri"},
    {"1.3.6.1.4.1.57264.1.19", "build_config_digest"},
    {"1.3.6.1.4.1.57264.1.20", "build_trigger"},
    {"1.3.6.1.4.1.57264.1.21", "run_invocation_uri"},
    {"1.3.6.1.4.1.57264.1.22", "source_repository_visibility"},
    {"1.3.6.1.4.1.57264.1.23", "deployment_environment"},
}};

std::string text_of(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

// The value of the extension, the bytes within its OCTET STRING.
const ASN1_STRING* extension_of(X509* certificate, const char* oid) {
  const Object object(OBJ_txt2obj(oid, 1));
  const int at = X509_get_ext_by_OBJ(certificate, object.get(), -1);
  return at < 0 ? nullptr : X509_EXTENSION_get_data(X509_get_ext(certificate, at));
}

// The text in the extension; nothing when there is none or its value is no UTF8String.
std::optional<std::string> utf8_extension(X509* certificate, const char* oid) {
  const ASN1_STRING* value = extension_of(certificate, oid);
  if (value == nullptr) return std::nullopt;
  const unsigned char* at = ASN1_STRING_get0_data(value);
  const unsigned char* end = at + ASN1_STRING_length(value);
  const Utf8String text(d2i_ASN1_UTF8STRING(nullptr, &at, end - at));
  if (!text || at != end) return std::nullopt;
  return text_of(text.get());
}

std::optional<std::string> identity_of(const GENERAL_NAME* name) {
  int kind = 0;
  const void* value = GENERAL_NAME_get0_value(name, &kind);
  if (kind == GEN_EMAIL || kind == GEN_URI) return text_of(static_cast<const ASN1_STRING*>(value));
  if (kind != GEN_OTHERNAME) return std::nullopt;
  const auto* other = static_cast<const OTHERNAME*>(value);
  const Object fulcio(OBJ_txt2obj(kOtherName, 1));
  if (OBJ_cmp(other->type_id, fulcio.get()) != 0) return std::nullopt;
  if (ASN1_TYPE_get(other->value) != V_ASN1_UTF8STRING) return std::nullopt;
  return text_of(other->value->value.utf8string);
}

// An issuer in the new form that does not read is none: the old one could differ.
std::string issuer_of(X509* certificate) {
  if (extension_of(certificate, kIssuer) != nullptr) {
    return utf8_extension(certificate, kIssuer).value_or("");
  }
  const ASN1_STRING* old = extension_of(certificate, kOldIssuer);
  return old == nullptr ? std::string() : text_of(old);
}

}  // namespace

SubjectNames subject_names_of(X509* certificate) {
  SubjectNames found;
  int critical = -1;
  const ossl::Names names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, &critical, nullptr)));
  if (!names) return found;
  found.critical = critical == 1;
  found.count = sk_GENERAL_NAME_num(names.get());
  for (int i = 0; i < found.count; ++i) {
    if (auto identity = identity_of(sk_GENERAL_NAME_value(names.get(), i))) {
      found.identities.push_back(std::move(*identity));
    }
  }
  return found;
}

bool has_extended_key_usage(X509* certificate) {
  return X509_get_ext_by_NID(certificate, NID_ext_key_usage, -1) >= 0;
}

bool has_extended_key_usage(X509* certificate, const char* oid) {
  const ossl::ExtendedKeyUsage usages(static_cast<EXTENDED_KEY_USAGE*>(
      X509_get_ext_d2i(certificate, NID_ext_key_usage, nullptr, nullptr)));
  if (!usages) return false;
  const Object wanted(OBJ_txt2obj(oid, 1));
  for (int i = 0; i < sk_ASN1_OBJECT_num(usages.get()); ++i) {
    if (OBJ_cmp(sk_ASN1_OBJECT_value(usages.get(), i), wanted.get()) == 0) return true;
  }
  return false;
}

Signer signer_of(const Certificate& leaf) {
  X509* x509 = x509_of(leaf);
  Signer signer;
  const SubjectNames names = subject_names_of(x509);
  if (!names.identities.empty()) signer.identity = names.identities.front();
  signer.issuer = issuer_of(x509);
  if (const auto key = leaf.public_key()) signer.fingerprint = key->fingerprint();
  for (const Claim& claim : kRawClaims) {
    if (const ASN1_STRING* value = extension_of(x509, claim.oid)) {
      signer.claims.emplace_back(claim.name, text_of(value));
    }
  }
  for (const Claim& claim : kClaims) {
    if (auto value = utf8_extension(x509, claim.oid)) {
      signer.claims.emplace_back(claim.name, std::move(*value));
    }
  }
  return signer;
}

bool is_claim_name(std::string_view name) {
  return std::ranges::find(kRawClaims, name, &Claim::name) != kRawClaims.end() ||
         std::ranges::find(kClaims, name, &Claim::name) != kClaims.end();
}

}  // namespace assay::provenance
