#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/scan_result.h"
#include "sbom/json_writer.h"
#include "sbom/report_index.h"

namespace assay::sbom {

// Hands out bom-refs: the wish itself, or with "#2", "#3" behind it when taken.
class BomRefs {
 public:
  std::string unique(const std::string& wish);

 private:
  std::unordered_set<std::string> taken_;
  std::unordered_map<std::string, std::size_t> repeats_;
};

// A top-level module that loading some file imports.
struct Library {
  struct Use {
    const Artifact* artifact;
    const Import* import;
  };
  std::string ref;
  std::vector<Use> uses;      // the first kMaxUses
  std::size_t use_count = 0;  // all of them
  std::string safety;         // the worst of its imports
};

// What the parts of a CycloneDX document refer to: which artifacts and libraries
// it lists, and under which bom-ref.
class CycloneDxIndex {
 public:
  CycloneDxIndex(const ScanResult& result, const ReportIndex& places, BomRefs& refs);

  // Null for a member beyond the document's limits.
  const std::string* ref_of(const Artifact* artifact) const;
  const std::map<std::string, Library>& libraries() const { return libraries_; }
  // The refs of the libraries that file number `file` or its members import.
  const std::set<std::string>& libraries_of(std::size_t file) const { return used_by_.at(file); }
  // The gaps in an artifact, or in members of it that are no artifacts.
  const std::vector<const Gap*>& gaps_of(const Artifact& artifact) const;
  std::size_t left_out_members() const { return left_out_members_; }

 private:
  void list_artifacts(const Artifact& file, BomRefs& refs);
  void list_libraries(const Artifact& file, BomRefs& refs, std::set<std::string>& used);

  std::unordered_map<const Artifact*, std::string> refs_;
  std::map<std::string, Library> libraries_;
  std::vector<std::set<std::string>> used_by_;
  std::unordered_map<const Artifact*, std::vector<const Gap*>> gaps_;
  std::size_t listed_members_ = 0;
  std::size_t left_out_members_ = 0;
};

// Writes `root` as a component of type file, its members nested in it.
void write_file_component(JsonWriter& out, const Artifact& root, const CycloneDxIndex& index);

void write_library_component(JsonWriter& out, const std::string& name, const Library& library);

// The properties about tensors; none for an artifact without any.
void write_tensor_properties(JsonWriter& out, const FactTotals& totals);

// The properties about what protected the reading of the files.
void write_sandbox_properties(JsonWriter& out, const ToolInfo& tool);

// {"name": "assay:" + name, "value": value}, escaped.
void write_property(JsonWriter& out, const std::string& name, std::string_view value);

// "verified: oms by key, sha256:..."
std::string evidence_words(const provenance::Evidence& evidence);
// The properties of one piece of evidence: signature.*, in a row.
void write_evidence_properties(JsonWriter& out, const EvidenceRecord& record);

void write_hashes(JsonWriter& out, const Artifact& artifact);

}  // namespace assay::sbom
