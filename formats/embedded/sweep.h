#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "core/bytes.h"

namespace assay::embedded {

// Something with a head of its own in the middle of other bytes.
struct Hit {
  std::uint64_t offset = 0;  // in the artifact
  std::string_view format;   // "elf", "pe", "mach-o", "script", "zip"
};

// Looks at every byte of a stream for the heads of programs and archives, at a
// small part of the cost of hashing. Two or four magic bytes occur by chance
// thousands of times in a gigabyte of weights, so a hit is only what also has
// the fields such a head must have: ELF (gABI, e_ident to e_ehsize), PE (COFF
// and optional header magic), Mach-O, "#!" with an absolute path, zip local
// header (APPNOTE 4.3.7).
class Sweep {
 public:
  // `on_hit` is called in the order of the offsets.
  explicit Sweep(std::function<void(Hit)> on_hit) : on_hit_(std::move(on_hit)) {}

  // The next bytes of the stream.
  void feed(Bytes block);

  // The stream has ended: looks at what waited for more bytes.
  void finish();

  // A head is judged by at most this many bytes from its first one.
  static constexpr std::size_t kLookahead = 4096 + 512;

 private:
  void look(Bytes bytes, std::size_t count, std::uint64_t offset);

  std::function<void(Hit)> on_hit_;
  std::vector<std::byte> carry_;  // the last bytes, not yet judged
  std::uint64_t carry_offset_ = 0;
};

// The positions in `bytes` below `count` where two bytes begin that some head
// begins with, in ascending order. `bytes` holds at least count + 1 bytes, or
// the last position is left out.
void find_candidates(Bytes bytes, std::size_t count, std::vector<std::uint32_t>& positions);

// The format whose head stands at the front of `bytes`, or an empty word.
std::string_view head_at(Bytes bytes);

}  // namespace assay::embedded
