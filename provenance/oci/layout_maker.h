#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "provenance/oci/layout.h"
#include "provenance/sigstore/bundle.h"

namespace assay::provenance::testing {

// An OCI image layout in memory.
struct Layout {
  static constexpr std::string_view kManifest = "application/vnd.oci.image.manifest.v1+json";
  static constexpr std::string_view kIndex = "application/vnd.oci.image.index.v1+json";

  std::map<std::string, std::string> files{{"oci-layout", R"({"imageLayoutVersion":"1.0.0"})"}};
  std::vector<std::string> roots;  // descriptors of index.json

  // Each adds a blob and gives the descriptor; `more` are further members of it.
  std::string add(std::string_view content, std::string_view media_type,
                  const std::string& more = "");
  // Of a manifest with an empty configuration of the type.
  std::string add_manifest(const std::vector<std::string>& layers, std::string_view type,
                           const std::string& more = "", const std::string& descriptor_more = "");
  std::string add_index(const std::vector<std::string>& manifests);
  std::string& blob(const std::string& descriptor);

  // Gives what is asked for until there is evidence; never more rounds than promised.
  std::vector<Evidence> verify(const intoto::AttestationVerification& how = {}) const;
};

std::string digest_in(const std::string& descriptor);
std::string annotations(const std::vector<std::pair<std::string, std::string>>& list);
// A layout of one model: a manifest of two layers.
std::string add_model(Layout& layout);
// What cosign signs of the manifest of that digest.
std::string simple_signing(std::string_view digest);

}  // namespace assay::provenance::testing
