#include "formats/names/names.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>

#include "core/text.h"

extern "C" {
extern const char assay_extensions[];
extern const char assay_extensions_end[];
extern const char assay_signatures[];
extern const char assay_signatures_end[];
}

namespace assay::names {
namespace {

std::string_view next_field(std::string_view& line) {
  const std::size_t tab = line.find('\t');
  const std::string_view field = line.substr(0, tab);
  line.remove_prefix(tab == std::string_view::npos ? line.size() : tab + 1);
  return field;
}

// Calls `row` with each line that is no comment, until it returns true.
template <typename F>
void find_row(std::string_view table, F row) {
  while (!table.empty()) {
    const std::size_t end = table.find('\n');
    const std::string_view line = table.substr(0, end);
    if (!line.empty() && line[0] != '#' && row(line)) return;
    table.remove_prefix(end == std::string_view::npos ? table.size() : end + 1);
  }
}

Promise promise_of(std::string_view word) {
  if (word == "text") return Promise::text;
  if (word == "data") return Promise::data;
  return word == "code" ? Promise::code : Promise::any;
}

// Whether `bytes` begins with the bytes that `hex` spells.
bool matches_hex(Bytes bytes, std::string_view hex) {
  if (bytes.size() < hex.size() / 2) return false;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned value = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
    if (std::to_integer<unsigned>(bytes[i / 2]) != value) return false;
  }
  return true;
}

// MZ alone is two letters; a PE header where the DOS header says makes it one.
bool is_pe(Bytes head) {
  if (head.size() < 0x40) return false;
  std::uint32_t at = 0;
  for (int i = 3; i >= 0; --i) {
    at = (at << 8) | std::to_integer<std::uint32_t>(head[0x3C + static_cast<std::size_t>(i)]);
  }
  return starts_with(clip(head, at, 4), std::string_view("PE\0\0", 4));
}

}  // namespace

bool Extension::allows(std::string_view format) const {
  if (formats.empty()) return true;
  std::string_view rest = formats;
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    if (rest.substr(0, comma) == format) return true;
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  }
  return false;
}

std::optional<Extension> extension_entry(std::string_view name) {
  const std::string wanted = extension_of(name);
  std::optional<Extension> found;
  if (wanted.empty()) return found;
  find_row({assay_extensions, assay_extensions_end}, [&](std::string_view line) {
    if (next_field(line) != wanted) return false;
    const Promise promise = promise_of(next_field(line));
    found = Extension{promise, line};
    return true;
  });
  return found;
}

std::optional<std::string_view> known_signature(Bytes head) {
  std::optional<std::string_view> found;
  find_row({assay_signatures, assay_signatures_end}, [&](std::string_view line) {
    std::uint64_t offset = 0;
    const std::string_view number = next_field(line);
    std::from_chars(number.data(), number.data() + number.size(), offset);
    const std::string_view bytes = next_field(line);
    if (!matches_hex(clip(head, offset, 64), bytes)) return false;
    if (line == "pe" && !is_pe(head)) return false;
    found = line;
    return true;
  });
  return found;
}

bool is_native_code(std::string_view format) {
  return format == "elf" || format == "pe" || format == "mach-o";
}

bool can_execute(std::string_view format) {
  constexpr std::array<std::string_view, 10> kRunWhenLoaded{
      "pickle",        "joblib", "torch-legacy", "torch-zip", "torchscript-zip",
      "torch-package", "pt2",    "mar",          "keras",     "hdf5"};
  return is_native_code(format) ||
         std::find(kRunWhenLoaded.begin(), kRunWhenLoaded.end(), format) != kRunWhenLoaded.end();
}

}  // namespace assay::names
