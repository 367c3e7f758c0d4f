#include "provenance/oms/test_models.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/text.h"

namespace assay::provenance::oms::test {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Model model_of(const Contents& contents, const Manifest& manifest) {
  Model model;
  for (const auto& [path, content] : contents) {
    model.files.push_back({.path = path, .size = content.size()});
  }
  for (const DigestNeed& need : digests_needed(manifest, model)) {
    const auto file = std::ranges::find(model.files, need.path, &ModelFile::path);
    file->digests.push_back(digests_of(need.plan, as_bytes(contents.at(file->path))));
  }
  return model;
}

Contents contents_of(const std::filesystem::path& folder) {
  Contents contents;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    contents[entry.path().lexically_relative(folder)] = read_file(entry.path());
  }
  return contents;
}

Model model_at(const std::filesystem::path& path, const Manifest& manifest) {
  if (std::filesystem::is_directory(path)) return model_of(contents_of(path), manifest);
  Model model{.files = {{.path = path.filename(), .size = std::filesystem::file_size(path)}},
              .single_file = true};
  model.files[0].digests.push_back(digests_of(manifest.plan, as_bytes(read_file(path))));
  return model;
}

Evidence verify(std::string_view signature, const Contents& contents, const OmsVerification& how) {
  const auto manifest = unverified_manifest(as_bytes(signature), how.compatibility);
  return verify_oms(as_bytes(signature), model_of(contents, manifest.value_or(Manifest{})), how);
}

Evidence verify_at(std::string_view signature, const std::filesystem::path& model,
                   const OmsVerification& how) {
  const auto manifest = unverified_manifest(as_bytes(signature), how.compatibility);
  return verify_oms(as_bytes(signature), model_at(model, manifest.value_or(Manifest{})), how);
}

std::string verdict(const Evidence& evidence) {
  std::string text(evidence.state());
  if (const Check* failure = evidence.checks.first_failure()) text += ' ' + failure->name;
  return text;
}

}  // namespace assay::provenance::oms::test
