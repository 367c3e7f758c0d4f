#include "formats/archive/sevenzip_header.h"

#include <algorithm>
#include <bit>
#include <string>
#include <vector>

#include "core/byte_reader.h"
#include "formats/archive/codec.h"
#include "formats/archive/raw_lzma.h"

namespace assay::archive {
namespace {

constexpr std::uint64_t kSignatureHeaderSize = 32;
constexpr std::uint64_t kMaxHeaderSize = 16 << 20;
constexpr std::uint64_t kMaxCoders = 32;  // of one folder; 7-Zip's own limit
constexpr std::uint64_t kMaxFiles = 1'000'000;

enum Property : std::uint8_t {
  kEnd = 0x00,
  kHeader = 0x01,
  kArchiveProperties = 0x02,
  kMainStreamsInfo = 0x04,
  kFilesInfo = 0x05,
  kPackInfo = 0x06,
  kUnpackInfo = 0x07,
  kSubStreamsInfo = 0x08,
  kSize = 0x09,
  kCrc = 0x0A,
  kFolder = 0x0B,
  kCodersUnpackSize = 0x0C,
  kNumUnpackStream = 0x0D,
  kEncodedHeader = 0x17,
};

enum Method : std::uint64_t {
  kCopy = 0x00,
  kLzma2 = 0x21,
  kLzma = 0x030101,
  kPpmd = 0x030401,
  kAes = 0x06F10701,
};

struct Coder {
  std::uint64_t method = 0;
  Bytes properties;
};

struct StreamsInfo {
  std::uint64_t pack_offset = 0;  // from the end of the signature header
  std::uint64_t pack_size = 0;    // of the first packed stream
  std::uint64_t memory = 0;       // what the hungriest folder's coders ask for
  std::vector<Coder> first;       // coders of the first folder
  std::uint64_t unpack_size = 0;  // of the first folder's first coder
  std::uint64_t output_count = 0;
  std::uint64_t folder_count = 0;
  std::vector<bool> folder_has_crc;
};

// NUMBER: as many bytes follow the first as it has leading ones.
std::uint64_t number(ByteReader& in) {
  const unsigned first = in.u8();
  const int extra = std::countl_one(static_cast<std::uint8_t>(first));
  std::uint64_t value = 0;
  for (int i = 0; i < extra; ++i) value |= static_cast<std::uint64_t>(in.u8()) << (8 * i);
  const unsigned high = extra >= 7 ? 0 : first & ((1U << (7 - extra)) - 1);
  return extra >= 8 ? value : value | (static_cast<std::uint64_t>(high) << (8 * extra));
}

std::uint64_t memory_of(const Coder& coder) {
  ByteReader in{coder.properties};
  const unsigned first = in.u8();
  if (coder.method == kLzma2) {
    if (first >= 40) return 1ULL << 32;
    return (2ULL | (first & 1U)) << (first / 2 + 11);
  }
  if (coder.method == kLzma || coder.method == kPpmd) return in.le<std::uint32_t>();
  return 0;
}

ParseError malformed(const ByteReader& in) {
  return in.error().value_or(
      ParseError{ParseErrc::malformed, in.offset(), "the 7z header is malformed"});
}

Parsed<Coder> read_coder(ByteReader& in, std::uint64_t& inputs, std::uint64_t& outputs) {
  const unsigned flags = in.u8();
  const Bytes id = in.take(flags & 0x0F);
  if (!in.ok() || id.size() > 8 || (flags & 0xC0)) return std::unexpected(malformed(in));
  Coder coder;
  for (const std::byte b : id) coder.method = coder.method << 8 | std::to_integer<unsigned>(b);
  const std::uint64_t coder_inputs = flags & 0x10 ? number(in) : 1;
  const std::uint64_t coder_outputs = flags & 0x10 ? number(in) : 1;
  if (coder_inputs > kMaxCoders || coder_outputs > kMaxCoders) {
    return std::unexpected(malformed(in));
  }
  inputs += coder_inputs;
  outputs += coder_outputs;
  if (flags & 0x20) coder.properties = in.take(number(in));
  return coder;
}

Parsed<std::vector<Coder>> read_folder(ByteReader& in, std::uint64_t& output_count) {
  const std::uint64_t count = number(in);
  if (count == 0 || count > kMaxCoders) return std::unexpected(malformed(in));
  std::vector<Coder> coders;
  std::uint64_t inputs = 0;
  std::uint64_t outputs = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    Parsed<Coder> coder = read_coder(in, inputs, outputs);
    if (!coder) return std::unexpected(coder.error());
    coders.push_back(*coder);
  }
  if (outputs == 0 || inputs < outputs - 1) return std::unexpected(malformed(in));
  const std::uint64_t binds = outputs - 1;
  for (std::uint64_t i = 0; i < binds * 2; ++i) number(in);
  const std::uint64_t packed = inputs - binds;
  for (std::uint64_t i = 0; packed > 1 && i < packed; ++i) number(in);
  output_count += outputs;
  return coders;
}

// A digest list for `count` streams: all defined, or a bit for each, the first
// bit first; then four bytes for each that is. Gives back which are. The caller
// has compared `count` with kMaxFiles or with what is there.
std::vector<bool> skip_digests(ByteReader& in, std::uint64_t count) {
  std::vector<bool> defined(static_cast<std::size_t>(count), true);
  if (in.u8() == 0) {
    const Bytes bits = in.take((count + 7) / 8);
    for (std::size_t i = 0; i < defined.size() && in.ok(); ++i) {
      defined[i] = (bits[i / 8] & (std::byte{0x80} >> (i % 8))) != std::byte{0};
    }
  }
  in.skip(static_cast<std::uint64_t>(std::ranges::count(defined, true)) * 4);
  return defined;
}

void skip_numbers(ByteReader& in, std::uint64_t count) {
  for (std::uint64_t i = 0; in.ok() && i < count; ++i) number(in);
}

Parsed<void> read_pack_info(ByteReader& in, StreamsInfo& info) {
  info.pack_offset = number(in);
  const std::uint64_t count = number(in);
  if (count > in.remaining()) return std::unexpected(malformed(in));
  for (std::uint8_t id = in.u8(); in.ok() && id != kEnd; id = in.u8()) {
    if (id == kSize && count > 0) {
      info.pack_size = number(in);
      skip_numbers(in, count - 1);
    } else if (id == kCrc) {
      skip_digests(in, count);
    } else {
      return std::unexpected(malformed(in));
    }
  }
  if (!in.ok()) return std::unexpected(malformed(in));
  return {};
}

Parsed<void> read_folders(ByteReader& in, StreamsInfo& info) {
  if (in.u8() != kFolder) return std::unexpected(malformed(in));
  info.folder_count = number(in);
  if (in.u8() != 0) return fail(ParseErrc::unsupported, in.offset(), "7z folders kept elsewhere");
  if (info.folder_count > in.remaining()) return std::unexpected(malformed(in));
  for (std::uint64_t i = 0; i < info.folder_count; ++i) {
    const Parsed<std::vector<Coder>> folder = read_folder(in, info.output_count);
    if (!folder) return std::unexpected(folder.error());
    std::uint64_t memory = 0;
    for (const Coder& coder : *folder) memory += memory_of(coder);
    info.memory = std::max(info.memory, memory);
    if (i == 0) info.first = *folder;
  }
  return {};
}

Parsed<void> read_unpack_info(ByteReader& in, StreamsInfo& info) {
  if (auto done = read_folders(in, info); !done) return done;
  if (in.u8() != kCodersUnpackSize) return std::unexpected(malformed(in));
  if (info.output_count > 0) info.unpack_size = number(in);
  if (info.output_count > 1) skip_numbers(in, info.output_count - 1);
  std::uint8_t id = in.u8();
  if (id == kCrc) {
    info.folder_has_crc = skip_digests(in, info.folder_count);
    id = in.u8();
  }
  if (!in.ok() || id != kEnd) return std::unexpected(malformed(in));
  return {};
}

// How many files each folder holds. A library allocates by their sum.
Parsed<std::vector<std::uint64_t>> read_stream_counts(ByteReader& in, std::uint64_t folder_count) {
  std::vector<std::uint64_t> counts;
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; in.ok() && i < folder_count; ++i) {
    counts.push_back(number(in));
    sum += std::min(counts.back(), kMaxFiles + 1);
    if (sum > kMaxFiles) {
      return fail(ParseErrc::over_budget, in.offset(), "a 7z archive of over a million files");
    }
  }
  return counts;
}

