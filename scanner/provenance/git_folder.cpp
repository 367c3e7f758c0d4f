#include "scanner/provenance/git_folder.h"

#include <algorithm>
#include <array>

#include "core/text.h"

namespace assay {
namespace {

using provenance::git::StoreFile;
using provenance::git::StoreNeed;
using provenance::git::StorePart;

constexpr std::size_t kMaxFiles = 200'000;

// Hooks, configuration and logs say nothing that counts.
bool is_of_store(std::string_view path) {
  constexpr std::array<std::string_view, 3> kFolders{"objects/", "refs/", "reftable/"};
  constexpr std::array<std::string_view, 4> kFiles{"HEAD", "packed-refs", "commondir", ".git"};
  return std::ranges::find(kFiles, path) != kFiles.end() ||
         std::ranges::any_of(kFolders, [&](auto folder) { return path.starts_with(folder); });
}

// Below the fence, and by no way that leads out of it.
std::string folder_path(const SourceFile& git) {
  if (!git.fence) return git.system_path;
  return "/proc/self/fd/" + std::to_string(git.fence->get()) + "/" + git.system_path;
}

}  // namespace

GitFolder::GitFolder(const SourceFile& git) : listing_(list_sources({folder_path(git)}, {})) {
  for (const SourceFile& source : listing_.files) {
    if (source.problem || source.link != LinkKind::none || !is_of_store(source.report_path))
      continue;
    if (files_.size() == kMaxFiles) break;
    auto opened = open_file(source);
    if (!opened) continue;
    files_.push_back({source.report_path, FileSource(std::move(*opened)).size()});
    sources_.emplace(source.report_path, &source);
  }
}

Parsed<StorePart> GitFolder::read(const StoreNeed& need) {
  const auto source = sources_.find(need.path);
  if (source == sources_.end()) {
    return fail(ParseErrc::malformed, 0, "a file of the repository was asked for that it has not");
  }
  auto opened = open_file(*source->second);
  if (!opened) return std::unexpected(opened.error());
  FileSource file(std::move(*opened));
  if (need.offset > file.size() || need.size > file.size() - need.offset) {
    return fail(ParseErrc::malformed, 0, "more of a file was asked for than it has");
  }
  if (need.size > kMaxBytes - read_) {
    return fail(ParseErrc::over_budget, 0, "more than 256 MiB of the repository would be read");
  }
  read_ += need.size;
  StorePart part{need.path, need.offset,
                 std::string(as_text(read_bytes(file, need.offset, need.size)))};
  if (const auto error = file.error()) return std::unexpected(*error);
  return part;
}

}  // namespace assay
