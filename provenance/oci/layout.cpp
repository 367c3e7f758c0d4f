#include "provenance/oci/layout.h"

#include <algorithm>
#include <set>

#include "provenance/oci/graph.h"
#include "provenance/oci/signatures.h"

namespace assay::provenance::oci {
namespace {

constexpr std::size_t kMaxArtifactsTold = 100;

void tell_artifacts(const Graph& graph, Evidence& evidence) {
  std::size_t told = 0;
  for (const Descriptor& root : graph.roots()) {
    const Node* node = graph.find(root.digest);
    if (!node || !node->document) continue;
    const std::string_view kind = artifact_kind(node->document->artifact_type);
    if (kind.empty() || ++told > kMaxArtifactsTold) continue;
    evidence.properties.emplace_back("artifact", std::string(kind) + ' ' + root.digest);
  }
}

// That nothing of a kind is wrong is said once, and what is wrong for each blob.
void append_checks(const Graph& graph, Checks& checks) {
  Checks found;
  for (const auto& [digest, node] : graph.nodes()) found.append(node.checks);
  for (const std::string_view name : {"oci.digest", "oci.size", "oci.media-type"}) {
    if (std::ranges::find(found.list(), name, &Check::name) == found.list().end()) {
      checks.pass(name);
    }
  }
  checks.append(found);
}

Evidence integrity_of(const Graph& graph, bool strict) {
  Evidence evidence;
  evidence.kind = "oci-layout";
  evidence.method = "digest";
  evidence.checks = graph.checks();
  append_checks(graph, evidence.checks);
  for (const auto& [digest, node] : graph.nodes()) {
    evidence.coverage.push_back({blob_path(digest), node.state});
  }
  const auto extra = graph.extra();
  if (!extra.empty()) evidence.checks.warn("oci.extra", "nothing leads to some of the files");
  evidence.coverage.insert(evidence.coverage.end(), extra.begin(), extra.end());
  std::ranges::sort(evidence.coverage, {}, &Coverage::path);
  tell_artifacts(graph, evidence);
  if (!strict) return evidence;
  for (Check& check : evidence.checks.items()) {
    if (check.outcome == Outcome::warned) check.outcome = Outcome::failed;
  }
  return evidence;
}

// What the index leads to and no signature that holds is over.
class Unsigned {
 public:
  Unsigned(const Graph& graph, const std::vector<SignatureLayer>& signatures,
           const std::vector<Evidence>& evidence)
      : graph_(graph) {
    for (const SignatureLayer& signature : signatures) fine_.insert(signature.manifest);
    for (const Evidence& one : evidence) {
      if (one.state() != "verified" && one.state() != "signed") continue;
      for (const Coverage& file : one.coverage) {
        const auto name = blob_name(file.path);
        if (name && file.state == CoverageState::covered) fine_.insert(*name);
      }
    }
  }

  std::size_t count() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        graph_.roots(), [this](const Descriptor& root) { return !is_fine(root.digest, 0); }));
  }

 private:
  bool is_fine(const std::string& digest, std::size_t depth) const {
    if (fine_.contains(digest)) return true;
    const Node* node = graph_.find(digest);
    if (!node || !node->document || !node->document->is_index || depth > kMaxIndexDepth)
      return false;
    const auto& children = node->document->children;
    return !children.empty() && std::ranges::all_of(children, [&](const Descriptor& child) {
      return is_fine(child.digest, depth + 1);
    });
  }

  const Graph& graph_;
  std::set<std::string> fine_;
};

void tell_unsigned(std::size_t count, bool strict, Checks& checks) {
  constexpr std::string_view kClass = "oci.unsigned";
  if (count == 0) return checks.pass(kClass);
  std::string message =
      std::to_string(count) + " of what the index leads to has no signature that holds";
  strict ? checks.fail(kClass, std::move(message)) : checks.warn(kClass, std::move(message));
}

LayoutResult ask_for(const Graph& graph) {
  return {{graph.needed().begin(), graph.needed().end()}, {}};
}

}  // namespace

LayoutResult verify_layout(const LayoutFiles& files, const intoto::AttestationVerification& how) {
  Graph graph(files);
  if (!graph.needed().empty()) return ask_for(graph);
  Checks limits;
  const auto signatures = find_signatures(graph, limits);
  for (const SignatureLayer& signature : signatures) {
    graph.content(signature.layer.digest, kMaxBundleSize);
    const auto& config = graph.find(signature.manifest)->document->config;
    if (config) graph.content(config->digest, kMaxConfigSize);
  }
  if (!graph.needed().empty()) return ask_for(graph);
  LayoutResult result;
  result.evidence.push_back(integrity_of(graph, how.strict));
  result.evidence.front().checks.append(limits);
  for (const SignatureLayer& signature : signatures) {
    result.evidence.push_back(verify_signature(signature, graph, how));
  }
  if (!signatures.empty()) {
    const std::size_t count = Unsigned(graph, signatures, result.evidence).count();
    tell_unsigned(count, how.strict, result.evidence.front().checks);
  }
  return result;
}

}  // namespace assay::provenance::oci
