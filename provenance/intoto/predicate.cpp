#include "provenance/intoto/predicate.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"

namespace assay::provenance::intoto {
namespace {

constexpr std::size_t kMaxMaterials = 200;
constexpr std::size_t kMaxText = 500;

// The text at the end of a path of member names; empty when there is none.
std::string text_at(const JsonValue& value, std::initializer_list<std::string_view> path) {
  const JsonValue* at = &value;
  for (const std::string_view name : path) {
    at = at->find(name);
    if (!at) return {};
  }
  return at->text() ? shortened(*at->text(), kMaxText) : std::string();
}

const JsonArray* array_at(const JsonValue& value, std::initializer_list<std::string_view> path) {
  const JsonValue* at = &value;
  for (const std::string_view name : path) {
    at = at->find(name);
    if (!at) return nullptr;
  }
  return at->array();
}

class Teller {
 public:
  Teller(const Statement& statement, Evidence& evidence)
      : predicate_(statement.predicate), evidence_(evidence) {}

  void tell(std::string name, std::string value) {
    if (!value.empty()) evidence_.properties.emplace_back(std::move(name), std::move(value));
  }

  void slsa_v1() {
    tell("build_type", text_at(predicate_, {"buildDefinition", "buildType"}));
    for (const auto member : {"workflow", "source"}) {
      tell("source",
           text_at(predicate_, {"buildDefinition", "externalParameters", member, "repository"}));
      tell("source_ref",
           text_at(predicate_, {"buildDefinition", "externalParameters", member, "ref"}));
    }
    tell("invocation_id", text_at(predicate_, {"runDetails", "metadata", "invocationId"}));
    tell("started_on", text_at(predicate_, {"runDetails", "metadata", "startedOn"}));
    tell("finished_on", text_at(predicate_, {"runDetails", "metadata", "finishedOn"}));
    materials(array_at(predicate_, {"buildDefinition", "resolvedDependencies"}));
    builder(text_at(predicate_, {"runDetails", "builder", "id"}));
  }

  void slsa_v0() {
    tell("build_type", text_at(predicate_, {"buildType"}));
    tell("source", text_at(predicate_, {"invocation", "configSource", "uri"}));
    tell("source_digest", text_at(predicate_, {"invocation", "configSource", "digest", "sha1"}));
    tell("invocation_id", text_at(predicate_, {"metadata", "buildInvocationId"}));
    tell("started_on", text_at(predicate_, {"metadata", "buildStartedOn"}));
    tell("finished_on", text_at(predicate_, {"metadata", "buildFinishedOn"}));
    materials(array_at(predicate_, {"materials"}));
    builder(text_at(predicate_, {"builder", "id"}));
  }

  void other() {
    tell("verifier", text_at(predicate_, {"verifier", "id"}));
    tell("result", text_at(predicate_, {"verificationResult"}));
    tell("result", text_at(predicate_, {"result"}));
    tell("time", text_at(predicate_, {"timeVerified"}));
    tell("time", text_at(predicate_, {"timeCreated"}));
    const JsonArray* properties = array_at(predicate_, {"properties"});
    if (!properties) return;
    for (std::size_t i = 0; i < std::min(properties->size(), kMaxMaterials); ++i) {
      if (const auto* text = (*properties)[i].text()) tell("property", shortened(*text, kMaxText));
    }
  }

 private:
  // What something was made from: base models and data sets among it.
  void materials(const JsonArray* all) {
    if (!all) return;
    bool odd = false;
    for (std::size_t i = 0; i < std::min(all->size(), kMaxMaterials); ++i) {
      const auto material = read_descriptor((*all)[i]);
      odd = odd || !material;
      if (!material) continue;
      std::string text = one_word(material->uri.empty() ? material->name : material->uri);
      for (const auto& [algorithm, digest] : material->digest) {
        text += " " + one_word(algorithm + ":" + digest);
      }
      tell(kind_of(material->uri), shortened(text, kMaxText));
    }
    if (odd) evidence_.checks.warn("slsa.parse", "a material is not described as one");
  }

  // A blank parts the words of a material: a name must not be able to look like a digest.
  static std::string one_word(std::string_view text) {
    std::string out;
    for (const char c : text) out += c == ' ' ? "%20" : std::string(1, c);
    return out;
  }

  static std::string kind_of(std::string_view uri) {
    constexpr std::array<std::string_view, 3> kDatasets{
        "https://huggingface.co/datasets/", "hf://datasets/", "pkg:huggingface/datasets/"};
    constexpr std::array<std::string_view, 4> kModels{"https://huggingface.co/", "hf://",
                                                      "pkg:huggingface/", "pkg:mlflow/"};
    const auto begins = [&](std::string_view prefix) { return uri.starts_with(prefix); };
    if (std::ranges::any_of(kDatasets, begins)) return "material_dataset";
    return std::ranges::any_of(kModels, begins) ? "material_model" : "material";
  }

  // Anybody can name any builder. Who signed through a certificate has it say who builds.
  void builder(std::string id) {
    if (id.empty()) return;
    std::string claimed;
    if (evidence_.signer) {
      for (const auto& [name, value] : evidence_.signer->claims) {
        if (name == "build_signer_uri") claimed = value;
      }
    }
    if (claimed.empty()) {
      if (!evidence_.signer_checked) {
        evidence_.checks.warn("slsa.builder", "nobody but the statement says who built this");
      }
      return tell("builder_id", std::move(id));
    }
    // A runner is named in place of the workflow that it ran (npm does so).
    const bool is_runner = id.starts_with("https://github.com/actions/runner");
    if (id == claimed || is_runner) {
      evidence_.checks.pass("slsa.builder");
      return tell("builder_id", is_runner ? claimed : id);
    }
    evidence_.checks.fail("slsa.builder", "the statement names the builder '" + escaped(id) +
                                              "', the certificate '" + escaped(claimed) + "'");
  }

  const JsonValue& predicate_;
  Evidence& evidence_;
};

}  // namespace

bool is_slsa(std::string_view type) {
  return type == kSlsaV1 || type == kSlsaV02 || type == kSlsaV01;
}

void tell_predicate(const Statement& statement, Evidence& evidence) {
  Teller teller(statement, evidence);
  teller.tell("predicate_type", statement.predicate_type);
  if (statement.predicate_type == kSlsaV1) {
    teller.slsa_v1();
  } else if (is_slsa(statement.predicate_type)) {
    teller.slsa_v0();
  } else {
    teller.other();
  }
}

}  // namespace assay::provenance::intoto
