#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace assay::pickle {

// Gives equal byte strings equal small numbers, 0, 1, 2 ... Bounded in entries
// and in bytes. Lookups stay fast when a hostile file makes hashes collide:
// what does not fit a few probes goes to an ordered map.
class InternTable {
 public:
  InternTable(std::uint32_t max_entries, std::size_t max_bytes)
      : max_entries_(max_entries), max_bytes_(max_bytes) {}

  // The number of `text`, new if need be; nothing once the table is full.
  std::optional<std::uint32_t> intern(std::string_view text);

  // Good as long as the table is.
  std::string_view text(std::uint32_t id) const { return texts_[id]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(texts_.size()); }

 private:
  struct Slot {
    std::uint32_t id = kEmpty;
    std::uint32_t hash = 0;
  };

  std::optional<std::uint32_t> add(std::string_view text, std::uint32_t hash);
  std::string_view keep(std::string_view text);
  void grow();
  void place(std::uint32_t id, std::uint32_t hash);

  static constexpr std::uint32_t kEmpty = ~0U;
  static constexpr std::size_t kMaxProbes = 16;
  static constexpr std::size_t kBlockSize = 16 * 1024;

  std::uint32_t max_entries_;
  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::vector<std::string_view> texts_;
  std::vector<std::unique_ptr<char[]>> blocks_;  // what texts_ points into
  std::size_t block_left_ = 0;                   // bytes free in the last block
  char* block_end_ = nullptr;
  std::vector<Slot> slots_;
  std::map<std::string_view, std::uint32_t> crowded_;
};

}  // namespace assay::pickle
