#include "formats/pickle/intern_table.h"

#include <functional>

namespace assay::pickle {

std::size_t InternTable::slot_of(std::string_view text) const {
  return std::hash<std::string_view>{}(text) & (slots_.size() - 1);
}

std::optional<std::uint32_t> InternTable::intern(std::string_view text) {
  if (slots_.empty()) slots_.assign(256, kEmpty);
  std::size_t slot = slot_of(text);
  for (std::size_t probe = 0; probe < kMaxProbes; ++probe) {
    const std::uint32_t id = slots_[slot];
    if (id == kEmpty) return add(text);
    if (texts_[id] == text) return id;
    slot = (slot + 1) & (slots_.size() - 1);
  }
  const auto found = crowded_.find(text);
  return found == crowded_.end() ? add(text) : std::optional{found->second};
}

std::optional<std::uint32_t> InternTable::add(std::string_view text) {
  if (texts_.size() >= max_entries_ || text.size() > max_bytes_ - bytes_) return std::nullopt;
  bytes_ += text.size();
  texts_.emplace_back(text);
  if (texts_.size() * 2 > slots_.size()) {
    grow();
  } else {
    place(size() - 1);
  }
  return size() - 1;
}

void InternTable::grow() {
  slots_.assign(slots_.size() * 2, kEmpty);
  crowded_.clear();
  for (std::uint32_t id = 0; id < size(); ++id) place(id);
}

void InternTable::place(std::uint32_t id) {
  std::size_t slot = slot_of(texts_[id]);
  for (std::size_t probe = 0; probe < kMaxProbes; ++probe) {
    if (slots_[slot] == kEmpty) {
      slots_[slot] = id;
      return;
    }
    slot = (slot + 1) & (slots_.size() - 1);
  }
  crowded_.emplace(texts_[id], id);
}

}  // namespace assay::pickle
