#include "provenance/intoto/slsa.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"
#include "provenance/intoto/dependency.h"

namespace assay::provenance::intoto {
namespace {

constexpr std::size_t kMaxDependencies = 100'000;
constexpr std::size_t kMaxShown = 2000;

// Walks a predicate; what has another type than expected is remembered.
class PredicateReader {
 public:
  explicit PredicateReader(const JsonValue& predicate) : predicate_(predicate) {}

  // The member at the end of the path; null when it is absent.
  const JsonValue* at(std::initializer_list<std::string_view> path) {
    const JsonValue* value = &predicate_;
    for (const std::string_view name : path) {
      if (value->object() == nullptr) wrong_ = true;
      value = value->find(name);
      if (!value) return nullptr;
    }
    return value;
  }

  std::string text(std::initializer_list<std::string_view> path) {
    const JsonValue* value = at(path);
    if (!value) return {};
    if (!value->text()) wrong_ = true;
    return value->text() ? *value->text() : std::string();
  }

  std::vector<ResourceDescriptor> descriptors(std::initializer_list<std::string_view> path) {
    std::vector<ResourceDescriptor> list;
    const JsonValue* value = at(path);
    if (!value) return list;
    const JsonArray* elements = value->array();
    wrong_ = wrong_ || !elements || elements->size() > kMaxDependencies;
    for (std::size_t i = 0; elements && i < std::min(elements->size(), kMaxDependencies); ++i) {
      auto descriptor = read_descriptor((*elements)[i]);
      if (descriptor) {
        list.push_back(std::move(*descriptor));
      } else {
        wrong_ = true;
      }
    }
    return list;
  }

  bool wrong() const { return wrong_; }

