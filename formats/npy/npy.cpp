#include "formats/npy/npy.h"

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "formats/npy/header.h"
#include "formats/pickle/pickle.h"

namespace assay::npy {
namespace {

constexpr std::uint64_t kMaxHeaderSize = 1 << 20;
constexpr std::uint64_t kNumpyHeaderLimit = 10'000;
constexpr std::uint64_t kArrayCost = 20;  // in nodes: a file may hold millions of empty arrays

bool begins_array(ByteSource& source, std::uint64_t offset) {
  return as_text(source.view(offset, kMagic.size())) == kMagic;
}

// numpy.dtype() and literal_eval() take far more than numpy writes, so a header
// that we cannot read may still be one with objects: then pickles follow it.
Parsed<void> unreadable(ParseContext& context, const Layout& layout, ParseError why) {
  why.offset += layout.header_offset;
  context.anomaly(layout.header_offset, layout.header_size, "npy.odd-header", why.message);
  if (context.source().has(layout.data_offset)) {
    (void)pickle::walk(context, layout.data_offset);  // what it finds is in the context
  }
  return std::unexpected(std::move(why));
}

Parsed<Header> read_header(ParseContext& context, const Layout& layout) {
  if (layout.header_size > kMaxHeaderSize) {
    return fail(ParseErrc::over_budget, 0, "an npy header over the limit of 1 MiB");
  }
  const auto bytes = read_bytes(context.source(), layout.header_offset, layout.header_size);
  if (layout.major == 3 && !is_utf8(as_text(bytes))) {
    return fail(ParseErrc::malformed, 0, "the npy header is not UTF-8");
  }
  return parse_header(as_text(bytes), context.budget());
}

void report(ParseContext& context, const Layout& layout, const Header& header,
            std::uint64_t held_size) {
  if (header.duplicate_key) {
    context.anomaly(layout.header_offset, layout.header_size, "npy.duplicate-key",
                    "a key of the header comes twice");
  }
  const std::uint64_t limit = context.budget().limits().text_size;
  context.fact(layout.data_offset, held_size,
               Tensor{"", shortened(header.descr, limit), header.shape, header.data_size});
}

// Whether all of [begin, begin + size) is there.
bool holds(ByteSource& source, std::uint64_t begin, std::uint64_t size) {
  return size == 0 || (begin + size > begin && source.has(begin + size - 1));
}

// Parses the array at `offset` and gives back where it ends.
Parsed<std::uint64_t> parse_array(ParseContext& context, std::uint64_t offset) {
  ByteSource& source = context.source();
  const Parsed<Layout> layout = read_layout(source, offset);
  if (!layout) return std::unexpected(layout.error());
  context.code_bytes(layout->header_offset, std::min(layout->header_size, kMaxHeaderSize));
  if (layout->header_size > kNumpyHeaderLimit) {
    context.anomaly(layout->header_offset, layout->header_size, "npy.long-header",
                    std::to_string(layout->header_size) + " bytes");
  }
  const Parsed<Header> header = read_header(context, *layout);
  if (!header) {
    const auto failed = unreadable(context, *layout, header.error());
    return std::unexpected(failed.error());
  }
  if (header->dtype.has_objects) {
    const std::uint64_t rest = source.size() - layout->data_offset;
    report(context, *layout, *header, rest);
    if (auto done = pickle::walk(context, layout->data_offset); !done) {
      return std::unexpected(done.error());
    }
    return source.size();
  }
  if (!holds(source, layout->data_offset, header->data_size)) {
    report(context, *layout, *header, source.size() - layout->data_offset);
    return fail(ParseErrc::truncated, layout->data_offset,
                "the array needs " + std::to_string(header->data_size) + " bytes, " +
                    std::to_string(source.size() - layout->data_offset) + " left");
  }
  report(context, *layout, *header, header->data_size);
  return layout->data_offset + header->data_size;
}

void report_trailing(ParseContext& context, std::uint64_t end) {
  const std::uint64_t size = context.source().size() - end;
  context.anomaly(end, size, "npy.trailing-data",
                  std::to_string(size) + " bytes stand behind the array");
  SliceSource rest(context.source(), end, size);
  context.member({.name = "trailing-data", .offset = end}, rest);
}

Confidence identify(const Probe& probe) {
  return starts_with(probe.head, kMagic) ? Confidence::certain : Confidence::none;
}

// numpy.save() may have been called more than once on one file.
Parsed<void> parse(ParseContext& context) {
  std::uint64_t offset = 0;
  do {
    if (!context.budget().spend(Cost::nodes, kArrayCost)) {
      return std::unexpected(context.budget().error(offset));
    }
    const Parsed<std::uint64_t> end = parse_array(context, offset);
    if (!end) return std::unexpected(end.error());
    offset = *end;
  } while (begins_array(context.source(), offset));
  if (context.source().has(offset)) report_trailing(context, offset);
  return {};
}

}  // namespace

const Format format{"npy", identify, parse};

}  // namespace assay::npy
