#include "provenance/git/git_files.h"

#include <algorithm>
#include <tuple>

#include "core/text.h"

namespace assay::provenance::git {
namespace {

constexpr std::uint64_t kSmallGap = 4096;  // reading it costs less than another read

std::uint64_t end_of(const StorePart& part) { return part.offset + part.bytes.size(); }
std::uint64_t end_of(const StoreNeed& need) { return need.offset + need.size; }

}  // namespace

GitFiles::GitFiles(const std::vector<StoreFile>& listing, const std::vector<StorePart>& parts) {
  for (const StoreFile& file : listing) files_.emplace(file.path, &file);
  std::vector<const StorePart*> sorted;
  for (const StorePart& part : parts) sorted.push_back(&part);
  std::ranges::sort(sorted, {}, [](const StorePart* part) {
    return std::tuple(std::string_view(part->path), part->offset, part->bytes.size());
  });
  // Without those that lie in another.
  for (const StorePart* part : sorted) {
    const auto lies_in = [](const StorePart& one, const StorePart& other) {
      return one.path == other.path && one.offset >= other.offset && end_of(one) <= end_of(other);
    };
    if (!parts_.empty() && lies_in(*part, *parts_.back())) continue;
    while (!parts_.empty() && lies_in(*parts_.back(), *part)) parts_.pop_back();
    parts_.push_back(part);
  }
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

Bytes GitFiles::at_hand(const StoreFile& file, std::uint64_t offset) const {
  const auto behind = std::ranges::upper_bound(
      parts_, std::pair(std::string_view(file.path), offset), {},
      [](const StorePart* part) { return std::pair(std::string_view(part->path), part->offset); });
  if (behind == parts_.begin()) return {};
  const StorePart& part = **std::prev(behind);
  if (part.path != file.path || offset >= file.size) return {};
  const std::uint64_t size = std::min<std::uint64_t>(part.bytes.size(), file.size - part.offset);
  return clip(as_bytes(part.bytes).first(static_cast<std::size_t>(size)), offset - part.offset,
              size);
}

std::optional<Bytes> GitFiles::view(const StoreFile& file, std::uint64_t offset,
                                    std::uint64_t size) {
  if (offset >= file.size) return Bytes{};
  size = std::min(size, file.size - offset);
  const Bytes bytes = at_hand(file, offset);
  if (bytes.size() >= size) return bytes.first(static_cast<std::size_t>(size));
  note(file, offset, size);
  return std::nullopt;
}

void GitFiles::note(const StoreFile& file, std::uint64_t offset, std::uint64_t size) {
  if (offset < file.size) needs_.insert({file.path, offset, std::min(size, file.size - offset)});
}

std::vector<StoreNeed> GitFiles::needs() const {
  std::vector<StoreNeed> merged;
  for (const StoreNeed& need : needs_) {
    const bool touches = !merged.empty() && merged.back().path == need.path &&
                         need.offset <= end_of(merged.back()) + kSmallGap;
    if (!touches) {
      merged.push_back(need);
    } else if (end_of(need) > end_of(merged.back())) {
      merged.back().size = end_of(need) - merged.back().offset;
    }
  }
  return merged;
}

}  // namespace assay::provenance::git
