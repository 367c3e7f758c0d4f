#pragma once

#include <cstdint>
#include <set>
#include <utility>

namespace assay::pickle {

// What has been told of which place, so that a second walk over the same bytes
// tells only what is new. Beyond kMax it forgets, and things are told twice.
class ToldNames {
 public:
  static constexpr std::size_t kMax = 65'536;

  // False if the name whose hash this is was told of this offset before.
  bool insert(std::uint64_t offset, std::uint64_t name_hash) {
    const std::pair<std::uint64_t, std::uint64_t> entry{offset, name_hash};
    if (told_.size() >= kMax) return !told_.contains(entry);
    return told_.insert(entry).second;
  }

 private:
  std::set<std::pair<std::uint64_t, std::uint64_t>> told_;
};

}  // namespace assay::pickle
