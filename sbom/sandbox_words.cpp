#include "sbom/sandbox_words.h"

#include <algorithm>

#include "core/text.h"
#include "sbom/text_layout.h"

namespace assay::sbom {
namespace {

constexpr std::size_t kMaxLayers = 16;  // there are eight
constexpr std::size_t kMaxText = 200;

// "landlock: ENOSYS: ..." as "landlock (ENOSYS: ...)".
std::string in_parentheses(std::string_view layer) {
  const std::size_t colon = layer.find(": ");
  if (colon == layer.npos) return std::string(layer);
  return std::string(layer.substr(0, colon)) + " (" + std::string(layer.substr(colon + 2)) + ")";
}

// What stands between the level and the layers.
std::string_view lead(const ToolInfo& tool) {
  if (tool.sandbox == "none") return " The files were read unprotected";
  if (tool.sandbox_missing.empty()) return "";
  return is_fully_sandboxed(tool) ? " Missing, but optional" : " Missing";
}

std::string shortened_and_escaped(std::string_view text) {
  return shortened(escaped(text), kMaxText);
}

}  // namespace

bool is_fully_sandboxed(const ToolInfo& tool) { return tool.sandbox == "full"; }

std::string sandbox_line(const ToolInfo& tool, std::string (*show)(std::string_view text)) {
  std::string line = "Sandbox: " + show(tool.sandbox) + "." + std::string(lead(tool));
  const std::size_t named = std::min(tool.sandbox_missing.size(), kMaxLayers);
  for (std::size_t i = 0; i < named; ++i) {
    line += (i == 0 ? ": " : ", ") + show(in_parentheses(tool.sandbox_missing[i]));
  }
  const std::size_t others = tool.sandbox_missing.size() - named;
  if (others > 0) line += " and " + with_separators(others) + " more";
  if (!line.ends_with('.')) line += ".";
  return line;
}

std::string sandbox_line(const ToolInfo& tool) { return sandbox_line(tool, shortened_and_escaped); }

}  // namespace assay::sbom
