#include "formats/zip/names.h"

#include <algorithm>
#include <cstdint>
#include <functional>

#include "core/byte_reader.h"
#include "core/text.h"

namespace assay::zip {
namespace {

constexpr std::uint16_t kUnicodePathId = 0x7075;  // Info-ZIP's field: APPNOTE 4.6.9
constexpr std::uint32_t kTypeMask = 0170000;
constexpr std::uint32_t kLinkType = 0120000;

std::uint32_t file_type(const CentralEntry& entry) { return (entry.attributes >> 16) & kTypeMask; }

bool is_separator(char c) { return c == '/' || c == '\\'; }

// Where following `path` from `depth` folders below the root ends up; -1 once
// it has been above the root.
int depth_after(std::string_view path, int depth) {
  while (!path.empty()) {
    const auto end = std::find_if(path.begin(), path.end(), is_separator);
    const std::string_view part(path.begin(), end);
    if (part == "..") {
      if (--depth < 0) return -1;
    } else if (!part.empty() && part != ".") {
      ++depth;
    }
    path.remove_prefix(std::min(path.size(), part.size() + 1));
  }
  return depth;
}

bool has_parent_part(std::string_view name) {
  std::size_t at = name.find("..");
  for (; at != std::string_view::npos; at = name.find("..", at + 1)) {
    const bool begins = at == 0 || is_separator(name[at - 1]);
    const bool ends = at + 2 == name.size() || is_separator(name[at + 2]);
    if (begins && ends) return true;
  }
  return false;
}

bool has_drive(std::string_view name) {
  if (name.size() < 2 || name[1] != ':') return false;
  const char letter = static_cast<char>(name[0] | 0x20);
  return letter >= 'a' && letter <= 'z';
}

// A name in a local code page has another spelling in UTF-8, which is what the
// field is for; one in plain ASCII has not.
bool unicode_path_differs(const Fields& fields) {
  const auto field = extra_field(fields.extra, kUnicodePathId);
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (!field || field->size() < 5 || !std::ranges::all_of(fields.name, is_ascii)) return false;
  const std::string_view unicode = as_text(field->subspan(5));
  // Info-ZIP writes "#Uxxxx", other tools "?" or "_", for what ASCII lacks.
  const bool is_placeholder =
      fields.name.find("#U") != std::string_view::npos || !std::ranges::all_of(unicode, is_ascii);
  return unicode != fields.name &&
         !(is_placeholder && extension_of(unicode) == extension_of(fields.name));
}

struct Hashed {
  std::size_t hash = 0;
  std::size_t index = 0;
};

// Names whose folded hashes are equal, ordered so that equal names meet.
void report_group(ParseContext& context, const std::vector<Entry>& entries,
                  std::string_view case_code, std::vector<Hashed>::iterator begin,
                  std::vector<Hashed>::iterator end) {
  const auto name = [&](const Hashed& h) { return entries[h.index].central.fields.name; };
  std::sort(begin, end, [&](const Hashed& a, const Hashed& b) {
    return name(a) != name(b) ? name(a) < name(b) : a.index < b.index;
  });
  const std::size_t limit = context.budget().limits().text_size;
  for (auto it = begin + 1; it != end; ++it) {
    const CentralEntry& entry = entries[it->index].central;
    const bool is_same = name(*it) == name(*(it - 1));
    if (!is_same && to_lower(name(*it)) != to_lower(name(*(it - 1)))) continue;
    context.anomaly(entry.offset, entry.record_size,
                    std::string(is_same ? "zip.duplicate-name" : case_code),
                    escaped(shortened(entry.fields.name, limit)));
  }
}

}  // namespace

std::string_view unsafe_name_reason(std::string_view name) {
  if (name.empty()) return "an empty name";
  if (name.find('\0') != std::string_view::npos) return "holds a NUL byte";
  if (name.starts_with("\\\\")) return "a network path";
  if (is_separator(name[0])) return "an absolute path";
  if (has_drive(name)) return "a drive letter";
  if (has_parent_part(name)) return "leads to a parent folder";
  return {};
}

bool is_directory_name(std::string_view name) { return name.ends_with('/'); }

bool is_symlink(const CentralEntry& entry) { return file_type(entry) == kLinkType; }

bool is_special_file(const CentralEntry& entry) {
  const std::uint32_t type = file_type(entry);
  return type == 0010000 || type == 0020000 || type == 0060000 || type == 0140000;
}

bool link_escapes(std::string_view name, std::string_view target) {
  if (target.empty()) return false;
  if (is_separator(target[0]) || has_drive(target)) return true;
  const auto slash = name.find_last_of("/\\");
  const int depth = slash == std::string_view::npos ? 0 : depth_after(name.substr(0, slash), 0);
  return depth < 0 || depth_after(target, depth) < 0;
}

void report_name(ParseContext& context, const Entry& entry) {
  const CentralEntry& central = entry.central;
  const auto add = [&](const char* code, std::string_view why) {
    const std::size_t limit = context.budget().limits().text_size;
    context.anomaly(central.offset, central.record_size, code,
                    escaped(shortened(central.fields.name, limit)) + std::string(why));
  };
  if (const auto reason = unsafe_name_reason(central.fields.name); !reason.empty()) {
    add("zip.unsafe-name", ": " + std::string(reason));
  } else if (central.fields.name.find('\\') != std::string_view::npos) {
    add("zip.backslash-name", "");
  }
  if (unicode_path_differs(central.fields)) add("zip.unicode-path-differs", "");
  if (is_symlink(central)) add("zip.symlink", "");
  if (is_special_file(central)) add("zip.special-file", "");
}

void report_duplicates(ParseContext& context, const std::vector<Entry>& entries,
                       std::string_view case_code) {
  std::vector<Hashed> hashed(entries.size());
  std::string folded;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    folded = to_lower(entries[i].central.fields.name);
    hashed[i] = {std::hash<std::string_view>{}(folded), i};
  }
  std::ranges::sort(hashed, {}, &Hashed::hash);
  for (auto begin = hashed.begin(); begin != hashed.end();) {
    const auto end =
        std::find_if(begin, hashed.end(), [&](const Hashed& h) { return h.hash != begin->hash; });
    if (end - begin > 1) report_group(context, entries, case_code, begin, end);
    begin = end;
  }
}

}  // namespace assay::zip