Parsed<void> read_substreams_info(ByteReader& in, const StreamsInfo& info) {
  std::vector<std::uint64_t> counts(static_cast<std::size_t>(info.folder_count), 1);
  std::uint8_t id = in.u8();
  if (id == kNumUnpackStream) {
    auto read = read_stream_counts(in, info.folder_count);
    if (!read) return std::unexpected(read.error());
    counts = std::move(*read);
    id = in.u8();
  }
  if (!in.ok()) return std::unexpected(malformed(in));
  std::uint64_t digest_count = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    // A folder's last size and only digest are known already.
    if (id == kSize && counts[i] > 0) skip_numbers(in, counts[i] - 1);
    const bool known = counts[i] == 1 && i < info.folder_has_crc.size() && info.folder_has_crc[i];
    digest_count += known ? 0 : counts[i];
  }
  if (id == kSize) id = in.u8();
  if (id == kCrc) {
    skip_digests(in, digest_count);
    id = in.u8();
  }
  if (!in.ok() || id != kEnd) return std::unexpected(malformed(in));
  return {};
}

Parsed<StreamsInfo> read_streams_info(ByteReader& in) {
  StreamsInfo info;
  std::uint8_t id = in.u8();
  if (id == kPackInfo) {
    if (auto done = read_pack_info(in, info); !done) return std::unexpected(done.error());
    id = in.u8();
  }
  if (id == kUnpackInfo) {
    if (auto done = read_unpack_info(in, info); !done) return std::unexpected(done.error());
    id = in.u8();
  }
  if (id == kSubStreamsInfo) {
    if (auto done = read_substreams_info(in, info); !done) return std::unexpected(done.error());
    id = in.u8();
  }
  if (!in.ok() || id != kEnd) return std::unexpected(malformed(in));
  return info;
}

