#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"

namespace assay::provenance::git {

// A file below `.git`, by its path there.
struct StoreFile {
  std::string path;
  std::uint64_t size = 0;
  bool operator==(const StoreFile&) const = default;
};

// Some bytes of such a file.
struct StorePart {
  std::string path;
  std::uint64_t offset = 0;
  std::string bytes;
};

// Bytes that are wanted; within the file.
struct StoreNeed {
  std::string path;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  auto operator<=>(const StoreNeed&) const = default;
};

// The files of a repository for code that may open none: it reads from the parts that
// somebody handed it, and notes what is missing for the next time.
class GitFiles {
 public:
  // Both must outlive it. `listing` names each file that there is.
  GitFiles(const std::vector<StoreFile>& listing, const std::vector<StorePart>& parts);

  // Null when there is no such file.
  const StoreFile* find(std::string_view path) const;
  // Those whose path begins so, in order.
  std::vector<const StoreFile*> below(std::string_view prefix) const;

  // The bytes from `offset` on, as many as there are, at most `size`. Nothing when they
  // are not at hand: then they are noted.
  std::optional<Bytes> view(const StoreFile& file, std::uint64_t offset, std::uint64_t size);
  // The bytes from `offset` on that are at hand, without a gap; perhaps none.
  Bytes at_hand(const StoreFile& file, std::uint64_t offset) const;
  // Notes a need, cut to what the file has; reading on from its start gets further then.
  void note(const StoreFile& file, std::uint64_t offset, std::uint64_t size);

  // In order, each byte once: what overlaps or nearly touches is one need.
  std::vector<StoreNeed> needs() const;

 private:
  std::map<std::string_view, const StoreFile*> files_;
  // By path and offset; of one path the ends rise as well.
  std::vector<const StorePart*> parts_;
  std::set<StoreNeed> needs_;
};

}  // namespace assay::provenance::git
