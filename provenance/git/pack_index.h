#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/bytes.h"
#include "core/error.h"

namespace assay::provenance::git {

// Where the objects of a pack lie (gitformat-pack(5), "pack-*.idx files", versions 1
// and 2). Holds a view of the file's bytes.
class PackIndex {
 public:
  // `malformed`: not such a file, or one whose tables do not fit in it.
  static Parsed<PackIndex> parse(Bytes file);

  // The offset of the object of that id (20 raw bytes) in the pack; nothing when the
  // pack does not hold it.
  std::optional<std::uint64_t> find(Bytes id) const;

 private:
  PackIndex(Bytes file, unsigned version, std::uint32_t count)
      : file_(file), version_(version), count_(count) {}
  std::uint32_t number(std::uint64_t offset) const;
  Bytes id(std::uint32_t index) const;
  std::optional<std::uint64_t> offset(std::uint32_t index) const;

  Bytes file_;
  unsigned version_;
  std::uint32_t count_;
};

}  // namespace assay::provenance::git
