#pragma once

#include <memory>
#include <optional>
#include <string>

#include "provenance/sigstore/verify.h"

namespace assay::provenance::testing {

// A case of sigstore-conformance, which lies beside the source tree, with what its suite
// calls a client with: by the artifact's path, or by its digest alone.
struct ConformanceCase {
  ConformanceCase(const std::string& name, bool by_path);
  ConformanceCase(const ConformanceCase&) = delete;
  ConformanceCase& operator=(const ConformanceCase&) = delete;

  std::string artifact;
  TrustedRoot root;
  std::string bundle;
  BundleVerification how;
  std::optional<std::string> key_problem;
};

}  // namespace assay::provenance::testing
