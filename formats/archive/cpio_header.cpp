#include "formats/archive/cpio_header.h"

#include <charconv>
#include <string_view>

#include "core/byte_reader.h"

namespace assay::archive::cpio_format {
namespace {

using namespace std::string_view_literals;

constexpr std::uint64_t kMaxNameSize = 1 << 20;
constexpr std::uint64_t kLongestHeader = 110;

// The fields that matter, whatever the format.
struct Fields {
  std::uint64_t header_size = 0;
  std::uint64_t mode = 0;
  std::uint64_t name_size = 0;  // with its NUL
  std::uint64_t data_size = 0;
  std::uint64_t alignment = 1;  // of the name's end and of the data's
};

std::optional<std::uint64_t> digits(std::string_view text, int base) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Fields> read_newc(std::string_view head) {
  const auto mode = digits(head.substr(14, 8), 16);
  const auto data_size = digits(head.substr(54, 8), 16);
  const auto name_size = digits(head.substr(94, 8), 16);
  if (!mode || !data_size || !name_size) return std::nullopt;
  return Fields{110, *mode, *name_size, *data_size, 4};
}

std::optional<Fields> read_odc(std::string_view head) {
  const auto mode = digits(head.substr(18, 6), 8);
  const auto name_size = digits(head.substr(59, 6), 8);
  const auto data_size = digits(head.substr(65, 11), 8);
  if (!mode || !data_size || !name_size) return std::nullopt;
  return Fields{76, *mode, *name_size, *data_size, 1};
}

// 16-bit words; a size is two of them, the high one first in either byte order.
std::optional<Fields> read_binary(Bytes head) {
  const bool little = head[0] == std::byte{0xC7};
  ByteReader in{head};
  const auto word = [&] { return little ? in.le<std::uint16_t>() : in.be<std::uint16_t>(); };
  in.skip(6);
  const std::uint64_t mode = word();
  in.skip(12);
  const std::uint64_t name_size = word();
  const std::uint64_t high = word();
  const std::uint64_t low = word();
  return Fields{26, mode, name_size, high << 16 | low, 2};
}

std::optional<Fields> read_fields(Bytes head) {
  const std::string_view text = as_text(head);
  if (text.starts_with("07070") && text.size() >= kLongestHeader &&
      (text[5] == '1' || text[5] == '2')) {
    return read_newc(text);
  }
  if (text.starts_with("070707") && text.size() >= 76) return read_odc(text);
  if (has_binary_magic(head) && text.size() >= 26) return read_binary(head);
  return std::nullopt;
}

std::uint64_t aligned(std::uint64_t offset, std::uint64_t alignment) {
  return (offset + alignment - 1) / alignment * alignment;
}

// Where the padding at the very end is missing, what follows it begins at the end.
std::uint64_t inside(ByteSource& source, std::uint64_t offset) {
  return source.has(offset) ? offset : std::min(offset, source.size());
}

}  // namespace

bool has_text_magic(Bytes head) {
  return starts_with(head, "070701") || starts_with(head, "070702") || starts_with(head, "070707");
}

bool has_binary_magic(Bytes head) {
  return starts_with(head, "\xC7\x71"sv) || starts_with(head, "\x71\xC7"sv);
}

Parsed<Header> read_header(ByteSource& source, std::uint64_t offset) {
  const ByteView head = source.view(offset, kLongestHeader);
  const auto fields = read_fields(head);
  if (!fields) {
    const bool cut = head.size() < kLongestHeader && (has_text_magic(head) || head.size() < 6);
    return fail(cut ? ParseErrc::truncated : ParseErrc::malformed, inside(source, offset),
                cut ? "the archive ends inside a cpio header" : "not a cpio header");
  }
  if (fields->name_size == 0 || fields->name_size > kMaxNameSize) {
    return fail(ParseErrc::malformed, offset, "a cpio name of no sensible length");
  }
  const auto name = read_bytes(source, offset + fields->header_size, fields->name_size);
  if (name.size() < fields->name_size) {
    return fail(ParseErrc::truncated, offset, "the archive ends inside a cpio name");
  }
  const std::string_view text = as_text(name);
  // Each archive counts from its own start: so `offset` is aligned already.
  const std::uint64_t name_end = fields->header_size + fields->name_size;
  const std::uint64_t data_begin = offset + aligned(name_end, fields->alignment);
  return Header{.name = std::string(text.substr(0, text.find('\0'))),
                .mode = static_cast<std::uint32_t>(fields->mode),
                .data_offset = inside(source, data_begin),
                .data_size = fields->data_size,
                .end = inside(source, data_begin + aligned(fields->data_size, fields->alignment))};
}

}  // namespace assay::archive::cpio_format
