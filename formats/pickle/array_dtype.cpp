#include "formats/pickle/array_dtype.h"

#include <charconv>

namespace assay::pickle {
namespace {

struct FixedType {
  std::string_view name;
  std::uint64_t size;
};

// Codes without a size: type characters and the names that old files use.
constexpr FixedType kFixed[] = {
    {"?", 1},         {"b", 1},           {"B", 1},       {"h", 2},       {"H", 2},
    {"i", 4},         {"I", 4},           {"l", 8},       {"L", 8},       {"q", 8},
    {"Q", 8},         {"e", 2},           {"f", 4},       {"d", 8},       {"g", 16},
    {"F", 8},         {"D", 16},          {"G", 32},      {"bool", 1},    {"int8", 1},
    {"uint8", 1},     {"int16", 2},       {"uint16", 2},  {"int32", 4},   {"uint32", 4},
    {"int64", 8},     {"uint64", 8},      {"float16", 2}, {"float32", 4}, {"float64", 8},
    {"complex64", 8}, {"complex128", 16}, {"float", 8},   {"int", 8},     {"O", 8},
    {"object", 8},
};

}  // namespace

std::optional<std::uint64_t> ArrayDtype::element_size() const {
  if (item_size > 0) return static_cast<std::uint64_t>(item_size);
  std::string_view text = code;
  if (!text.empty() && std::string_view("<>=|").contains(text.front())) text.remove_prefix(1);
  for (const FixedType& type : kFixed) {
    if (type.name == text) return type.size;
  }
  if (text.size() < 2 || !std::string_view("biufcmMOSUVa").contains(text.front())) {
    return std::nullopt;
  }
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), size);
  if (error != std::errc{} || end != text.data() + text.size() || size > UINT32_MAX) {
    return std::nullopt;
  }
  return text.front() == 'U' ? size * 4 : size;
}

}  // namespace assay::pickle
