#include "provenance/intoto/dependency.h"

#include "core/text.h"

namespace assay::provenance::intoto {
namespace {

constexpr std::size_t kMaxShown = 2000;

bool take_front(std::string_view& text, std::string_view front) {
  if (!to_lower(text.substr(0, front.size())).starts_with(front)) return false;
  text.remove_prefix(front.size());
  return true;
}

// Host and path of an address of the web, git's spellings of one too. The host is
// lower-case, without a user and a port; empty: no such address.
struct WebAddress {
  std::string host;
  std::string_view path;
};

WebAddress parse_web_address(std::string_view uri) {
  take_front(uri, "git+");
  if (!take_front(uri, "https://") && !take_front(uri, "http://") && !take_front(uri, "ssh://")) {
    return {};
  }
  const auto end = std::min(uri.find_first_of("/?#"), uri.size());
  std::string_view host = uri.substr(0, end);
  const std::string_view path = uri.substr(end);
  if (const auto at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
  host = host.substr(0, host.find(':'));
  return {to_lower(host), path.starts_with('/') ? path.substr(1) : path};
}

// A blank parts the words of a line: a name must not be able to look like a digest.
std::string one_word(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, kMaxShown)) out += c == ' ' ? "%20" : std::string(1, c);
  return out;
}

DependencyKind kind_of_hub_path(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  if (path.starts_with("datasets/")) return DependencyKind::data_set;
  if (path.empty() || path.starts_with("spaces/")) return DependencyKind::other;
  return DependencyKind::model;
}

}  // namespace

std::string_view to_string(DependencyKind kind) {
  switch (kind) {
    case DependencyKind::model:
      return "base_model";
    case DependencyKind::data_set:
      return "dataset";
    case DependencyKind::other:
      break;
  }
  return "dependency";
}

DependencyKind kind_of_dependency(std::string_view uri) {
  if (take_front(uri, "hf://") || take_front(uri, "pkg:huggingface/")) return kind_of_hub_path(uri);
  const WebAddress address = parse_web_address(uri);
  const bool hub = address.host == "huggingface.co" || address.host == "hf.co" ||
                   address.host == "www.huggingface.co";
  return hub ? kind_of_hub_path(address.path) : DependencyKind::other;
}

std::string line_of(const ResourceDescriptor& dependency) {
  std::string line = one_word(dependency.uri.empty() ? dependency.name : dependency.uri);
  for (const auto& [algorithm, digest] : dependency.digest) {
    if (line.size() > kMaxShown) break;
    line += ' ' + one_word(algorithm + ':' + digest);
  }
  return shortened(line, kMaxShown);
}

SourceUri parse_source_uri(std::string_view uri) {
  take_front(uri, "git+");
  SourceUri source;
  const auto scheme = uri.find("://");
  const auto path = uri.find('/', scheme == std::string_view::npos ? 0 : scheme + 3);
  const auto at = path == std::string_view::npos ? path : uri.find('@', path);
  if (at != std::string_view::npos) {
    source.ref = uri.substr(at + 1);
    uri = uri.substr(0, at);
  }
  while (uri.ends_with('/')) uri.remove_suffix(1);
  if (uri.ends_with(".git")) uri.remove_suffix(4);
  source.repository = uri;
  return source;
}

}  // namespace assay::provenance::intoto
