#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provenance/evidence.h"
#include "provenance/intoto/statement.h"

// SLSA provenance: who built it, from what, and how.
namespace assay::provenance::intoto {

// What the versions have in common (slsa.dev/spec/v1.0/provenance, v0.2, v0.1); a member
// that the predicate leaves out is empty.
struct SlsaProvenance {
  std::string version;  // "1", "0.2", "0.1"
  std::string builder_id;
  std::string build_type;
  std::string source_repository;  // "https://host/path"
  std::string source_ref;
  std::string source_digest;  // as a rule a git commit
  std::string entry_point;    // the workflow's path
  std::string invocation_id;
  std::string started_on;
  std::string finished_on;
  std::vector<ResourceDescriptor> dependencies;
};

// "1" for https://slsa.dev/provenance/v1, and so on; nothing for other predicates.
std::optional<std::string> slsa_version(std::string_view predicate_type);

// Members of another type than the specification's read as absent, with a failure
// slsa.predicate; it warns when there is no builder.
SlsaProvenance read_slsa(std::string_view version, const JsonValue& predicate, Checks& checks);

// That the certificate says the same of the build (checks slsa.builder, slsa.source).
// The builder is believed when it is the certificate's build signer, or GitHub's runner
// of the kind that the certificate names, as npm writes it; it fails when both are there
// and contradict, and warns when no certificate says who built. Another source than the
// certificate's fails where the build type says that it is the workflow's own.
void check_build(const SlsaProvenance& slsa, const std::optional<Signer>& signer, Checks& checks);

inline constexpr std::size_t kMaxDependenciesTold = 200;

// builder_id, build_type, source_repository, source_ref, source_digest, entry_point,
// invocation_id, started_on, finished_on; then for each dependency base_model, dataset
// or dependency, and dependency_count.
std::vector<std::pair<std::string, std::string>> properties_of(const SlsaProvenance& slsa);

}  // namespace assay::provenance::intoto
