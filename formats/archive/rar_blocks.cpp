#include "formats/archive/rar_blocks.h"

#include <algorithm>

#include "core/source_reader.h"

namespace assay::archive {
namespace {

constexpr std::uint64_t kMagic4Size = 7;
constexpr std::uint64_t kMagic5Size = 8;

// What the walk needs of one block.
struct Block {
  std::uint64_t end = 0;
  bool last = false;
  bool encrypted_headers = false;
};

// Seven bits a byte, the lowest first, while the top bit is set.
std::uint64_t variable_int(SourceReader& in) {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const std::uint64_t b = in.u8();
    value |= (b & 0x7F) << shift;
    if ((b & 0x80) == 0) break;
  }
  return value;
}

// False when the sum does not fit.
bool add(std::uint64_t& sum, std::uint64_t more) {
  sum += more;
  return sum >= more;
}

Parsed<Block> too_long(std::uint64_t offset) {
  return fail(ParseErrc::truncated, offset, "a RAR block runs past the end of the archive");
}

Parsed<Block> read_block5(SourceReader& in) {
  constexpr std::uint64_t kEncryption = 4;
  constexpr std::uint64_t kEndOfArchive = 5;
  constexpr std::uint64_t kHasExtra = 1;
  constexpr std::uint64_t kHasData = 2;
  const std::uint64_t begin = in.offset();
  in.skip(4);
  const std::uint64_t header_size = variable_int(in);
  Block block{.end = in.offset()};
  const std::uint64_t type = variable_int(in);
  const std::uint64_t flags = variable_int(in);
  if (flags & kHasExtra) variable_int(in);
  const std::uint64_t data_size = flags & kHasData ? variable_int(in) : 0;
  if (in.error()) return std::unexpected(*in.error());
  if (!add(block.end, header_size) || !add(block.end, data_size)) return too_long(begin);
  block.last = type == kEndOfArchive;
  block.encrypted_headers = type == kEncryption;
  return block;
}

Parsed<Block> read_block4(SourceReader& in) {
  constexpr unsigned kMain = 0x73;
  constexpr unsigned kFile = 0x74;
  constexpr unsigned kService = 0x7A;
  constexpr unsigned kEndOfArchive = 0x7B;
  constexpr unsigned kEncryptedHeaders = 0x80;
  constexpr unsigned kLargeFile = 0x100;
  constexpr unsigned kHasData = 0x8000;
  const std::uint64_t begin = in.offset();
  in.skip(2);
  const unsigned type = in.u8();
  const unsigned flags = in.le<std::uint16_t>();
  const std::uint64_t header_size = in.le<std::uint16_t>();
  const bool is_file = type == kFile || type == kService;
  std::uint64_t data_size = (flags & kHasData) || is_file ? in.le<std::uint32_t>() : 0;
  if (is_file && (flags & kLargeFile)) {
    in.skip(21);  // up to HIGH_PACK_SIZE
    data_size |= static_cast<std::uint64_t>(in.le<std::uint32_t>()) << 32;
  }
  if (in.error()) return std::unexpected(*in.error());
  if (header_size < 7) return fail(ParseErrc::malformed, begin, "a RAR block is too short");
  Block block{.end = begin + header_size,
              .last = type == kEndOfArchive,
              .encrypted_headers = type == kMain && (flags & kEncryptedHeaders)};
  if (!add(block.end, data_size)) return too_long(begin);
  return block;
}

}  // namespace

Parsed<std::uint64_t> find_rar_end(ByteSource& source, Budget& budget) {
  const bool version5 = as_text(source.view(kMagic4Size - 1, 1)) == "\x01";
  SourceReader in(source, version5 ? kMagic5Size : kMagic4Size, 4096);
  while (!in.at_end()) {
    if (!budget.spend(Cost::nodes)) return std::unexpected(budget.error(in.offset()));
    const std::uint64_t begin = in.offset();
    const Parsed<Block> block = version5 ? read_block5(in) : read_block4(in);
    if (!block) return std::unexpected(block.error());
    if (block->encrypted_headers) {
      return fail(ParseErrc::encrypted, begin, "the RAR headers are encrypted");
    }
    if (!source.has(block->end - 1)) return std::unexpected(too_long(begin).error());
    if (block->last) return block->end;
    in.seek(block->end);
  }
  if (version5) {
    // The mark itself may be cut.
    return fail(ParseErrc::truncated, std::min(in.offset(), source.size()),
                "the RAR archive has no end block");
  }
  return in.offset();
}

}  // namespace assay::archive
