#include "sbom/sarif_artifacts.h"

#include "sbom/references.h"

namespace assay::sbom {
namespace {

void write_content(JsonWriter& out, const Artifact& artifact) {
  if (artifact.size <= kMaxSarifInteger) out.member("length", artifact.size);
  if (artifact.sha256.empty()) return;
  out.object("hashes").member("sha-256", artifact.sha256).end_object();
}

}  // namespace

SarifArtifacts::SarifArtifacts(const ScanResult& result, const ReportIndex& index)
    : result_(result) {
  for (const Artifact& file : result.files) places_.try_emplace(&file, places_.size());
  for (const auto* findings : {&result.findings, &result.suppressed}) {
    for (const Finding& finding : *findings) add(index, finding.path);
  }
}

void SarifArtifacts::add(const ReportIndex& index, std::string_view path) {
  const auto* place = index.find(path);
  if (!place) return;
  std::vector<Nested> chain;
  for (const Artifact* artifact = place->artifact; !places_.contains(artifact);
       artifact = chain.back().parent) {
    chain.push_back({artifact, index.parent_of(artifact)});
  }
  for (auto link = chain.rbegin(); link != chain.rend(); ++link) {
    places_.try_emplace(link->artifact, places_.size());
    members_.push_back(*link);
  }
}

void SarifArtifacts::write(JsonWriter& out) const {
  out.array("artifacts");
  for (const Artifact& file : result_.files) {
    out.begin_object().object("location").member("uri", relative_uri(file.path));
    out.member("uriBaseId", "ROOT").member("index", index_of(&file)).end_object();
    out.array("roles").value("analysisTarget").end_array();
    write_content(out, file);
    out.end_object();
  }
  for (const auto& [artifact, parent] : members_) {
    out.begin_object().object("location");
    out.member("uri", relative_uri(path_within(*parent, *artifact)));
    out.member("index", index_of(artifact)).end_object();
    out.member("parentIndex", index_of(parent));
    write_content(out, *artifact);
    out.end_object();
  }
  out.end_array();
}

}  // namespace assay::sbom