 private:
  const JsonValue& predicate_;
  bool wrong_ = false;
};

std::string commit_of(const ResourceDescriptor& resource) {
  for (const std::string_view algorithm : {"gitCommit", "sha1", "sha256"}) {
    if (const std::string* digest = resource.find_digest(algorithm)) return *digest;
  }
  return {};
}

void set_source(SlsaProvenance& slsa, std::string_view uri) {
  SourceUri source = parse_source_uri(uri);
  slsa.source_repository = std::move(source.repository);
  if (slsa.source_ref.empty()) slsa.source_ref = std::move(source.ref);
}

// The dependency that is the source says which commit it was.
void find_source_digest(SlsaProvenance& slsa) {
  if (slsa.source_repository.empty()) return;
  for (const ResourceDescriptor& dependency : slsa.dependencies) {
    if (parse_source_uri(dependency.uri).repository != slsa.source_repository) continue;
    slsa.source_digest = commit_of(dependency);
    return;
  }
}

void read_v1(PredicateReader& in, SlsaProvenance& slsa) {
  slsa.builder_id = in.text({"runDetails", "builder", "id"});
  slsa.build_type = in.text({"buildDefinition", "buildType"});
  slsa.invocation_id = in.text({"runDetails", "metadata", "invocationId"});
  slsa.started_on = in.text({"runDetails", "metadata", "startedOn"});
  slsa.finished_on = in.text({"runDetails", "metadata", "finishedOn"});
  slsa.dependencies = in.descriptors({"buildDefinition", "resolvedDependencies"});
}

// External parameters belong to the build type: GitHub's have "workflow", others by
// custom "source", a text or a resource. Other types of value are theirs to choose.
void read_v1_source(const JsonValue& predicate, SlsaProvenance& slsa) {
  const JsonValue* definition = predicate.find("buildDefinition");
  const JsonValue* parameters = definition ? definition->find("externalParameters") : nullptr;
  if (!parameters) return;
  const auto text = [](const JsonValue* value, std::string_view name) {
    const JsonValue* member = value ? value->find(name) : nullptr;
    return member && member->text() ? *member->text() : std::string();
  };
  if (const JsonValue* workflow = parameters->find("workflow")) {
    slsa.source_ref = text(workflow, "ref");
    slsa.entry_point = text(workflow, "path");
    set_source(slsa, text(workflow, "repository"));
    return;
  }
  const JsonValue* source = parameters->find("source");
  set_source(slsa, source && source->text() ? *source->text() : text(source, "uri"));
}

void read_v02(PredicateReader& in, SlsaProvenance& slsa) {
  slsa.builder_id = in.text({"builder", "id"});
  slsa.build_type = in.text({"buildType"});
  slsa.invocation_id = in.text({"metadata", "buildInvocationId"});
  slsa.started_on = in.text({"metadata", "buildStartedOn"});
  slsa.finished_on = in.text({"metadata", "buildFinishedOn"});
  slsa.dependencies = in.descriptors({"materials"});
  slsa.entry_point = in.text({"invocation", "configSource", "entryPoint"});
  set_source(slsa, in.text({"invocation", "configSource", "uri"}));
  if (const JsonValue* source = in.at({"invocation", "configSource"})) {
    if (const auto descriptor = read_descriptor(*source))
      slsa.source_digest = commit_of(*descriptor);
  }
}

void read_v01(PredicateReader& in, SlsaProvenance& slsa) {
  read_v02(in, slsa);
  slsa.build_type = in.text({"recipe", "type"});
  slsa.entry_point = in.text({"recipe", "entryPoint"});
  const JsonValue* index = in.at({"recipe", "definedInMaterial"});
  const auto at = index ? index->integer() : std::nullopt;
  if (!at || *at < 0 || static_cast<std::uint64_t>(*at) >= slsa.dependencies.size()) return;
  set_source(slsa, slsa.dependencies[static_cast<std::size_t>(*at)].uri);
}

const std::string* claim_of(const Signer& signer, std::string_view name) {
  for (const auto& [key, value] : signer.claims) {
    if (key == name) return &value;
  }
  return nullptr;
}

constexpr std::string_view kGitHubIssuer = "https://token.actions.githubusercontent.com";
constexpr std::string_view kGitHubRunner = "https://github.com/actions/runner";

// Build types whose source is the repository of the workflow that signs.
constexpr std::array<std::string_view, 2> kWorkflowBuildTypes{
    "https://actions.github.io/buildtypes/workflow/v1",
    "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1"};

// npm names the runner and no workflow.
bool is_runner_of(const Signer& signer, std::string_view builder) {
  const std::string* environment = claim_of(signer, "runner_environment");
  return environment && signer.issuer == kGitHubIssuer && builder.starts_with(kGitHubRunner) &&
         builder.substr(kGitHubRunner.size()) == "/" + *environment;
}

std::string shown(std::string_view text) { return "'" + escaped(shortened(text, 300)) + "'"; }

void check_builder(std::string_view builder, const Signer& signer, Checks& checks) {
  constexpr std::string_view kClass = "slsa.builder";
  const std::string* build_signer = claim_of(signer, "build_signer_uri");
  if (build_signer ? *build_signer == builder : signer.identity == builder) {
    checks.pass(kClass);
  } else if (is_runner_of(signer, builder)) {
    checks.pass(kClass, "the builder is a runner, of the kind that the certificate names");
  } else if (builder == kGitHubRunner && signer.issuer == kGitHubIssuer) {
    checks.warn(kClass, "the statement names no builder but GitHub's runners in general");
  } else if (build_signer) {
    checks.fail(kClass, "the statement names the builder " + shown(builder) + ", the certificate " +
                            shown(*build_signer));
  } else {
    checks.warn(kClass, "no certificate says that " + shown(builder) + " built this");
  }
}

void check_source(const SlsaProvenance& slsa, const Signer& signer, Checks& checks) {
  constexpr std::string_view kClass = "slsa.source";
  const std::string* repository = claim_of(signer, "source_repository_uri");
  const std::string* commit = claim_of(signer, "source_repository_digest");
  if (!repository || slsa.source_repository.empty()) return;
  const bool same = parse_source_uri(*repository).repository == slsa.source_repository;
  const bool same_commit = !commit || slsa.source_digest.empty() || *commit == slsa.source_digest;
  if (same && same_commit) return checks.pass(kClass);
  const std::string message = "the statement names the source " + shown(slsa.source_repository) +
                              " at " + shown(slsa.source_digest) + ", the certificate " +
                              shown(*repository) + (commit ? " at " + shown(*commit) : "");
  const bool own =
      std::ranges::find(kWorkflowBuildTypes, slsa.build_type) != kWorkflowBuildTypes.end();
  own && !same ? checks.fail(kClass, message) : checks.warn(kClass, message);
}

}  // namespace

std::optional<std::string> slsa_version(std::string_view predicate_type) {
  if (predicate_type == "https://slsa.dev/provenance/v1") return "1";
  if (predicate_type == "https://slsa.dev/provenance/v0.2") return "0.2";
  if (predicate_type == "https://slsa.dev/provenance/v0.1") return "0.1";
  return std::nullopt;
}

SlsaProvenance read_slsa(std::string_view version, const JsonValue& predicate, Checks& checks) {
  constexpr std::string_view kClass = "slsa.predicate";
  SlsaProvenance slsa;
  slsa.version = version;
  PredicateReader in(predicate);
  if (version == "1") {
    read_v1(in, slsa);
    read_v1_source(predicate, slsa);
  } else if (version == "0.2") {
    read_v02(in, slsa);
  } else {
    read_v01(in, slsa);
  }
  if (slsa.source_digest.empty()) find_source_digest(slsa);
  if (in.wrong()) {
    checks.fail(kClass, "the predicate is not of the form of SLSA provenance " + slsa.version);
  } else if (slsa.builder_id.empty()) {
    checks.warn(kClass, "the predicate does not say who built");
  } else {
    checks.pass(kClass);
  }
  return slsa;
}

void check_build(const SlsaProvenance& slsa, const std::optional<Signer>& signer, Checks& checks) {
  if (slsa.builder_id.empty()) return;
  const Signer known = signer.value_or(Signer{});
  check_builder(slsa.builder_id, known, checks);
  check_source(slsa, known, checks);
}

std::vector<std::pair<std::string, std::string>> properties_of(const SlsaProvenance& slsa) {
  std::vector<std::pair<std::string, std::string>> list;
  const auto tell = [&list](std::string_view name, std::string_view value) {
    if (!value.empty()) list.emplace_back(name, shortened(value, kMaxShown));
  };
  tell("builder_id", slsa.builder_id);
  tell("build_type", slsa.build_type);
  tell("source_repository", slsa.source_repository);
  tell("source_ref", slsa.source_ref);
  tell("source_digest", slsa.source_digest);
  tell("entry_point", slsa.entry_point);
  tell("invocation_id", slsa.invocation_id);
  tell("started_on", slsa.started_on);
  tell("finished_on", slsa.finished_on);
  for (std::size_t i = 0; i < std::min(slsa.dependencies.size(), kMaxDependenciesTold); ++i) {
    const ResourceDescriptor& dependency = slsa.dependencies[i];
    tell(to_string(kind_of_dependency(dependency.uri)), line_of(dependency));
  }
  list.emplace_back("dependency_count", std::to_string(slsa.dependencies.size()));
  return list;
}

}  // namespace assay::provenance::intoto
