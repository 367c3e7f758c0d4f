#include <string>

#include "provenance/crypto/certificate_handle.h"
#include "provenance/crypto/chain.h"

namespace assay::provenance {
namespace {

constexpr std::string_view kUsage = "cert.usage";

bool may_sign(X509* leaf) {
  return (X509_get_extension_flags(leaf) & EXFLAG_KUSAGE) != 0 &&
         (X509_get_key_usage(leaf) & KU_DIGITAL_SIGNATURE) != 0;
}

bool is_authority(X509* leaf) { return (X509_get_extension_flags(leaf) & EXFLAG_CA) != 0; }

void check_names(X509* leaf, Checks& checks) {
  const SubjectNames names = subject_names_of(leaf);
  if (names.count == 0) {
    checks.fail(kUsage, "the certificate has no subject alternative name");
  } else if (names.count != 1 || names.identities.size() != 1) {
    checks.fail(kUsage, "the certificate does not name exactly one identity");
  } else if (!names.critical && X509_NAME_entry_count(X509_get_subject_name(leaf)) == 0) {
    checks.fail(kUsage, "the subject is empty, yet the alternative name is not critical");
  }
}

void check_code_signing(X509* leaf, Checks& checks) {
  if (is_authority(leaf)) checks.fail(kUsage, "the certificate is one of an authority");
  if (!may_sign(leaf)) checks.fail(kUsage, "the key usage does not allow digital signatures");
  if (!has_extended_key_usage(leaf, kCodeSigning)) {
    checks.fail(kUsage, "the extended key usage does not allow code signing");
  }
  check_names(leaf, checks);
}

}  // namespace

void check_usage(const Certificate& leaf, LeafUse use, Checks& checks) {
  X509* x509 = x509_of(leaf);
  const std::size_t before = checks.list().size();
  if (use == LeafUse::code_signing) {
    check_code_signing(x509, checks);
  } else if (!may_sign(x509) && !has_extended_key_usage(x509, kCodeSigning)) {
    checks.fail(kUsage, "neither digital signatures nor code signing is among the key's uses");
  }
  if (checks.list().size() == before) checks.pass(kUsage);
}

}  // namespace assay::provenance
