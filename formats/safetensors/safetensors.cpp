#include "formats/safetensors/safetensors.h"

#include <algorithm>

#include "core/byte_reader.h"
#include "core/text.h"
#include "formats/safetensors/header.h"

namespace assay::safetensors {
namespace {

constexpr std::string_view kSpace = " \t\n\r";

// `text` from its first character that is not JSON whitespace on.
std::string_view after_space(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(kSpace), text.size()));
}

// The header is known by the four high bytes of a length under 4 GiB, which no
// text has, or by the file's name, and the start of a JSON object behind them. A
// byte order mark is let through so that the header is refused for what it is.
Confidence identify(const Probe& probe) {
  ByteReader in{probe.head};
  const auto header_size = in.le<std::uint64_t>();
  if (!in.ok()) return Confidence::none;
  std::string_view text = as_text(in.peek(probe.head.size()));
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text = after_space(text);
  const bool is_named = extension_of(probe.name) == ".safetensors";
  if ((header_size < (1ULL << 32) || is_named) && text.starts_with('{')) {
    text = after_space(text.substr(1));
    if (text.starts_with('"') || text.starts_with('}')) return Confidence::certain;
    if (text.empty()) return Confidence::possible;
  }
  return is_named ? Confidence::possible : Confidence::none;
}

void remark_size(ParseContext& context, std::uint64_t header_size) {
  if (header_size % 8 != 0) {
    context.anomaly(0, 8, "safetensors.unaligned-header",
                    "the header's " + std::to_string(header_size) + " bytes are no multiple of 8");
  }
  if (header_size > kLargeHeaderSize) {
    context.anomaly(0, 8, "safetensors.large-header",
                    "the header has " + std::to_string(header_size) + " bytes");
  }
}

Parsed<void> parse(ParseContext& context) {
  const auto layout = parse_layout(context.source());
  if (!layout) {
    if (layout.error().code == ParseErrc::malformed) {
      context.anomaly(0, 8, "safetensors.header-size", layout.error().message);
    }
    return std::unexpected(layout.error());
  }
  remark_size(context, layout->header_size);
  context.code_bytes(8, layout->header_size);
  const auto header = read_bytes(context.source(), 8, layout->header_size);
  if (header.size() != layout->header_size) {
    return std::unexpected(context.source().error().value_or(
        ParseError{ParseErrc::truncated, 8 + header.size(), "the header ends early"}));
  }
  return HeaderWalk(context, *layout, header).run();
}

}  // namespace

Parsed<Layout> parse_layout(ByteSource& file) {
  const ByteView head = file.view(0, 8);
  ByteReader in{head};
  const auto header_size = in.le<std::uint64_t>();
  if (const auto error = file.error()) return std::unexpected(*error);
  if (const auto& error = in.error()) return std::unexpected(*error);
  if (header_size > kMaxHeaderSize || header_size < 2) {
    return fail(ParseErrc::malformed, 0,
                "a header of " + std::to_string(header_size) + " bytes; 2 to " +
                    std::to_string(kMaxHeaderSize) + " are allowed");
  }
  const std::uint64_t left = file.size() - 8;
  if (header_size > left) {
    return fail(ParseErrc::truncated, 8,
                "truncated at byte 8: header needs " + std::to_string(header_size) + " bytes, " +
                    std::to_string(left) + " left");
  }
  return Layout{header_size, 8 + header_size, left - header_size};
}

const Format format{"safetensors", identify, parse};

}  // namespace assay::safetensors
