#include "provenance/git/lfs_pointer.h"

#include <algorithm>
#include <charconv>

#include "provenance/git/object_id.h"

namespace assay::provenance::git {
namespace {

constexpr std::string_view kVersion = "version https://git-lfs.github.com/spec/v1";
constexpr std::string_view kOid = "oid sha256:";
constexpr std::string_view kSize = "size ";

std::optional<std::uint64_t> decimal(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  // One number has one text: no leading zeros.
  if (error != std::errc{} || end != text.data() + text.size() ||
      (text.size() > 1 && text.front() == '0')) {
    return std::nullopt;
  }
  return value;
}

// The next line of `text` without its line feed; nothing when there is none.
std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

}  // namespace

bool is_sha256(std::string_view text) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.size() == 64 && std::ranges::all_of(text, is_digit);
}

std::optional<LfsPointer> parse_lfs_pointer(std::string_view text) {
  if (text.size() >= kMaxPointerSize || take_line(text) != kVersion) return std::nullopt;
  std::optional<std::string> oid;
  std::optional<std::uint64_t> size;
  while (const auto line = take_line(text)) {
    if (line->starts_with(kOid)) {
      if (oid || !is_sha256(line->substr(kOid.size()))) return std::nullopt;
      oid = line->substr(kOid.size());
    } else if (line->starts_with(kSize)) {
      if (size) return std::nullopt;
      size = decimal(line->substr(kSize.size()));
      if (!size) return std::nullopt;
    } else if (!line->starts_with("ext-")) {
      return std::nullopt;
    }
  }
  if (!text.empty() || !oid || !size) return std::nullopt;
  return LfsPointer{.sha256 = *oid, .size = *size};
}

std::string pointer_text(const LfsPointer& pointer) {
  return std::string(kVersion) + '\n' + std::string(kOid) + pointer.sha256 + '\n' +
         std::string(kSize) + std::to_string(pointer.size) + '\n';
}

std::string pointer_id(const LfsPointer& pointer) {
  const std::string text = pointer_text(pointer);
  return object_id("blob", as_bytes(text));
}

}  // namespace assay::provenance::git
