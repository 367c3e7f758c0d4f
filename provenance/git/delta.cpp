#include "provenance/git/delta.h"

#include "core/byte_reader.h"

namespace assay::provenance::git {
namespace {

std::unexpected<ParseError> malformed(const char* what) {
  return fail(ParseErrc::malformed, 0, std::string("a delta ") + what);
}

// Seven bits a byte, the lowest first. Nothing for more than 63 bits.
std::optional<std::uint64_t> take_size(ByteReader& in) {
  std::uint64_t size = 0;
  for (unsigned shift = 0; shift < 63; shift += 7) {
    const auto byte = in.u8();
    size |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
    if ((byte & 0x80U) == 0) {
      if (in.error()) return std::nullopt;
      return size;
    }
  }
  return std::nullopt;
}

// The bytes of a number of which `mask` says which are there.
std::uint32_t take_sparse(ByteReader& in, unsigned mask, unsigned bytes) {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < bytes; ++i) {
    if ((mask & (1U << i)) != 0) value |= static_cast<std::uint32_t>(in.u8()) << (8 * i);
  }
  return value;
}

}  // namespace

std::optional<std::uint64_t> size_after_delta(Bytes delta) {
  ByteReader in{delta};
  if (!take_size(in)) return std::nullopt;
  return take_size(in);
}

Parsed<ByteString> apply_delta(Bytes base, Bytes delta, std::uint64_t limit) {
  ByteReader in{delta};
  const auto base_size = take_size(in);
  const auto size = take_size(in);
  if (!base_size || !size) return malformed("has no sizes");
  if (*base_size != base.size()) return malformed("is of another base");
  if (*size > limit) return fail(ParseErrc::over_budget, 0, "an object is larger than is read");
  ByteString out;
  out.reserve(static_cast<std::size_t>(*size));
  while (in.remaining() > 0) {
    const unsigned command = in.u8();
    Bytes piece;
    if ((command & 0x80U) != 0) {
      const std::uint32_t offset = take_sparse(in, command & 0xFU, 4);
      std::uint32_t count = take_sparse(in, command >> 4U & 0x7U, 3);
      if (count == 0) count = 0x10000;
      if (offset > base.size() || count > base.size() - offset) {
        return malformed("copies from outside of its base");
      }
      piece = base.subspan(offset, count);
    } else if (command != 0) {
      piece = in.take(command);
    } else {
      return malformed("has a command that is reserved");
    }
    if (in.error()) return malformed("ends in a command");
    if (piece.size() > *size - out.size()) return malformed("makes more than it says");
    out.insert(out.end(), piece.begin(), piece.end());
  }
  if (out.size() != *size) return malformed("makes less than it says");
  return out;
}

}  // namespace assay::provenance::git
