#include "scanner/rule_loader.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace assay {
namespace {

namespace fs = std::filesystem;

Parsed<std::string> read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) return fail(ParseErrc::unreadable, 0, path.native() + ": cannot be read");
  return text;
}

// All files below `directory`, sorted, so that the digest does not depend on
// the order of the file system.
Parsed<std::vector<fs::path>> files_below(const std::string& directory) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::recursive_directory_iterator it(directory, error);
  for (; !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (it->is_regular_file(error)) files.push_back(it->path());
  }
  if (error) return fail(ParseErrc::unreadable, 0, directory + ": " + error.message());
  std::sort(files.begin(), files.end());
  return files;
}

Parsed<void> add_file(Rules& rules, const fs::path& file, std::string name) {
  const std::string extension = file.extension().native();
  const bool yara = extension == ".yar" || extension == ".yara";
  if (!yara && extension != ".json" && extension != ".tsv") return {};
  auto text = read_text(file);
  if (!text) return std::unexpected(text.error());
  if (!yara) return rules.catalog.add(name, std::move(*text));
  rules.user_yara.push_back({std::move(name), std::move(*text)});
  return {};
}

}  // namespace

Parsed<Rules> load_rules(const std::vector<std::string>& directories, bool needs_yara) {
  auto catalog = RuleSet::built_in();
  if (!catalog) return std::unexpected(catalog.error());
  Rules rules{std::move(*catalog), std::nullopt, {}};
  for (const std::string& directory : directories) {
    const auto files = files_below(directory);
    if (!files) return std::unexpected(files.error());
    for (const fs::path& file : *files) {
      std::string name = file.lexically_relative(directory).native();
      if (auto added = add_file(rules, file, std::move(name)); !added) {
        return std::unexpected(added.error());
      }
    }
  }
  if (!needs_yara && rules.user_yara.empty()) return rules;
  auto yara = YaraRules::built_in();
  if (!yara) return std::unexpected(yara.error());
  if (!rules.user_yara.empty()) {
    if (auto added = yara->add(rules.user_yara); !added) return std::unexpected(added.error());
  }
  rules.yara = std::move(*yara);
  return rules;
}

}  // namespace assay
