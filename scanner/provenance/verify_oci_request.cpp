#include <algorithm>
#include <map>

#include "core/text.h"
#include "provenance/oci/document.h"
#include "provenance/oci/layout.h"
#include "scanner/provenance/verifiers.h"

namespace assay {
namespace {

namespace oci = provenance::oci;
using provenance::DigestRequest;

constexpr std::string_view kBlobs = "blobs/";

// The digest that the blob's name is one of; nothing for a file that is no blob.
std::optional<DigestRequest> request_for(const ObservedFile& file) {
  const auto name = oci::blob_name(file.path);
  if (!name) return std::nullopt;
  return DigestRequest{.hash = oci::hash_of(*name)};
}

oci::BlobFile blob_of(const ObservedFile& file) {
  oci::BlobFile blob{.path = file.path, .size = file.size, .digest = {}, .content = {}};
  if (const auto request = request_for(file)) {
    blob.digest = digest_of(file, *request).value_or(provenance::ByteString());
  }
  if (file.content) blob.content = as_bytes(*file.content);
  return blob;
}

oci::LayoutFiles layout_of(const VerifyRequest& request) {
  oci::LayoutFiles layout;
  for (const EvidencePart& part : request.parts) {
    (part.path == "index.json" ? layout.index : layout.marker) = as_bytes(part.text);
  }
  for (const ObservedFile& file : request.files) {
    if (file.path.starts_with(kBlobs)) layout.blobs.push_back(blob_of(file));
  }
  return layout;
}

}  // namespace

std::vector<DigestNeed> plan_oci(const VerifyRequest& request) {
  std::vector<DigestNeed> needs;
  std::map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < request.files.size(); ++i) {
    const ObservedFile& file = request.files[i];
    places[file.path] = i;
    const auto wanted = file.is_file ? request_for(file) : std::nullopt;
    if (wanted) needs.push_back({.file = i, .request = *wanted});
  }
  for (const std::string& path : oci::verify_layout(layout_of(request), {}).needed) {
    needs.push_back({.file = places.at(path), .content = true});
  }
  return needs;
}

std::vector<Evidence> verify_oci_request(const VerifyRequest& request) {
  provenance::Checks checks;
  const Trust trust = read_trust(request, checks);
  const auto how = attestation_verification(request, trust);
  oci::LayoutResult result = oci::verify_layout(layout_of(request), how);
  if (!result.needed.empty()) {
    Evidence& unread = result.evidence.emplace_back();
    unread.kind = "oci-layout";
    unread.method = "digest";
    unread.checks.cannot("oci.unread", "a manifest of the layout could not be read");
  }
  for (Evidence& evidence : result.evidence) evidence = with_first(checks, std::move(evidence));
  return std::move(result.evidence);
}

}  // namespace assay
