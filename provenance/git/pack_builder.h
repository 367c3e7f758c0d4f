#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "provenance/git/repository_builder.h"

// Packs for tests, in memory; what is stored need not be true.
namespace assay::provenance::git::testing {

enum class IndexForm : std::uint8_t { v1, v2, v2_wide };  // wide: all offsets of 64 bits

class PackBuilder {
 public:
  // Of the object that `id` says, which is what comes back.
  std::string add(unsigned type, std::string_view name, std::string_view content) {
    const std::string id = object_id(name, as_bytes(content));
    add_stored(id, entry_head(type, content.size()) + deflated(content));
    return id;
  }
  std::string add_blob(std::string_view content) { return add(3, "blob", content); }

  void add_delta(const std::string& id, const std::string& base, std::string_view delta) {
    const std::uint64_t distance = bytes_.size() - offsets_.at(raw_id(base));
    add_stored(id, entry_head(6, delta.size()) + distance_text(distance) + deflated(delta));
  }
  void add_delta_by_id(const std::string& id, const std::string& base, std::string_view delta) {
    add_stored(id, entry_head(7, delta.size()) + raw_id(base) + deflated(delta));
  }

  void add_stored(const std::string& id, std::string_view stored) {
    offsets_[raw_id(id)] = bytes_.size();
    bytes_ += stored;
  }
  void pad(std::size_t size) { bytes_.append(size, '\0'); }

  void write(Repository& repository, const std::string& name = "pack-1",
             IndexForm form = IndexForm::v2) const {
    repository.files["objects/pack/" + name + ".pack"] = bytes_ + std::string(20, '\0');
    repository.files["objects/pack/" + name + ".idx"] =
        (form == IndexForm::v1 ? index_v1() : index_v2(form == IndexForm::v2_wide)) +
        std::string(40, '\0');
  }

  // gitformat-pack(5): four bits beside the type, then seven a byte, the lowest first.
  static std::string entry_head(unsigned type, std::uint64_t size) {
    std::string text(1, static_cast<char>(type << 4U | (size & 0xFU)));
    for (size >>= 4U; size > 0; size >>= 7U) {
      text.back() = static_cast<char>(text.back() | 0x80);
      text += static_cast<char>(size & 0x7FU);
    }
    return text;
  }

  // Seven bits a byte, the highest first; each further byte adds one to those before.
  static std::string distance_text(std::uint64_t distance) {
    std::string text(1, static_cast<char>(distance & 0x7FU));
    while ((distance >>= 7U) > 0) {
      --distance;
      text += static_cast<char>(0x80U | (distance & 0x7FU));
    }
    std::ranges::reverse(text);
    return text;
  }

 private:
  std::string fanout() const {
    std::string text;
    for (unsigned byte = 0; byte < 256; ++byte) {
      text +=
          big_endian(static_cast<std::uint32_t>(std::ranges::count_if(offsets_, [&](const auto& e) {
            return static_cast<unsigned char>(e.first[0]) <= byte;
          })));
    }
    return text;
  }

  std::string index_v1() const {
    std::string text = fanout();
    for (const auto& [id, at] : offsets_) text += big_endian(static_cast<std::uint32_t>(at)) + id;
    return text;
  }

  std::string index_v2(bool wide) const {
    std::string text = "\377tOc" + big_endian(2) + fanout(), crcs, places, far_places;
    std::uint32_t row = 0;
    for (const auto& [id, at] : offsets_) {
      text += id;
      crcs += big_endian(0);
      places += big_endian(wide ? 0x80000000U | row++ : static_cast<std::uint32_t>(at));
      if (wide) {
        far_places += big_endian(static_cast<std::uint32_t>(at >> 32U)) +
                      big_endian(static_cast<std::uint32_t>(at));
      }
    }
    return text + crcs + places + far_places;
  }

  std::string bytes_ = "PACK" + big_endian(2) + big_endian(0);
  std::map<std::string, std::uint64_t> offsets_;  // by raw id
};

inline std::string delta_size(std::uint64_t size) {
  std::string text;
  for (; size >= 0x80; size >>= 7U) text += static_cast<char>(0x80U | (size & 0x7FU));
  return text + static_cast<char>(size);
}

// Makes `base` of `base_size` bytes (below 64 KiB) with `more` (below 128 bytes) behind it.
inline std::string delta_appending(std::size_t base_size, std::string_view more) {
  std::string text = delta_size(base_size) + delta_size(base_size + more.size());
  text += '\xb0';  // from offset 0, two bytes of count
  text += static_cast<char>(base_size);
  text += static_cast<char>(base_size >> 8U);
  text += static_cast<char>(more.size());
  return text + std::string(more);
}

}  // namespace assay::provenance::git::testing
