#include "formats/npy/header.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/source_reader.h"

namespace assay::npy {
namespace {

constexpr std::array<std::string_view, 3> kKeys{"descr", "fortran_order", "shape"};

std::unexpected<ParseError> odd(std::string message) {
  return fail(ParseErrc::malformed, 0, "the npy header " + std::move(message));
}

// The indexes of the values of kKeys.
struct Fields {
  std::array<std::optional<std::size_t>, kKeys.size()> values;
  bool duplicate_key = false;
};

Parsed<Fields> read_fields(const std::vector<Literal>& values) {
  if (values[0].kind != LiteralKind::dict) return odd("is no dict");
  Fields fields;
  const std::vector<std::size_t>& children = values[0].children;
  for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
    const Literal& key = values[children[i]];
    const auto known = std::ranges::find(kKeys, key.text);
    if (key.kind != LiteralKind::string || known == kKeys.end()) return odd("has another key");
    auto& field = fields.values[static_cast<std::size_t>(known - kKeys.begin())];
    if (field) fields.duplicate_key = true;
    field = children[i + 1];
  }
  for (const auto& field : fields.values) {
    if (!field) return odd("lacks a key");
  }
  return fields;
}

}  // namespace

Parsed<Layout> read_layout(ByteSource& source, std::uint64_t offset) {
  SourceReader in(source, offset, 4096);
  in.skip(kMagic.size());
  const int major = in.u8();
  const int minor = in.u8();
  const std::uint64_t header_size = major == 1 ? in.le<std::uint16_t>() : in.le<std::uint32_t>();
  if (in.error()) return std::unexpected(*in.error());
  if (major < 1 || major > 3 || minor != 0) {
    return fail(ParseErrc::unsupported, offset + kMagic.size(),
                "npy version " + std::to_string(major) + "." + std::to_string(minor));
  }
  const std::uint64_t header_offset = in.offset();
  if (header_size > 0 && !source.has(header_offset + header_size - 1)) {
    return fail(ParseErrc::truncated, header_offset, "the file ends inside the npy header");
  }
  return Layout{.header_offset = header_offset,
                .header_size = header_size,
                .data_offset = header_offset + header_size,
                .major = major};
}

Parsed<Header> parse_header(std::string_view text, Budget& budget) {
  const Parsed<std::vector<Literal>> values = parse_literal(text, budget);
  if (!values) return std::unexpected(values.error());
  const Parsed<Fields> fields = read_fields(*values);
  if (!fields) return std::unexpected(fields.error());
  const auto& [descr, order, shape] = fields->values;
  const Literal& descr_value = (*values)[*descr];
  const auto dtype = describe_dtype(*values, *descr);
  const auto dimensions = read_shape(*values, *shape);
  if (!dtype) return odd("has a descr that numpy does not write");
  if (!dimensions || (*values)[*shape].kind != LiteralKind::tuple) return odd("has no shape");
  if ((*values)[*order].kind != LiteralKind::boolean) return odd("has no fortran_order");
  auto factors = *dimensions;
  factors.push_back(dtype->item_size);
  const auto data_size = dtype->has_objects ? 0 : product(factors);
  if (!data_size) return odd("declares more bytes than 64 bits can count");
  return Header{.descr = descr_value.kind == LiteralKind::string
                             ? descr_value.text
                             : std::string(text.substr(descr_value.begin,
                                                       descr_value.end - descr_value.begin)),
                .dtype = *dtype,
                .fortran_order = (*values)[*order].number != 0,
                .shape = *dimensions,
                .data_size = *data_size,
                .duplicate_key = fields->duplicate_key};
}

}  // namespace assay::npy
