#include "sbom/cyclonedx_parts.h"

#include <algorithm>

#include "core/text.h"
#include "sbom/artifact_walk.h"
#include "sbom/fact_summary.h"

namespace assay::sbom {
namespace {

constexpr std::size_t kMaxMembersOfFile = 1'000;
constexpr std::size_t kMaxMembers = 20'000;
constexpr std::size_t kMaxLibraries = 1'000;
constexpr std::size_t kMaxUses = 100;
constexpr std::size_t kMaxProperties = 50;  // of one kind, of one component
constexpr std::size_t kMaxValue = 500;

std::string top_level(const Import& import) {
  const std::string name = to_utf8(import.module.empty() ? import.name : import.module);
  return name.substr(0, name.find('.'));
}

int harm(std::string_view safety) {
  return safety == "dangerous" ? 3 : safety == "suspicious" ? 2 : safety == "innocuous" ? 1 : 0;
}

void write_metadata(JsonWriter& out, const FactSummary& facts) {
  std::size_t room = kMaxProperties;
  for (const auto& [key, values] : facts.metadata) {
    for (const std::string& value : values) {
      if (room-- == 0) return;
      write_property(out, "metadata." + key, value);
    }
  }
}

void write_references(JsonWriter& out, const FactSummary& facts) {
  for (std::size_t i = 0; i < std::min(facts.references.size(), kMaxProperties); ++i) {
    const auto& reference = std::get<Reference>(facts.references[i]->value);
    write_property(out, "reference." + reference.kind, reference.target);
  }
}

void write_gaps(JsonWriter& out, const std::vector<const Gap*>& gaps) {
  for (std::size_t i = 0; i < std::min(gaps.size(), kMaxProperties); ++i) {
    const Gap& gap = *gaps[i];
    write_property(out, "scan.incomplete",
                   std::string(to_string(gap.reason)) + " in " + gap.path + " at byte " +
                       std::to_string(gap.offset) +
                       (gap.message.empty() ? "" : ": " + gap.message));
  }
}

void write_properties(JsonWriter& out, const Artifact& artifact, const CycloneDxIndex& index) {
  const FactSummary facts = summarize(artifact);
  out.array("properties");
  write_property(out, "size", std::to_string(artifact.size));
  write_property(out, "format", artifact.format);
  for (const std::string& format : artifact.formats) {
    if (format != artifact.format) write_property(out, "format.also", format);
  }
  write_property(out, "status", to_string(artifact.status));
  write_tensor_properties(out, facts.totals);
  write_metadata(out, facts);
  write_references(out, facts);
  write_gaps(out, index.gaps_of(artifact));
  out.end_array();
}

}  // namespace

std::string BomRefs::unique(const std::string& wish) {
  std::string ref = wish;
  while (!taken_.insert(ref).second) ref = wish + "#" + std::to_string(++repeats_[wish] + 1);
  return ref;
}

CycloneDxIndex::CycloneDxIndex(const ScanResult& result, const ReportIndex& places, BomRefs& refs) {
  for (const Gap& gap : result.gaps) {
    if (const auto* place = places.nearest(gap.path)) gaps_[place->artifact].push_back(&gap);
  }
  for (const Artifact& file : result.files) list_artifacts(file, refs);
  used_by_.resize(result.files.size());
  for (std::size_t i = 0; i < result.files.size(); ++i) {
    list_libraries(result.files[i], refs, used_by_[i]);
  }
}

void CycloneDxIndex::list_artifacts(const Artifact& file, BomRefs& refs) {
  std::size_t members = 0;
  const auto enter = [&](const Artifact& artifact) {
    const bool is_member = &artifact != &file;
    if (is_member && (members == kMaxMembersOfFile || listed_members_ == kMaxMembers)) {
      ++left_out_members_;
      return false;
    }
    if (is_member) {
      ++members;
      ++listed_members_;
    }
    refs_.emplace(&artifact, refs.unique("file:" + escaped(artifact.path)));
    return true;
  };
  walk(file, enter, [](const Artifact&) {});
}

void CycloneDxIndex::list_libraries(const Artifact& file, BomRefs& refs,
                                    std::set<std::string>& used) {
  const auto enter = [&](const Artifact& artifact) {
    for (const ImportVerdict& verdict : artifact.imports) {
      const std::string name = top_level(verdict.import);
      if (name.empty()) continue;
      if (!libraries_.contains(name) && libraries_.size() == kMaxLibraries) continue;
      Library& library = libraries_[name];
      if (library.ref.empty()) library.ref = refs.unique("import:" + escaped(name));
      if (++library.use_count <= kMaxUses) library.uses.push_back({&artifact, &verdict.import});
      if (harm(verdict.safety) > harm(library.safety)) library.safety = verdict.safety;
      used.insert(library.ref);
    }
    return true;
  };
  walk(file, enter, [](const Artifact&) {});
}

const std::string* CycloneDxIndex::ref_of(const Artifact* artifact) const {
  const auto ref = refs_.find(artifact);
  return ref == refs_.end() ? nullptr : &ref->second;
}

const std::vector<const Gap*>& CycloneDxIndex::gaps_of(const Artifact& artifact) const {
  static const std::vector<const Gap*> kNone;
  const auto gaps = gaps_.find(&artifact);
  return gaps == gaps_.end() ? kNone : gaps->second;
}

void write_file_component(JsonWriter& out, const Artifact& root, const CycloneDxIndex& index) {
  const auto enter = [&](const Artifact& artifact) {
    const std::string* ref = index.ref_of(&artifact);
    if (!ref) return false;
    out.begin_object().member("type", "file").member("bom-ref", *ref);
    out.member("name", escaped(artifact.path));
    write_hashes(out, artifact);
    write_properties(out, artifact, index);
    if (!artifact.members.empty() && index.ref_of(&artifact.members.front())) {
      out.array("components");
    }
    return true;
  };
  const auto leave = [&](const Artifact& artifact) {
    if (!index.ref_of(&artifact)) return;
    if (!artifact.members.empty() && index.ref_of(&artifact.members.front())) out.end_array();
    out.end_object();
  };
  walk(root, enter, leave);
}

void write_library_component(JsonWriter& out, const std::string& name, const Library& library) {
  out.begin_object().member("type", "library").member("bom-ref", library.ref);
  out.member("name", escaped(name)).member("scope", "required");
  out.object("evidence").array("identity").begin_object().member("field", "name");
  out.key("confidence").literal("0.5").array("methods").begin_object();
  out.member("technique", "binary-analysis").key("confidence").literal("0.5");
  out.member("value", "imported when the file is loaded").end_object().end_array();
  out.end_object().end_array().array("occurrences");
  for (const Library::Use& use : library.uses) {
    out.begin_object().member("location", escaped(use.artifact->path));
    out.member("symbol", escaped(dotted(*use.import))).end_object();
  }
  out.end_array().end_object().array("properties");
  write_property(out, "import.count", std::to_string(library.use_count));
  if (!library.safety.empty()) write_property(out, "import.safety", library.safety);
  out.end_array().end_object();
}

void write_tensor_properties(JsonWriter& out, const FactTotals& totals) {
  if (totals.tensors.count == 0) return;
  write_property(out, "tensors", std::to_string(totals.tensors.count));
  write_property(out, "tensors.bytes", std::to_string(totals.tensors.bytes));
  write_property(out, "parameters.total", std::to_string(totals.tensors.parameters));
  std::size_t room = kMaxProperties;
  for (const auto& [dtype, count] : totals.tensors_by_dtype) {
    if (room-- == 0) return;
    write_property(out, "parameters." + dtype, std::to_string(count.parameters));
  }
}

void write_sandbox_properties(JsonWriter& out, const ToolInfo& tool) {
  write_property(out, "sandbox", tool.sandbox);
  for (std::size_t i = 0; i < std::min(tool.sandbox_missing.size(), kMaxProperties); ++i) {
    write_property(out, "sandbox.missing", tool.sandbox_missing[i]);
  }
}

void write_property(JsonWriter& out, const std::string& name, std::string_view value) {
  out.begin_object().member("name", "assay:" + escaped(name));
  out.member("value", escaped(excerpt(value, kMaxValue))).end_object();
}

std::string evidence_words(const provenance::Evidence& evidence) {
  std::string words(evidence.state());
  words += ": " + evidence.kind;
  if (!evidence.method.empty()) words += " by " + evidence.method;
  if (evidence.signer) {
    const provenance::Signer& signer = *evidence.signer;
    words += ", " + (signer.identity.empty() ? "sha256:" + signer.fingerprint : signer.identity);
  }
  return escaped(words);
}

void write_evidence_properties(JsonWriter& out, const EvidenceRecord& record) {
  const provenance::Evidence& evidence = record.evidence;
  write_property(out, "signature.evidence", record.path + ": " + evidence_words(evidence));
  if (const provenance::Check* failure = evidence.checks.first_failure()) {
    write_property(out, "signature.failure", failure->name);
  }
  if (evidence.signer && !evidence.signer->issuer.empty()) {
    write_property(out, "signature.issuer", evidence.signer->issuer);
  }
  for (const provenance::VerifiedTime& time : evidence.times) {
    write_property(out, "signature.time", std::to_string(time.seconds) + " by " + time.source);
  }
  for (const auto& [name, value] : evidence.properties) {
    if (name != "checkpoint") write_property(out, "signature." + name, value);
  }
}

void write_hashes(JsonWriter& out, const Artifact& artifact) {
  if (artifact.sha256.empty()) return;
  out.array("hashes").begin_object().member("alg", "SHA-256");
  out.member("content", artifact.sha256).end_object().end_array();
}

}  // namespace assay::sbom
