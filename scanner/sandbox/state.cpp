#include <algorithm>
#include <array>
#include <utility>

#include "scanner/sandbox/layers.h"

namespace assay::sandbox {
namespace {

constexpr std::array kLayers = {
    Layer::descriptors,  Layer::network_namespace, Layer::no_new_privs, Layer::landlock,
    Layer::capabilities, Layer::not_dumpable,      Layer::limits,       Layer::seccomp};
constexpr std::array<std::string_view, kLayers.size()> kLayerWords = {
    "descriptors",  "network-namespace", "no-new-privs", "landlock",
    "capabilities", "not-dumpable",      "limits",       "seccomp"};
constexpr std::array<std::string_view, 3> kLevelWords = {"none", "partial", "full"};

template <class Enum, std::size_t kSize>
std::optional<Enum> find_word(const std::array<std::string_view, kSize>& words,
                              std::string_view word) {
  const auto at = std::ranges::find(words, word);
  if (at == words.end()) return std::nullopt;
  return static_cast<Enum>(at - words.begin());
}

}  // namespace

std::span<const Layer> all_layers() { return kLayers; }

std::string_view to_string(Layer layer) { return kLayerWords.at(std::to_underlying(layer)); }

std::string_view to_string(Level level) { return kLevelWords.at(std::to_underlying(level)); }

std::optional<Layer> layer_from_string(std::string_view word) {
  return find_word<Layer>(kLayerWords, word);
}

std::optional<Level> level_from_string(std::string_view word) {
  return find_word<Level>(kLevelWords, word);
}

Level State::level() const {
  const auto holds = [this](Layer wanted) {
    return std::ranges::any_of(
        layers, [wanted](const LayerState& s) { return s.layer == wanted && s.in_force; });
  };
  if (!holds(Layer::landlock) && !holds(Layer::seccomp)) return Level::none;
  const bool all = std::ranges::all_of(
      kLayers, [&](Layer layer) { return layer == Layer::network_namespace || holds(layer); });
  return all ? Level::full : Level::partial;
}

std::vector<std::string> State::missing() const {
  std::vector<std::string> result;
  for (const LayerState& state : layers) {
    if (state.in_force) continue;
    result.push_back(std::string(to_string(state.layer)) + ": " + state.detail);
  }
  return result;
}

}  // namespace assay::sandbox
