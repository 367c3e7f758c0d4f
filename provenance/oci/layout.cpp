#include "provenance/oci/layout.h"

#include <algorithm>

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
  return result;
}

}  // namespace assay::provenance::oci
