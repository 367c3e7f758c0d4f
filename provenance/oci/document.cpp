#include "provenance/oci/document.h"

#include <algorithm>
#include <array>

#include "core/text.h"
#include "provenance/json.h"

namespace assay::provenance::oci {
namespace {

constexpr std::size_t kMaxAnnotations = 1000;

struct Algorithm {
  std::string_view name;
  HashKind hash;
  std::size_t hex_size;
};
constexpr std::array kAlgorithms = std::to_array<Algorithm>({
    {"sha256", HashKind::sha256, 64},
    {"sha512", HashKind::sha512, 128},
});

std::unexpected<ParseError> malformed(std::string message) {
  return fail(ParseErrc::malformed, 0, std::move(message));
}

const Algorithm* algorithm_of(std::string_view digest) {
  const auto found =
      std::ranges::find(kAlgorithms, digest.substr(0, digest.find(':')), &Algorithm::name);
  return found == kAlgorithms.end() ? nullptr : &*found;
}

bool is_hex(std::string_view text, std::size_t size) {
  return text.size() == size &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// A text that may be absent; false when it is something else.
bool take_text(const JsonValue& object, std::string_view name, std::string& out) {
  const JsonValue* value = object.find(name);
  if (value && !value->text()) return false;
  if (value) out = *value->text();
  return true;
}

bool take_annotations(const JsonValue& object, Annotations& out) {
  const JsonValue* value = object.find("annotations");
  if (!value) return true;
  const JsonObject* members = value->object();
  if (!members || members->size() > kMaxAnnotations) return false;
  for (const auto& [name, text] : *members) {
    if (!text.text()) return false;
    out.emplace_back(name, *text.text());
  }
  return true;
}

Parsed<Descriptor> read_descriptor(const JsonValue& value) {
  Descriptor descriptor;
  const JsonValue* size_value = value.find("size");
  const auto size = size_value ? size_value->integer() : std::nullopt;
  if (!value.object() || !take_text(value, "mediaType", descriptor.media_type) ||
      !take_text(value, "artifactType", descriptor.artifact_type) ||
      !take_text(value, "digest", descriptor.digest) ||
      !take_annotations(value, descriptor.annotations) || descriptor.media_type.empty() || !size ||
      *size < 0) {
    return malformed("a descriptor without media type, digest and size");
  }
  descriptor.size = static_cast<std::uint64_t>(*size);
  const std::string& digest = descriptor.digest;
  const Algorithm* algorithm = algorithm_of(digest);
  const auto colon = digest.find(':');
  if (colon == std::string::npos || colon == 0) return malformed("a descriptor without digest");
  if (!algorithm) {
    return fail(ParseErrc::unsupported, 0,
                "a digest by '" + escaped(shortened(digest.substr(0, colon), 40)) + "'");
  }
  if (!is_hex(std::string_view(digest).substr(colon + 1), algorithm->hex_size)) {
    return malformed("a digest that is not its algorithm's hex");
  }
  return descriptor;
}

Parsed<std::optional<Descriptor>> read_one(const JsonValue& root, std::string_view name) {
  const JsonValue* value = root.find(name);
  if (!value) return std::optional<Descriptor>();
  auto descriptor = read_descriptor(*value);
  if (!descriptor) return std::unexpected(descriptor.error());
  return std::optional<Descriptor>(std::move(*descriptor));
}

Parsed<std::vector<Descriptor>> read_list(const JsonValue& value) {
  std::vector<Descriptor> list;
  if (!value.array()) return malformed("no list of descriptors");
  for (const JsonValue& element : *value.array()) {
    auto descriptor = read_descriptor(element);
    if (!descriptor) return std::unexpected(descriptor.error());
    list.push_back(std::move(*descriptor));
  }
  return list;
}

}  // namespace

const std::string* Descriptor::annotation(std::string_view name) const {
  const auto found = std::ranges::find(annotations, name, &Annotations::value_type::first);
  return found == annotations.end() ? nullptr : &found->second;
}

Parsed<Document> parse_document(Bytes json) {
  const auto root = parse_json(json, kMaxDocumentSize);
  if (!root) return std::unexpected(root.error());
  const JsonValue* manifests = root->find("manifests");
  const JsonValue* layers = root->find("layers");
  const JsonValue* blobs = root->find("blobs");  // of the artifact manifest that was dropped
  if ((manifests != nullptr) + (layers != nullptr) + (blobs != nullptr) != 1) {
    return malformed("neither a manifest nor an index alone");
  }
  Document document;
  document.is_index = manifests != nullptr;
  if (!take_text(*root, "mediaType", document.media_type) ||
      !take_text(*root, "artifactType", document.artifact_type)) {
    return malformed("a media type that is no text");
  }
  auto children = read_list(manifests ? *manifests : layers ? *layers : *blobs);
  if (!children) return std::unexpected(children.error());
  document.children = std::move(*children);
  auto config = read_one(*root, "config");
  if (!config) return std::unexpected(config.error());
  document.config = std::move(*config);
  if (document.is_index && document.config) return malformed("an index with a configuration");
  auto subject = read_one(*root, "subject");
  if (!subject) return std::unexpected(subject.error());
  document.subject = std::move(*subject);
  if (document.artifact_type.empty() && document.config) {
    document.artifact_type = document.config->media_type;
  }
  return document;
}

bool is_index_type(std::string_view media_type) {
  return media_type == "application/vnd.oci.image.index.v1+json" ||
         media_type == "application/vnd.docker.distribution.manifest.list.v2+json";
}

bool is_document_type(std::string_view media_type) {
  return is_index_type(media_type) || media_type == "application/vnd.oci.image.manifest.v1+json" ||
         media_type == "application/vnd.oci.artifact.manifest.v1+json" ||
         media_type == "application/vnd.docker.distribution.manifest.v2+json";
}

std::string_view artifact_kind(std::string_view artifact_type) {
  struct Kind {
    std::string_view prefix;
    std::string_view name;
  };
  static constexpr std::array kKinds = std::to_array<Kind>({
      {"application/vnd.cncf.model.", "modelpack"},
      {"application/vnd.cnai.model.", "modelpack"},
      {"application/vnd.kitops.modelkit.", "kitops"},
      {"application/vnd.docker.ai.", "docker-model"},
      {"application/vnd.oci.image.config.", "container-image"},
      {"application/vnd.docker.container.image.", "container-image"},
      {"application/vnd.dev.sigstore.bundle", "sigstore-bundle"},
      {"application/vnd.dev.cosign.", "cosign-signature"},
  });
  for (const Kind& kind : kKinds) {
    if (artifact_type.starts_with(kind.prefix)) return kind.name;
  }
  return {};
}

std::optional<std::string> blob_name(std::string_view path) {
  constexpr std::string_view kFolder = "blobs/";
  if (!path.starts_with(kFolder)) return std::nullopt;
  path.remove_prefix(kFolder.size());
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  std::string name = std::string(path.substr(0, slash)) + ':' + std::string(path.substr(slash + 1));
  const Algorithm* algorithm = algorithm_of(name);
  if (!algorithm || !is_hex(path.substr(slash + 1), algorithm->hex_size)) return std::nullopt;
  return name;
}

std::string blob_path(std::string_view digest) {
  const auto colon = std::min(digest.find(':'), digest.size() - 1);
  return "blobs/" + std::string(digest.substr(0, colon)) + '/' +
         std::string(digest.substr(colon + 1));
}

HashKind hash_of(std::string_view digest) {
  const Algorithm* algorithm = algorithm_of(digest);
  return algorithm ? algorithm->hash : HashKind::sha256;
}

}  // namespace assay::provenance::oci
