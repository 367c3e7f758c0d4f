#include "provenance/crypto/blake3.h"

#include <algorithm>
#include <bit>

namespace assay::provenance {
namespace {

constexpr std::array<std::uint32_t, 8> kInitial = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                                                   0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};
constexpr std::array<std::uint8_t, 16> kPermutation = {2, 6,  3,  10, 7, 0,  4,  13,
                                                       1, 11, 12, 5,  9, 14, 15, 8};
constexpr int kRounds = 7;

constexpr std::uint32_t kChunkStart = 1;
constexpr std::uint32_t kChunkEnd = 2;
constexpr std::uint32_t kParent = 4;
constexpr std::uint32_t kRoot = 8;

using State = std::array<std::uint32_t, 16>;

inline void mix(State& v, std::size_t a, std::size_t b, std::size_t c, std::size_t d,
                std::uint32_t x, std::uint32_t y) {
  v[a] = v[a] + v[b] + x;
  v[d] = std::rotr(v[d] ^ v[a], 16);
  v[c] = v[c] + v[d];
  v[b] = std::rotr(v[b] ^ v[c], 12);
  v[a] = v[a] + v[b] + y;
  v[d] = std::rotr(v[d] ^ v[a], 8);
  v[c] = v[c] + v[d];
  v[b] = std::rotr(v[b] ^ v[c], 7);
}

inline void round(State& v, const Blake3::Block& m) {
  mix(v, 0, 4, 8, 12, m[0], m[1]);
  mix(v, 1, 5, 9, 13, m[2], m[3]);
  mix(v, 2, 6, 10, 14, m[4], m[5]);
  mix(v, 3, 7, 11, 15, m[6], m[7]);
  mix(v, 0, 5, 10, 15, m[8], m[9]);
  mix(v, 1, 6, 11, 12, m[10], m[11]);
  mix(v, 2, 7, 8, 13, m[12], m[13]);
  mix(v, 3, 4, 9, 14, m[14], m[15]);
}

inline Blake3::Block permuted(const Blake3::Block& m) {
  Blake3::Block out;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = m[kPermutation[i]];
  return out;
}

// The first half of the compression's output, all that 32 bytes need.
Blake3::ChainingValue compress(const Blake3::ChainingValue& input, Blake3::Block block,
                               std::uint64_t counter, std::uint32_t block_size,
                               std::uint32_t flags) {
  State v;
  std::ranges::copy(input, v.begin());
  std::copy_n(kInitial.begin(), 4, v.begin() + 8);
  v[12] = static_cast<std::uint32_t>(counter);
  v[13] = static_cast<std::uint32_t>(counter >> 32);
  v[14] = block_size;
  v[15] = flags;
  for (int i = 0; i < kRounds; ++i) {
    if (i > 0) block = permuted(block);
    round(v, block);
  }
  Blake3::ChainingValue out;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = v[i] ^ v[i + 8];
  return out;
}

std::uint32_t little_endian(const std::byte* at) {
  return std::to_integer<std::uint32_t>(at[0]) | std::to_integer<std::uint32_t>(at[1]) << 8 |
         std::to_integer<std::uint32_t>(at[2]) << 16 | std::to_integer<std::uint32_t>(at[3]) << 24;
}

Blake3::Block words_of(const std::array<std::byte, 64>& bytes) {
  Blake3::Block words;
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = little_endian(&bytes[i * 4]);
  return words;
}

}  // namespace

Blake3::ChainingValue Blake3::initial() { return kInitial; }

Blake3::ChainingValue Blake3::Output::chaining_value(std::uint32_t more_flags) const {
  return compress(input, block, counter, block_size, flags | more_flags);
}

Blake3::Output Blake3::parent_of(const ChainingValue& left, const ChainingValue& right) {
  Output parent{.input = kInitial, .block = {}, .block_size = kBlockSize, .flags = kParent};
  std::ranges::copy(left, parent.block.begin());
  std::ranges::copy(right, parent.block.begin() + 8);
  return parent;
}

Blake3::Output Blake3::last_of_chunk() const {
  auto block = buffer_;
  std::fill(block.begin() + static_cast<std::ptrdiff_t>(buffered_), block.end(), std::byte{});
  return {.input = chunk_value_,
          .block = words_of(block),
          .counter = chunks_,
          .block_size = static_cast<std::uint32_t>(buffered_),
          .flags = kChunkEnd | (blocks_ == 0 ? kChunkStart : 0)};
}

void Blake3::compress_block() {
  chunk_value_ = compress(chunk_value_, words_of(buffer_), chunks_, kBlockSize,
                          blocks_ == 0 ? kChunkStart : 0);
  ++blocks_;
  buffered_ = 0;
}

// A complete chunk closes as many subtrees as its number has trailing zero bits.
void Blake3::end_chunk() {
  ChainingValue value = last_of_chunk().chaining_value();
  ++chunks_;
  for (std::uint64_t count = chunks_; count % 2 == 0; count /= 2) {
    value = parent_of(stack_.back(), value).chaining_value();
    stack_.pop_back();
  }
  stack_.push_back(value);
  chunk_value_ = kInitial;
  buffered_ = 0;
  blocks_ = 0;
}

void Blake3::update(Bytes bytes) {
  while (!bytes.empty()) {
    // A full buffer waits until more comes: the very last block is treated apart.
    if (buffered_ == kBlockSize) {
      if (blocks_ + 1 == kChunkBlocks) {
        end_chunk();
      } else {
        compress_block();
      }
    }
    const Bytes part = clip(bytes, 0, kBlockSize - buffered_);
    std::ranges::copy(part, buffer_.begin() + static_cast<std::ptrdiff_t>(buffered_));
    buffered_ += part.size();
    bytes = bytes.subspan(part.size());
  }
}

ByteString Blake3::finish() {
  Output output = last_of_chunk();
  for (auto left = stack_.rbegin(); left != stack_.rend(); ++left) {
    output = parent_of(*left, output.chaining_value());
  }
  ByteString digest;
  for (const std::uint32_t word : output.chaining_value(kRoot)) {
    for (const int shift : {0, 8, 16, 24}) digest.push_back(static_cast<std::byte>(word >> shift));
  }
  return digest;
}

}  // namespace assay::provenance
