#include <nlohmann/json.hpp>

#include "core/text.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/terminal.h"
#include "scanner/readers.h"
#include "scanner/self_test.h"
#include "scanner/version.h"

namespace assay::cli {
namespace {

std::string padded(std::string word, std::size_t width) {
  word.resize(std::max(width, word.size()), ' ');
  return word;
}

void show_text(const SandboxWords& sandbox, const std::vector<wire::LayerWords>& layers,
               const std::vector<AttemptOutcome>& attempts) {
  std::string out = "assay " + std::string(kVersion) + "\nsandbox: " + sandbox.level + "\n";
  for (const wire::LayerWords& layer : layers) {
    out += "  " + padded(layer.layer, 18) + (layer.in_force ? "in force  " : "missing   ") +
           escaped(layer.detail) + "\n";
  }
  if (layers.empty()) out += "  " + escaped(sandbox.missing.front()) + "\n";
  if (!attempts.empty()) out += "self-test:\n";
  for (const AttemptOutcome& attempt : attempts) {
    out += "  " + padded(attempt.attempt, 18) +
           (attempt.withstood ? "withstood  " : "SUCCEEDED  ") + escaped(attempt.detail) + "\n";
  }
  print(out);
}

void show_json(const SandboxWords& sandbox, const std::vector<wire::LayerWords>& layers,
               const std::vector<AttemptOutcome>& attempts) {
  nlohmann::ordered_json out{{"name", "assay"}, {"version", kVersion}, {"sandbox", sandbox.level}};
  out["layers"] = nlohmann::json::array();
  for (const wire::LayerWords& layer : layers) {
    out["layers"].push_back(
        {{"layer", layer.layer}, {"in_force", layer.in_force}, {"detail", layer.detail}});
  }
  if (layers.empty()) out["missing"] = sandbox.missing;
  for (const AttemptOutcome& attempt : attempts) {
    out["self_test"].push_back({{"attempt", attempt.attempt},
                                {"withstood", attempt.withstood},
                                {"detail", attempt.detail}});
  }
  print(out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

}  // namespace

// Exit 0 when files would be read behind a sandbox that holds, whole or in part;
// 1 when an attempt succeeded; 2 when there is no sandbox.
int run_doctor(const Arguments& arguments) {
  WorkerOptions options;
  if (arguments.scan.workers) options = *arguments.scan.workers;
  const auto layers = sandbox_layers(options);
  const SandboxWords sandbox = words_of(layers);
  std::vector<AttemptOutcome> attempts;
  if (arguments.self_test && layers) attempts = self_test(options);
  const auto shown = layers.value_or(std::vector<wire::LayerWords>{});
  (arguments.json ? show_json : show_text)(sandbox, shown, attempts);
  for (const AttemptOutcome& attempt : attempts) {
    if (!attempt.withstood) return kExitFail;
  }
  return sandbox.level == "none" ? kExitIncomplete : kExitPass;
}

}  // namespace assay::cli
