#include "provenance/intoto/predicate.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"

namespace assay::provenance::intoto {
namespace {

struct Known {
  std::string_view prefix;  // of the predicate type; what follows is the version
  std::string_view name;
};

constexpr std::array kKnown = std::to_array<Known>({
    {"https://slsa.dev/provenance/", "slsa-provenance"},
    {"https://slsa.dev/verification_summary/", "vsa"},
    {"https://spdx.dev/Document", "spdx"},
    {"https://cyclonedx.org/bom", "cyclonedx"},
    {"https://in-toto.io/attestation/test-result/", "test-result"},
    {"https://in-toto.io/attestation/scai/", "scai"},
    {"https://in-toto.io/attestation/svr/", "svr"},
    {"https://in-toto.io/attestation/release/", "release"},
    {"https://in-toto.io/attestation/link/", "link"},
    {"https://in-toto.io/attestation/vulns/", "vulns"},
    {"https://in-toto.io/attestation/runtime-trace/", "runtime-trace"},
    {"https://github.com/npm/attestation/tree/main/specs/publish/", "npm-publish"},
    {"https://cosign.sigstore.dev/attestation/", "cosign-custom"},
    {"https://model_signing/", "model-signing"},
});

constexpr std::size_t kMaxShown = 2000;

std::string text_at(const JsonValue& object, std::string_view name) {
  const JsonValue* value = object.find(name);
  return value && value->text() ? shortened(*value->text(), kMaxShown) : std::string();
}

std::string levels_of(const JsonValue& predicate) {
  std::string levels;
  const JsonValue* value = predicate.find("verifiedLevels");
  if (!value || !value->array()) return levels;
  for (const JsonValue& level : *value->array()) {
    if (!level.text() || levels.size() > kMaxShown) continue;
    levels += (levels.empty() ? "" : ", ") + *level.text();
  }
  return shortened(levels, kMaxShown);
}

}  // namespace

std::string_view predicate_name(std::string_view predicate_type) {
  for (const Known& known : kKnown) {
    if (predicate_type.starts_with(known.prefix)) return known.name;
  }
  return {};
}

std::vector<std::pair<std::string, std::string>> read_verification_summary(
    const JsonValue& predicate, Checks& checks) {
  std::vector<std::pair<std::string, std::string>> list;
  const auto tell = [&list](std::string_view name, std::string value) {
    if (!value.empty()) list.emplace_back(name, std::move(value));
  };
  const JsonValue* verifier = predicate.find("verifier");
  if (verifier) tell("verifier_id", text_at(*verifier, "id"));
  const std::string result = text_at(predicate, "verificationResult");
  tell("verification_result", result);
  tell("resource_uri", text_at(predicate, "resourceUri"));
  tell("verified_levels", levels_of(predicate));
  if (result != "PASSED") {
    checks.warn("vsa.result", "the verifier's result is '" + escaped(result) + "'");
  }
  return list;
}

std::vector<std::pair<std::string, std::string>> read_result(const JsonValue& predicate) {
  constexpr std::size_t kMaxProperties = 200;
  std::vector<std::pair<std::string, std::string>> list;
  const auto tell = [&list](std::string_view name, std::string value) {
    if (!value.empty()) list.emplace_back(name, std::move(value));
  };
  if (const JsonValue* verifier = predicate.find("verifier")) {
    tell("verifier_id", text_at(*verifier, "id"));
  }
  tell("result", text_at(predicate, "result"));
  tell("time", text_at(predicate, "timeVerified"));
  tell("time", text_at(predicate, "timeCreated"));
  const JsonValue* properties = predicate.find("properties");
  const JsonArray* all = properties ? properties->array() : nullptr;
  for (std::size_t i = 0; all && i < std::min(all->size(), kMaxProperties); ++i) {
    if (const auto* text = (*all)[i].text()) tell("property", shortened(*text, kMaxShown));
  }
  return list;
}

}  // namespace assay::provenance::intoto
