#include "sbom/cyclonedx_report.h"

#include <algorithm>
#include <array>

#include "core/text.h"
#include "sbom/artifact_walk.h"
#include "sbom/cyclonedx_parts.h"
#include "sbom/fact_summary.h"
#include "sbom/references.h"
#include "sbom/report_index.h"
#include "sbom/sha256.h"
#include "sbom/utc_time.h"

namespace assay::sbom {
namespace {

// Formats that hold a trained model whatever else is known of the file.
constexpr std::array<std::string_view, 9> kModelFormats{
    "safetensors", "torch-zip", "torch", "onnx", "gguf", "keras", "hdf5", "torch-legacy", "tflite"};

bool is_model(const Artifact& file) {
  return std::find(kModelFormats.begin(), kModelFormats.end(), file.format) !=
             kModelFormats.end() ||
         tensor_totals(file).count > 0;
}

std::string_view component_type(const ScanResult& result) {
  if (std::any_of(result.files.begin(), result.files.end(), is_model)) {
    return "machine-learning-model";
  }
  return result.files.size() == 1 ? "file" : "application";
}

// The serial number stands for what was found in which bytes by which rules.
std::string serial_number(const ScanResult& result) {
  std::string content;
  const auto add = [&](std::string_view text) { content += std::string(text) + '\0'; };
  add(to_utf8(source_label(result.source)));
  add(to_utf8(result.source.revision));
  add(to_utf8(result.tool.version));
  add(to_utf8(result.tool.rules_digest));
  const auto enter = [&](const Artifact& artifact) {
    add(to_utf8(artifact.path));
    add(artifact.sha256);
    add(std::to_string(artifact.size));
    add(to_string(artifact.status));
    return true;
  };
  for (const Artifact& file : result.files) walk(file, enter, [](const Artifact&) {});
  for (const auto* findings : {&result.findings, &result.suppressed}) {
    for (const Finding& finding : *findings) {
      add(to_utf8(finding.rule));
      add(to_utf8(finding.path));
      add(to_utf8(finding.fingerprint));
    }
  }
  for (const Gap& gap : result.gaps) add(to_utf8(gap.path));
  return "urn:uuid:" + uuid_of(content);
}

class CycloneDxReport {
 public:
  CycloneDxReport(const ScanResult& result, const RenderOptions& options)
      : result_(result),
        options_(options),
        subject_ref_(refs_.unique("subject")),
        places_(result),
        index_(result, places_, refs_) {}

