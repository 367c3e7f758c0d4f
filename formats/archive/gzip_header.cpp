#include "formats/archive/gzip_header.h"

#include "core/source_reader.h"

namespace assay::archive {
namespace {

constexpr std::uint8_t kHeaderCrc = 2;
constexpr std::uint8_t kExtra = 4;
constexpr std::uint8_t kName = 8;
constexpr std::uint8_t kComment = 16;
constexpr std::uint64_t kMaxHeaderSize = 1 << 20;

// A NUL-terminated text of which at most kMaxText bytes are kept.
std::string read_text(SourceReader& in, std::uint64_t end) {
  std::string text;
  while (in.ok() && in.offset() < end) {
    const char c = static_cast<char>(in.u8());
    if (!in.ok() || c == '\0') break;
    if (text.size() < GzipHeader::kMaxText) text += c;
  }
  return text;
}

}  // namespace

Parsed<GzipHeader> read_gzip_header(ByteSource& source, std::uint64_t offset) {
  SourceReader in(source, offset, 4096);
  const std::uint64_t end = offset + kMaxHeaderSize;
  GzipHeader header;
  in.skip(3);
  header.flags = in.u8();
  in.skip(6);
  if (header.flags & kExtra) in.skip(in.le<std::uint16_t>());
  if (header.flags & kName) header.name = read_text(in, end);
  if (header.flags & kComment) header.comment = read_text(in, end);
  if (header.flags & kHeaderCrc) in.skip(2);
  if (in.error()) return std::unexpected(*in.error());
  if (in.offset() >= end) {
    return fail(ParseErrc::over_budget, offset, "a gzip header of more than 1 MiB");
  }
  header.size = in.offset() - offset;
  return header;
}

}  // namespace assay::archive