// The memory that the archive's folders ask for.
Parsed<std::uint64_t> check_header(Bytes header) {
  ByteReader in{header};
  if (in.u8() != kHeader) return std::unexpected(malformed(in));
  std::uint64_t memory = 0;
  std::uint8_t id = in.u8();
  if (id == kArchiveProperties) {
    while (in.ok() && in.u8() != kEnd) in.skip(number(in));
    id = in.u8();
  }
  if (id == kMainStreamsInfo) {
    const Parsed<StreamsInfo> info = read_streams_info(in);
    if (!info) return std::unexpected(info.error());
    memory = info->memory;
    id = in.u8();
  }
  // Each file has a name in UTF-16, of a NUL at the least.
  if (id == kFilesInfo && number(in) > std::min(in.remaining() / 2, kMaxFiles)) {
    return fail(ParseErrc::malformed, in.offset(), "the 7z header declares files it cannot hold");
  }
  if (!in.ok() || (id != kFilesInfo && id != kEnd)) return std::unexpected(malformed(in));
  return memory;
}

// The header that a packed header holds.
Parsed<std::vector<std::byte>> unpack_header(ByteSource& source, const StreamsInfo& info,
                                             Budget& budget) {
  const auto is_aes = [](const Coder& coder) { return coder.method == kAes; };
  if (std::ranges::any_of(info.first, is_aes)) {
    return fail(ParseErrc::encrypted, kSignatureHeaderSize, "the 7z header is encrypted");
  }
  if (info.first.size() != 1) {
    return fail(ParseErrc::unsupported, kSignatureHeaderSize, "a 7z header packed with a filter");
  }
  const Coder& coder = info.first.front();
  if (info.pack_size > kMaxHeaderSize || info.unpack_size > kMaxHeaderSize ||
      memory_of(coder) > kMaxDecoderMemory ||
      !budget.spend(Cost::expanded_bytes, info.unpack_size)) {
    return fail(ParseErrc::over_budget, kSignatureHeaderSize, "the 7z header is over 16 MiB");
  }
  if (info.pack_offset > source.size()) {
    return fail(ParseErrc::truncated, kSignatureHeaderSize, "the packed 7z header is not there");
  }
  auto packed = read_bytes(source, kSignatureHeaderSize + info.pack_offset, info.pack_size);
  if (coder.method == kCopy) return packed;
  if (coder.method != kLzma && coder.method != kLzma2) {
    return fail(ParseErrc::unsupported, kSignatureHeaderSize,
                "a 7z header packed by another method");
  }
  return decode_raw_lzma(coder.method == kLzma ? RawLzma::lzma1 : RawLzma::lzma2, coder.properties,
                         packed, info.unpack_size);
}

}  // namespace

Parsed<SevenzipSummary> read_sevenzip_summary(ByteSource& source, Budget& budget) {
  const ByteView head = source.view(0, kSignatureHeaderSize);
  ByteReader in{head};
  in.skip(12);
  const auto offset = in.le<std::uint64_t>();
  const auto size = in.le<std::uint64_t>();
  if (in.error()) return std::unexpected(*in.error());
  SevenzipSummary summary{.end = kSignatureHeaderSize, .decoder_memory = 0};
  if (size == 0) return summary;
  const std::uint64_t left = source.size() - kSignatureHeaderSize;
  if (offset > left || size > left - offset) {
    return fail(ParseErrc::truncated, 0, "the 7z header runs past the end of the archive");
  }
  summary.end += offset + size;
  if (size > kMaxHeaderSize) {
    return fail(ParseErrc::over_budget, 0, "the 7z header is over 16 MiB");
  }
  auto header = read_bytes(source, kSignatureHeaderSize + offset, size);
  std::uint64_t own_memory = 0;
  if (!header.empty() && header[0] == std::byte{kEncodedHeader}) {
    ByteReader packed{Bytes(header).subspan(1)};
    const Parsed<StreamsInfo> info = read_streams_info(packed);
    if (!info) return std::unexpected(info.error());
    own_memory = info->memory;
    auto unpacked = unpack_header(source, *info, budget);
    if (!unpacked) return std::unexpected(unpacked.error());
    header = std::move(*unpacked);
  }
  const Parsed<std::uint64_t> memory = check_header(header);
  if (!memory) return std::unexpected(memory.error());
  summary.decoder_memory = std::max(own_memory, *memory);
  return summary;
}

}  // namespace assay::archive
