#include "formats/npy/dtype.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace assay::npy {
namespace {

struct Kind {
  char letter;
  std::string_view sizes;  // "any", or each with blanks around
  std::uint64_t unit;      // bytes that the number counts
};
constexpr std::array kKinds = std::to_array<Kind>({
    {'b', " 1 ", 1},
    {'i', " 1 2 4 8 ", 1},
    {'u', " 1 2 4 8 ", 1},
    {'f', " 1 2 4 8 12 16 ", 1},  // 1: what ml_dtypes' 8-bit floats call themselves
    {'c', " 8 16 24 32 ", 1},
    {'m', " 8 ", 1},
    {'M', " 8 ", 1},
    {'O', " 4 8 ", 1},
    {'S', "any", 1},
    {'U', "any", 4},
    {'V', "any", 1},
});

// "[ns]", "[25us]", or nothing, behind M8 and m8.
bool is_time_unit(std::string_view text) {
  return text.empty() || (text.starts_with('[') && text.ends_with(']') && text.size() <= 16 &&
                          std::ranges::all_of(text.substr(1, text.size() - 2), [](char c) {
                            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == 'Y' ||
                                   c == 'M' || c == 'W' || c == 'D' || c == '/';
                          }));
}

std::optional<std::uint64_t> multiply(std::uint64_t a, std::uint64_t b) {
  std::uint64_t out = 0;
  if (__builtin_mul_overflow(a, b, &out)) return std::nullopt;
  return out;
}

// `dtype` repeated as often as the shape at `shape` says.
std::optional<Dtype> repeated(std::optional<Dtype> dtype, const std::vector<Literal>& values,
                              std::size_t shape) {
  const auto dimensions = read_shape(values, shape);
  if (!dtype || !dimensions) return std::nullopt;
  const auto count = product(*dimensions);
  const auto size = count ? multiply(*count, dtype->item_size) : std::nullopt;
  if (!size) return std::nullopt;
  dtype->item_size = *size;
  return dtype;
}

bool is_field_name(const std::vector<Literal>& values, std::size_t index) {
  const Literal& name = values[index];
  if (name.kind == LiteralKind::string) return true;
  return name.kind == LiteralKind::tuple && name.children.size() == 2 &&
         std::ranges::all_of(name.children, [&](std::size_t part) {
           return values[part].kind == LiteralKind::string;
         });
}

using Dtypes = std::vector<std::optional<Dtype>>;

std::optional<Dtype> field(const std::vector<Literal>& values, const Dtypes& dtypes,
                           std::size_t index) {
  const Literal& tuple = values[index];
  const std::vector<std::size_t>& parts = tuple.children;
  if (tuple.kind != LiteralKind::tuple || parts.size() < 2 || parts.size() > 3 ||
      !is_field_name(values, parts[0])) {
    return std::nullopt;
  }
  return parts.size() == 2 ? dtypes[parts[1]] : repeated(dtypes[parts[1]], values, parts[2]);
}

std::optional<Dtype> record(const std::vector<Literal>& values, const Dtypes& dtypes,
                            const Literal& list) {
  Dtype whole;
  for (const std::size_t child : list.children) {
    const auto part = field(values, dtypes, child);
    if (!part || __builtin_add_overflow(whole.item_size, part->item_size, &whole.item_size)) {
      return std::nullopt;
    }
    whole.has_objects = whole.has_objects || part->has_objects;
  }
  return whole;
}

}  // namespace

std::optional<std::uint64_t> product(const std::vector<std::uint64_t>& factors) {
  if (std::ranges::find(factors, 0U) != factors.end()) return 0;
  std::optional<std::uint64_t> all = 1;
  for (const std::uint64_t factor : factors) {
    if (all) all = multiply(*all, factor);
  }
  return all;
}

std::optional<std::vector<std::uint64_t>> read_shape(const std::vector<Literal>& values,
                                                     std::size_t index) {
  const Literal& shape = values[index];
  if (shape.kind == LiteralKind::integer) return std::vector{shape.number};
  if (shape.kind != LiteralKind::tuple) return std::nullopt;
  std::vector<std::uint64_t> dimensions;
  for (const std::size_t child : shape.children) {
    if (values[child].kind != LiteralKind::integer) return std::nullopt;
    dimensions.push_back(values[child].number);
  }
  return dimensions;
}

std::optional<Dtype> parse_dtype_string(std::string_view text) {
  if (!text.empty() && std::string_view("<>|=").contains(text.front())) text.remove_prefix(1);
  if (text == "O") return Dtype{.item_size = 8, .has_objects = true};
  const auto kind = std::ranges::find(kKinds, text.substr(0, 1),
                                      [](const Kind& k) { return std::string_view(&k.letter, 1); });
  if (kind == kKinds.end()) return std::nullopt;
  text.remove_prefix(1);
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{}) return std::nullopt;
  const std::string_view rest(end, text.data() + text.size());
  const bool is_time = kind->letter == 'm' || kind->letter == 'M';
  if (is_time ? !is_time_unit(rest) : !rest.empty()) return std::nullopt;
  if (kind->sizes != "any" && !kind->sizes.contains(" " + std::to_string(count) + " ")) {
    return std::nullopt;
  }
  const auto size = multiply(count, kind->unit);
  if (!size) return std::nullopt;
  return Dtype{.item_size = *size, .has_objects = kind->letter == 'O'};
}

// From the last value to the first: what a value holds has come before it.
std::optional<Dtype> describe_dtype(const std::vector<Literal>& values, std::size_t index) {
  Dtypes dtypes(values.size());
  for (std::size_t i = values.size(); i-- > index;) {
    const Literal& value = values[i];
    if (value.kind == LiteralKind::string) {
      dtypes[i] = parse_dtype_string(value.text);
    } else if (value.kind == LiteralKind::list) {
      dtypes[i] = record(values, dtypes, value);
    } else if (value.kind == LiteralKind::tuple && value.children.size() == 2) {
      dtypes[i] = repeated(dtypes[value.children[0]], values, value.children[1]);
    }
  }
  return dtypes[index];
}

}  // namespace assay::npy
