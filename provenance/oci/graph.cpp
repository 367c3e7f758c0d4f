#include "provenance/oci/graph.h"

#include <algorithm>

#include "core/text.h"
#include "provenance/json.h"

namespace assay::provenance::oci {
namespace {

constexpr std::string_view kCount = "oci.count";
constexpr std::uint64_t kMaxMarkerSize = 4096;
constexpr std::string_view kRefName = "org.opencontainers.image.ref.name";

std::string shown(std::string_view text) { return "'" + escaped(shortened(text, 200)) + "'"; }

void append_failure(Checks& checks, std::string_view name, const ParseError& error) {
  if (error.code == ParseErrc::unsupported || error.code == ParseErrc::over_budget) {
    checks.cannot(name, error.message);
  } else {
    checks.fail(name, error.message);
  }
}

bool says_otherwise(const Document& document, const Descriptor& descriptor) {
  if (!document.media_type.empty() && document.media_type != descriptor.media_type) return true;
  return document.is_index != is_index_type(descriptor.media_type);
}

}  // namespace

Graph::Graph(const LayoutFiles& files) {
  for (const BlobFile& file : files.blobs) {
    if (auto name = blob_name(file.path)) {
      files_.emplace(std::move(*name), &file);
    } else {
      no_blobs_.push_back(file.path);
    }
  }
  check_marker(files);
  read_index(files);
  for (std::size_t next = 0; next < open_.size(); ++next) open(Step(open_[next]));
}

const Node* Graph::find(std::string_view digest) const {
  const auto found = nodes_.find(std::string(digest));
  return found == nodes_.end() ? nullptr : &found->second;
}

void Graph::over(std::string message) {
  if (std::ranges::find(checks_.list(), kCount, &Check::name) != checks_.list().end()) return;
  checks_.cannot(kCount, std::move(message));
}

void Graph::check_marker(const LayoutFiles& files) {
  constexpr std::string_view kClass = "oci.layout";
  if (!files.marker) return checks_.fail(kClass, "there is no file oci-layout");
  const auto root = parse_json(*files.marker, kMaxMarkerSize);
  const JsonValue* version = root ? root->find("imageLayoutVersion") : nullptr;
  if (!version || !version->text()) return checks_.fail(kClass, "oci-layout names no version");
  if (version->text()->starts_with("1.")) return checks_.pass(kClass);
  checks_.cannot(kClass, "a layout of the version " + shown(*version->text()));
}

void Graph::read_index(const LayoutFiles& files) {
  if (!files.index) return checks_.fail("oci.layout", "there is no index.json");
  auto document = parse_document(*files.index);
  if (!document) return append_failure(checks_, "oci.parse", document.error());
  if (!document->is_index) return checks_.fail("oci.parse", "index.json is no index");
  checks_.pass("oci.parse");
  roots_ = std::move(document->children);
  check_tags();
  for (const Descriptor& root : roots_) follow(root, 0, true);
}

void Graph::check_tags() {
  std::map<std::string, std::string> tags;
  for (const Descriptor& root : roots_) {
    const std::string* tag = root.annotation(kRefName);
    if (!tag) continue;
    const auto [at, added] = tags.emplace(*tag, root.digest);
    if (added || at->second == root.digest) continue;
    return checks_.warn("oci.tag", "two manifests bear the name " + shown(*tag));
  }
}

void Graph::follow(const Descriptor& descriptor, std::size_t depth, bool may_be_document) {
  if (++descriptors_ > kMaxDescriptors) return over("more descriptors than are followed");
  auto [at, added] = nodes_.try_emplace(descriptor.digest);
  Node& node = at->second;
  if (added) {
    node.first = descriptor;
    node.first.annotations = {};
    const auto file = files_.find(descriptor.digest);
    if (file != files_.end()) node.file = file->second;
    check_file(node);
  }
  if (node.file && node.file->size != descriptor.size && node.state != CoverageState::changed) {
    node.state = CoverageState::changed;
    node.checks.fail("oci.size", shown(node.file->path) + " has " +
                                     std::to_string(node.file->size) + " bytes and not " +
                                     std::to_string(descriptor.size));
  }
  if (may_be_document && is_document_type(descriptor.media_type)) {
    follow_document(descriptor, depth, node);
  }
}

void Graph::follow_document(const Descriptor& descriptor, std::size_t depth, Node& node) {
  if (!queued_.insert(descriptor.digest).second) {
    if (node.first.media_type != descriptor.media_type) {
      node.checks.fail("oci.media-type",
                       shown(blob_path(descriptor.digest)) + " is led to as two kinds of document");
    }
    return;
  }
  node.first.media_type = descriptor.media_type;
  if (depth >= kMaxIndexDepth) return over("indexes lead deeper than is followed");
  if (++documents_ > kMaxDocuments) return over("more manifests than are read");
  open_.push_back({descriptor.digest, depth});
}

void Graph::check_file(Node& node) const {
  const std::string path = blob_path(node.first.digest);
  if (!node.file) {
    node.state = CoverageState::missing;
    return node.checks.cannot("oci.missing", shown(path) + " is not here");
  }
  const HashKind hash = hash_of(node.first.digest);
  const ByteString digest =
      node.file->content ? digest_of(hash, *node.file->content) : node.file->digest;
  if (digest.empty()) {
    node.state = CoverageState::not_covered;
    return node.checks.cannot("oci.digest", shown(path) + " was not hashed");
  }
  if (node.first.digest == std::string(to_string(hash)) + ':' + hex(digest)) return;
  node.state = CoverageState::changed;
  node.checks.fail("oci.digest", shown(path) + " is not what its name says");
}

std::optional<Bytes> Graph::content(const std::string& digest, std::uint64_t max_size) {
  const Node* node = find(digest);
  if (!node || !node->file) return std::nullopt;
  if (node->file->size > max_size) {
    over(shown(node->file->path) + " is larger than is read");
    return std::nullopt;
  }
  // In the same order in every round, so that the limit stops at the same place.
  if (!counted_.contains(digest)) {
    if (node->file->size > kMaxContentSize - asked_size_) {
      over("the manifests are larger, all together, than is read");
      return std::nullopt;
    }
    counted_.insert(digest);
    asked_size_ += node->file->size;
  }
  if (!node->file->content) needed_.insert(node->file->path);
  return node->file->content;
}

void Graph::open(const Step& step) {
  Node& node = nodes_.at(step.digest);
  const auto bytes = content(step.digest, kMaxDocumentSize);
  if (!bytes) return;
  auto document = parse_document(*bytes);
  if (!document) {
    append_failure(node.checks, "oci.parse", document.error());
    return;
  }
  if (says_otherwise(*document, node.first)) {
    node.checks.fail("oci.media-type", shown(blob_path(step.digest)) +
                                           " is not the kind of document that leads to it");
  }
  node.document = std::move(*document);
  const Document& read = *node.document;
  if (read.config) follow(*read.config, step.depth + 1, false);
  for (const Descriptor& child : read.children) follow(child, step.depth + 1, read.is_index);
}

std::vector<Coverage> Graph::extra() const {
  std::vector<Coverage> list;
  for (const std::string& path : no_blobs_) list.push_back({path, CoverageState::extra});
  for (const auto& [digest, file] : files_) {
    if (!nodes_.contains(digest)) list.push_back({file->path, CoverageState::extra});
  }
  return list;
}

std::vector<const Node*> Graph::reachable(const std::string& digest) const {
  std::vector<const Node*> list;
  std::set<std::string> seen{digest};
  std::vector<std::string> open{digest};
  const auto add = [&](const Descriptor& descriptor) {
    if (seen.insert(descriptor.digest).second) open.push_back(descriptor.digest);
  };
  for (std::size_t next = 0; next < open.size(); ++next) {
    const Node* node = find(open[next]);
    if (!node) continue;
    list.push_back(node);
    if (!node->document) continue;
    if (node->document->config) add(*node->document->config);
    for (const Descriptor& child : node->document->children) add(child);
  }
  return list;
}

}  // namespace assay::provenance::oci
