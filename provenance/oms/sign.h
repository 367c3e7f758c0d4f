#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/error.h"
#include "provenance/crypto/certificate.h"
#include "provenance/crypto/private_key.h"
#include "provenance/oms/listing.h"
#include "provenance/oms/manifest.h"
#include "provenance/oms/model.h"

// Signing of a model as the reference implementation does it by default.
namespace assay::provenance::oms {

struct SigningOptions {
  std::string model_name;  // of the folder or file
  HashPlan plan;
  bool allow_symlinks = false;            // take what links lead to inside the model
  bool git_paths = true;                  // leave out .git, .gitattributes, .github, .gitignore
  std::vector<std::string> ignore_paths;  // leave out these files, and folders with all in them
  std::string signature_path;             // where the signature will lie, if in the model
};

// Everything that is left out; it is signed too.
std::vector<std::string> ignored_paths(const SigningOptions& options);

// The files whose digests must be computed before signing.
std::vector<DigestNeed> digests_to_sign(const Model& model, const SigningOptions& options);

// What is signed of `model`. `malformed`: nothing to sign, a name that cannot be
// written (no UTF-8, or not below the model); `unsupported`: a link that is not
// allowed, or no file; `unreadable`: digests are missing.
Parsed<Manifest> manifest_of(const Model& model, const SigningOptions& options);

// The signature, a Sigstore bundle 0.3 in JSON on one line. With `chain` it is by
// certificate: the leaf, which must be of the key, and then its issuers.
Parsed<std::string> sign_manifest(const Manifest& manifest, const PrivateKey& key,
                                  std::span<const Certificate> chain = {});

}  // namespace assay::provenance::oms