  std::string take() {
    out_.begin_object().member("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
    out_.member("bomFormat", "CycloneDX").member("specVersion", "1.6");
    out_.member("serialNumber", serial_number(result_)).member("version", 1);
    metadata();
    components();
    dependencies();
    compositions();
    vulnerabilities();
    out_.end_object();
    return out_.take();
  }

 private:
  void metadata() {
    out_.object("metadata");
    if (options_.source_date_epoch) {
      const std::string time = utc_time(*options_.source_date_epoch);
      if (!time.empty()) out_.member("timestamp", time);
    }
    const bool is_local = result_.source.kind == "path" || result_.source.kind == "stdin";
    out_.array("lifecycles").begin_object();
    out_.member("phase", is_local ? "post-build" : "discovery").end_object().end_array();
    out_.object("tools").array("components").begin_object().member("type", "application");
    out_.member("name", "assay").member("version", result_.tool.version).end_object();
    out_.end_array().end_object();
    subject();
    out_.array("properties");
    write_property(out_, "verdict", to_string(result_.verdict));
    write_property(out_, "exit_code", std::to_string(result_.exit_code));
    write_property(out_, "rules_digest", result_.tool.rules_digest);
    write_sandbox_properties(out_, result_.tool);
    out_.end_array().end_object();
  }

  // metadata.component: the scanned thing itself.
  void subject() {
    const SourceInfo& source = result_.source;
    out_.object("component").member("type", component_type(result_));
    out_.member("bom-ref", subject_ref_);
    const std::string repository = hub_repository(source);
    if (repository.empty()) {
      out_.member("name", escaped(source_label(source)));
    } else {
      const std::size_t slash = repository.find('/');
      out_.member("group", escaped(repository.substr(0, slash)));
      out_.member("name", escaped(repository.substr(slash + 1)));
    }
    if (!source.revision.empty()) out_.member("version", escaped(source.revision));
    if (result_.files.size() == 1) write_hashes(out_, result_.files.front());
    if (!repository.empty()) {
      out_.member("purl", "pkg:huggingface/" + relative_uri(repository) +
                              (source.revision.empty() ? "" : "@" + relative_uri(source.revision)));
    }
    attestations();
    subject_properties();
    out_.end_object();
  }

  // Where the evidence lies. Whether it holds stands in the properties too.
  void attestations() {
    if (result_.provenance.empty()) return;
    out_.array("externalReferences");
    for (const EvidenceRecord& record : result_.provenance) {
      out_.begin_object().member("type", "attestation").member("url", relative_uri(record.path));
      out_.member("comment", evidence_words(record.evidence)).end_object();
    }
    out_.end_array();
  }

  // Weights in two formats are the same weights twice: only one file's are told.
  void subject_properties() {
    out_.array("properties");
    write_property(out_, "signature.state", provenance_state(result_.provenance));
    for (const EvidenceRecord& record : result_.provenance) write_evidence_properties(out_, record);
    if (const Artifact* weights = only_weights()) {
      write_tensor_properties(out_, summarize(*weights).totals);
    }
    out_.end_array();
  }

  const Artifact* only_weights() const {
    const Artifact* weights = nullptr;
    for (const Artifact& file : result_.files) {
      if (tensor_totals(file).count == 0) continue;
      if (weights) return nullptr;
      weights = &file;
    }
    return weights;
  }

  void components() {
    out_.array("components");
    for (const Artifact& file : result_.files) write_file_component(out_, file, index_);
    for (const auto& [name, library] : index_.libraries()) {
      write_library_component(out_, name, library);
    }
    out_.end_array();
  }

  void dependencies() {
    out_.array("dependencies").begin_object().member("ref", subject_ref_).array("dependsOn");
    for (const Artifact& file : result_.files) out_.value(*index_.ref_of(&file));
    out_.end_array().end_object();
    for (std::size_t i = 0; i < result_.files.size(); ++i) {
      if (index_.libraries_of(i).empty()) continue;
      out_.begin_object().member("ref", *index_.ref_of(&result_.files[i])).array("dependsOn");
      for (const std::string& library : index_.libraries_of(i)) out_.value(library);
      out_.end_array().end_object();
    }
    out_.end_array();
  }

  void composition(std::string_view aggregate, const char* kind,
                   const std::vector<std::string>& refs) {
    if (refs.empty()) return;
    out_.begin_object().member("aggregate", aggregate).array(kind);
    for (const std::string& ref : refs) out_.value(ref);
    out_.end_array().end_object();
  }

  // Complete is what was examined to the end. Which libraries loading needs is
  // never known for sure from the files.
  void compositions() {
    std::vector<std::string> with_gaps;
    const auto enter = [&](const Artifact& artifact) {
      const std::string* ref = index_.ref_of(&artifact);
      if (ref && !index_.gaps_of(artifact).empty()) with_gaps.push_back(*ref);
      return ref != nullptr;
    };
    for (const Artifact& file : result_.files) walk(file, enter, [](const Artifact&) {});
    const bool is_complete = result_.gaps.empty() && index_.left_out_members() == 0;
    out_.array("compositions");
    composition(is_complete ? "complete" : "incomplete", "assemblies", {subject_ref_});
    composition("incomplete", "assemblies", with_gaps);
    composition("incomplete", "dependencies", {subject_ref_});
    out_.end_array();
  }

  void vulnerabilities() {
    out_.array("vulnerabilities");
    for (const Finding& finding : result_.findings) vulnerability(finding, false);
    for (const Finding& finding : result_.suppressed) vulnerability(finding, true);
    out_.end_array();
  }

  void vulnerability(const Finding& finding, bool is_suppressed) {
    const std::string rule = escaped(finding.rule);
    out_.begin_object().member(
        "bom-ref", refs_.unique("finding:" + rule + ":" + escaped(finding.fingerprint)));
    out_.member("id", rule).object("source").member("name", "assay").end_object();
    references(finding);
    out_.array("ratings").begin_object().member("severity", to_string(finding.severity));
    out_.member("method", "other").end_object().end_array();
    if (const auto cwes = cwes_of(finding.references); !cwes.empty()) {
      out_.array("cwes");
      for (const int cwe : cwes) out_.value(cwe);
      out_.end_array();
    }
    texts(finding);
    if (is_suppressed) {
      out_.object("analysis").member("detail", "Suppressed by policy.").end_object();
    }
    out_.array("affects").begin_object().member("ref", affected(finding)).end_object().end_array();
    properties(finding);
    out_.end_object();
  }

  void references(const Finding& finding) {
    const auto ids = advisories_of(finding.references);
    if (ids.empty()) return;
    out_.array("references");
    for (const std::string& id : ids) {
      out_.begin_object().member("id", escaped(id)).object("source");
      out_.member("name", id.starts_with("CVE-") ? "CVE" : "GitHub").end_object().end_object();
    }
    out_.end_array();
  }

  void texts(const Finding& finding) {
    const auto text = [&](const char* name, std::string_view content) {
      if (!content.empty()) out_.member(name, escaped(content));
    };
    text("description", finding.title);
    text("detail", finding.message);
    text("recommendation", finding.fix);
    const auto urls = urls_of(finding.references);
    if (urls.empty()) return;
    out_.array("advisories");
    for (const std::string& url : urls) out_.begin_object().member("url", url).end_object();
    out_.end_array();
  }

  // The artifact itself or, past the limits of the document, what it is in.
  std::string affected(const Finding& finding) const {
    const auto* place = places_.nearest(finding.path);
    for (const Artifact* artifact = place ? place->artifact : nullptr; artifact;
         artifact = places_.parent_of(artifact)) {
      if (const std::string* ref = index_.ref_of(artifact)) return *ref;
    }
    return subject_ref_;
  }

  void properties(const Finding& finding) {
    out_.array("properties");
    write_property(out_, "path", finding.path);
    write_property(out_, "offset", std::to_string(finding.offset));
    write_property(out_, "size", std::to_string(finding.size));
    for (const auto& [key, values] : grouped(finding.evidence)) {
      for (const std::string& value : values) write_property(out_, "evidence." + key, value);
    }
    out_.end_array();
  }

  const ScanResult& result_;
  const RenderOptions& options_;
  BomRefs refs_;
  std::string subject_ref_;
  ReportIndex places_;
  CycloneDxIndex index_;
  JsonWriter out_;
};

}  // namespace

std::string cyclonedx_report(const ScanResult& result, const RenderOptions& options) {
  return CycloneDxReport(result, options).take();
}

}  // namespace assay::sbom
