#pragma once

#include <string>
#include <string_view>

#include "provenance/sigstore/bundle_maker.h"

namespace assay::provenance::testing {

// A certificate authority, a certificate transparency log and a log of signatures that are
// trusted, and a certificate of a workflow that all of them know.
struct KeylessWorld {
  static constexpr std::string_view kIdentity =
      "https://github.com/o/r/.github/workflows/w.yml@refs/heads/main";
  static constexpr std::string_view kIssuer = "https://token.actions.githubusercontent.com";

  Made authority = make_root();
  SharedKey key = ec_key();
  Certificate leaf;
  Log log = {};
  TrustedRoot root = {};

  KeylessWorld();
  // Bundles 0.3 signed with the leaf's key, and logged.
  Bundle sign_message(std::string_view artifact) const;
  Bundle sign_statement(std::string_view payload) const;
  std::string pem() const;  // of the leaf
  std::string authority_pem() const;

 private:
  void log_bundle(Bundle& bundle, std::string_view kind, std::string_view artifact) const;
};

}  // namespace assay::provenance::testing
