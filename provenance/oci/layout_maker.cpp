#include "provenance/oci/layout_maker.h"

#include <set>
#include <stdexcept>

#include "core/text.h"
#include "provenance/oci/document.h"
#include "provenance/sha256.h"

namespace assay::provenance::testing {
namespace {

std::string joined(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& one : list) text += (text.empty() ? "" : ",") + one;
  return text;
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return out + '"';
}

std::vector<Evidence> verify_with(const std::map<std::string, std::string>& files,
                                  const std::string& index,
                                  const intoto::AttestationVerification& how) {
  oci::LayoutFiles given;
  given.index = as_bytes(index);
  for (const auto& [path, content] : files) {
    if (path == "oci-layout") given.marker = as_bytes(content);
    if (!path.starts_with("blobs/")) continue;
    const HashKind hash = oci::hash_of(oci::blob_name(path).value_or("sha256:"));
    given.blobs.push_back({path, content.size(), digest_of(hash, as_bytes(content)), {}});
  }
  for (std::size_t round = 0; round < oci::kMaxIndexDepth + 3; ++round) {
    oci::LayoutResult result = oci::verify_layout(given, how);
    if (result.needed.empty()) return result.evidence;
    const std::set<std::string> needed(result.needed.begin(), result.needed.end());
    for (oci::BlobFile& blob : given.blobs) {
      if (needed.contains(blob.path)) blob.content = as_bytes(files.at(blob.path));
    }
  }
  throw std::runtime_error("more rounds than promised");
}

}  // namespace

std::string digest_in(const std::string& descriptor) {
  const auto at = descriptor.find("\"digest\":\"") + 10;
  return descriptor.substr(at, descriptor.find('"', at) - at);
}

std::string annotations(const std::vector<std::pair<std::string, std::string>>& list) {
  std::vector<std::string> members;
  for (const auto& [name, value] : list)
    members.push_back(in_quotes(name) + ":" + in_quotes(value));
  return R"(,"annotations":{)" + joined(members) + "}";
}

std::string Layout::add(std::string_view content, std::string_view media_type,
                        const std::string& more) {
  const std::string digest = "sha256:" + sha256_hex(as_bytes(content));
  files[oci::blob_path(digest)] = content;
  return R"({"mediaType":)" + in_quotes(media_type) + R"(,"digest":)" + in_quotes(digest) +
         R"(,"size":)" + std::to_string(content.size()) + more + "}";
}

std::string Layout::add_manifest(const std::vector<std::string>& layers, std::string_view type,
                                 const std::string& more, const std::string& descriptor_more) {
  const std::string config = add("{}", type);
  return add(R"({"schemaVersion":2,"mediaType":)" + in_quotes(kManifest) + R"(,"config":)" +
                 config + R"(,"layers":[)" + joined(layers) + "]" + more + "}",
             kManifest, descriptor_more);
}

std::string Layout::add_index(const std::vector<std::string>& manifests) {
  return add(R"({"schemaVersion":2,"mediaType":)" + in_quotes(kIndex) + R"(,"manifests":[)" +
                 joined(manifests) + "]}",
             kIndex);
}

std::string& Layout::blob(const std::string& descriptor) {
  return files.at(oci::blob_path(digest_in(descriptor)));
}

std::vector<Evidence> Layout::verify(const intoto::AttestationVerification& how) const {
  const std::string index = R"({"schemaVersion":2,"manifests":[)" + joined(roots) + "]}";
  const auto own = files.find("index.json");
  return verify_with(files, own == files.end() ? index : own->second, how);
}

std::string add_model(Layout& layout) {
  const std::string weights = layout.add("weights", "application/vnd.cncf.model.weight.v1.raw");
  const std::string card = layout.add("# card", "application/vnd.cncf.model.doc.v1.raw");
  return layout.add_manifest({weights, card}, "application/vnd.cncf.model.config.v1+json");
}

std::string simple_signing(std::string_view digest) {
  return R"({"critical":{"identity":{"docker-reference":"r.test/m"},"image":{)"
         R"("docker-manifest-digest":)" +
         in_quotes(digest) + R"(},"type":"cosign container image signature"},"optional":null})";
}

}  // namespace assay::provenance::testing
