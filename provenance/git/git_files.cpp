#include "provenance/git/git_files.h"

#include <algorithm>

#include "core/text.h"

namespace assay::provenance::git {

GitFiles::GitFiles(const std::vector<StoreFile>& listing, const std::vector<StorePart>& parts) {
  for (const StoreFile& file : listing) files_.emplace(file.path, &file);
  for (const StorePart& part : parts) parts_.emplace(part.path, &part);
}

const StoreFile* GitFiles::find(std::string_view path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : found->second;
}

std::vector<const StoreFile*> GitFiles::below(std::string_view prefix) const {
  std::vector<const StoreFile*> found;
  for (auto at = files_.lower_bound(prefix); at != files_.end(); ++at) {
    if (!at->first.starts_with(prefix)) break;
    found.push_back(at->second);
  }
  return found;
}

std::optional<Bytes> GitFiles::view(const StoreFile& file, std::uint64_t offset,
                                    std::uint64_t size) {
  if (offset >= file.size) return Bytes{};
  size = std::min(size, file.size - offset);
  const auto [first, last] = parts_.equal_range(file.path);
  for (auto at = first; at != last; ++at) {
    const StorePart& part = *at->second;
    if (offset < part.offset || offset - part.offset > part.bytes.size()) continue;
    const Bytes rest = as_bytes(part.bytes).subspan(static_cast<std::size_t>(offset - part.offset));
    if (rest.size() >= size) return rest.first(static_cast<std::size_t>(size));
  }
  needs_.insert({file.path, offset, size});
  return std::nullopt;
}

std::vector<StoreNeed> GitFiles::needs() const { return {needs_.begin(), needs_.end()}; }

}  // namespace assay::provenance::git
