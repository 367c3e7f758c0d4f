#include <bit>

#include "core/byte_reader.h"
#include "core/text.h"
#include "formats/archive/archive.h"
#include "formats/archive/compressed.h"
#include "formats/archive/entry_checks.h"
#include "formats/archive/gzip_header.h"

namespace assay::archive {
namespace {

using namespace std::string_view_literals;

template <const Compression& kind>
Parsed<void> parse_as(ParseContext& context) {
  return parse_compressed(context, kind);
}

template <const Compression& kind>
Confidence certain_if_starts(const Probe& probe) {
  return kind.starts(probe.head) ? Confidence::certain : Confidence::none;
}

// Skippable frames are zstd's and LZ4's: 5x 2A 4D 18, a size, that many bytes.
bool is_skippable(Bytes head) {
  return head.size() >= 4 && (head[0] & std::byte{0xF0}) == std::byte{0x50} &&
         as_text(head).substr(1, 3) == "\x2A\x4D\x18"sv;
}

// The bytes behind the skippable frames at the front, to see whose they are.
ByteView behind_skippable(const Probe& probe) {
  constexpr int kMostFrames = 64;
  ByteView head = probe.source->view(0, Compression::kHeadSize);
  std::uint64_t offset = 0;
  for (int i = 0; i < kMostFrames && is_skippable(head); ++i) {
    ByteReader in{head};
    in.skip(4);
    const std::uint64_t size = in.le<std::uint32_t>();
    if (!in.ok()) break;
    offset += 8 + size;
    head = probe.source->view(offset, Compression::kHeadSize);
  }
  return head;
}

// --- gzip ---

Parsed<std::uint64_t> gzip_payload(ByteSource& source, std::uint64_t offset) {
  const Parsed<GzipHeader> header = read_gzip_header(source, offset);
  if (!header) return std::unexpected(header.error());
  return offset + header->size;
}

constexpr Compression kGzip{
    .name = "gzip",
    .starts = [](Bytes head) { return starts_with(head, "\x1F\x8B\x08"sv); },
    .open = [](Bytes) { return open_gzip_payload(); },
    .payload = gzip_payload};

Confidence identify_gzip(const Probe& probe) {
  if (!kGzip.starts(probe.head)) return Confidence::none;
  ByteReader in{probe.head};
  in.skip(3);
  return (in.u8() & GzipHeader::kReservedFlags) ? Confidence::possible : Confidence::certain;
}

Parsed<void> parse_gzip(ParseContext& context) {
  if (const Parsed<GzipHeader> header = read_gzip_header(context.source(), 0)) {
    if (header->flags & GzipHeader::kReservedFlags) {
      context.anomaly(3, 1, "archive.bad-header", "reserved gzip flags are set");
    }
    if (!header->name.empty()) {
      context.metadata(0, header->size, "gzip.name", header->name);
      report_name(context, 0, header->size, header->name);
    }
    if (!header->comment.empty()) {
      context.metadata(0, header->size, "gzip.comment", header->comment);
    }
  }
  return parse_compressed(context, kGzip);
}

// --- bzip2, xz ---

constexpr Compression kBzip2{
    .name = "bzip2",
    .starts =
        [](Bytes head) {
          const std::string_view text = as_text(head);
          if (!text.starts_with("BZh") || text.size() < 10 || text[3] < '1' || text[3] > '9') {
            return false;
          }
          const std::string_view block = text.substr(4, 6);
          return block == "1AY&SY"sv || block == "\x17\x72\x45\x38\x50\x90"sv;
        },
    .open = [](Bytes) { return open_bzip2(); }};

constexpr Compression kXz{.name = "xz",
                          .starts = [](Bytes head) { return starts_with(head, "\xFD\x37zXZ\0"sv); },
                          .open = [](Bytes) { return open_xz(); }};

// --- lzma-alone ---

// Properties, dictionary size, uncompressed size, and the range coder's first
// byte, which is zero (lzma-file-format.txt). There is no magic: the dictionary
// must be of a size that writers use, the content below 256 GiB or unknown. No
// writer says that there is none, but a tensor that begins with -0.0, 0.0 would.
bool is_lzma_header(Bytes head) {
  constexpr std::uint64_t kUnknownSize = ~0ULL;
  ByteReader in{head};
  const unsigned properties = in.u8();
  const auto dictionary_size = in.le<std::uint32_t>();
  const auto content_size = in.le<std::uint64_t>();
  const auto first_byte = in.u8();
  if (!in.ok() || properties >= 9 * 5 * 5 || first_byte != 0) return false;
  const std::uint32_t rest = dictionary_size & ~std::bit_floor(dictionary_size);
  if (dictionary_size < 4096) return false;
  if (rest != 0 && rest != std::bit_floor(dictionary_size) / 2 && dictionary_size != ~0U) {
    return false;
  }
  return content_size == kUnknownSize || (content_size > 0 && content_size < (256ULL << 30));
}

constexpr Compression kLzma{
    .name = "lzma", .starts = is_lzma_header, .open = [](Bytes) { return open_lzma(); }};

Confidence identify_lzma(const Probe& probe) {
  if (!is_lzma_header(probe.head)) return Confidence::none;
  return decodes(*open_lzma(), probe.head) ? Confidence::certain : Confidence::none;
}

// --- zstd, lz4 ---

bool starts_zstd(Bytes head) { return starts_with(head, "\x28\xB5\x2F\xFD"sv); }

bool starts_lz4_legacy(Bytes head) { return starts_with(head, "\x02\x21\x4C\x18"sv); }

bool starts_lz4(Bytes head) {
  return starts_with(head, "\x04\x22\x4D\x18"sv) || starts_lz4_legacy(head);
}

constexpr Compression kZstd{
    .name = "zstd",
    .starts = [](Bytes head) { return starts_zstd(head) || is_skippable(head); },
    .open = [](Bytes) { return open_zstd(); }};

Confidence identify_zstd(const Probe& probe) {
  if (starts_zstd(probe.head)) return Confidence::certain;
  if (!is_skippable(probe.head) || !probe.source) return Confidence::none;
  return starts_zstd(behind_skippable(probe)) ? Confidence::certain : Confidence::none;
}

constexpr Compression kLz4{
    .name = "lz4",
    .starts = [](Bytes head) { return starts_lz4(head) || is_skippable(head); },
    .open =
        [](Bytes head) { return starts_lz4_legacy(head) ? open_lz4_legacy() : open_lz4_frame(); }};

Confidence identify_lz4(const Probe& probe) {
  if (starts_lz4(probe.head)) return Confidence::certain;
  if (!is_skippable(probe.head) || !probe.source) return Confidence::none;
  return starts_lz4(behind_skippable(probe)) ? Confidence::certain : Confidence::none;
}

// --- zlib ---

// joblib before 0.10 put "ZF" and the length as 19 characters of hex before the
// zlib stream, and one more space in the oldest files; joblib.load still reads both.
std::uint64_t zfile_header_size(Bytes head) {
  constexpr std::uint64_t kSize = 2 + 19;
  if (!starts_with(head, "ZF0x") || head.size() <= kSize) return 0;
  return head[kSize] == std::byte{' '} ? kSize + 1 : kSize;
}

// RFC 1950: DEFLATE, a window of at most 32 KiB, no preset dictionary.
bool is_zlib_header(Bytes head) {
  ByteReader in{head};
  const unsigned cmf = in.u8();
  const unsigned flg = in.u8();
  return in.ok() && (cmf & 0x0F) == 8 && (cmf >> 4) <= 7 && (flg & 0x20) == 0 &&
         (cmf * 256 + flg) % 31 == 0;
}

constexpr Compression kZlib{
    .name = "zlib",
    .starts = is_zlib_header,
    .open = [](Bytes) { return open_zlib(); },
    .payload = [](ByteSource& source, std::uint64_t offset) -> Parsed<std::uint64_t> {
      const ByteView head = source.view(offset, Compression::kHeadSize);
      return offset + zfile_header_size(head);
    }};

Confidence identify_zlib(const Probe& probe) {
  const Bytes head = probe.head.subspan(zfile_header_size(probe.head));
  if (!is_zlib_header(head)) return Confidence::none;
  return decodes(*open_zlib(), head) ? Confidence::possible : Confidence::none;
}

}  // namespace

const Format gzip{"gzip", identify_gzip, parse_gzip};
const Format bzip2{"bzip2", certain_if_starts<kBzip2>, parse_as<kBzip2>};
const Format xz{"xz", certain_if_starts<kXz>, parse_as<kXz>};
const Format lzma{"lzma", identify_lzma, parse_as<kLzma>};
const Format zstd{"zstd", identify_zstd, parse_as<kZstd>};
const Format lz4{"lz4", identify_lz4, parse_as<kLz4>};
const Format zlib{"zlib", identify_zlib, parse_as<kZlib>};

}  // namespace assay::archive
