#include "formats/archive/entry_checks.h"

#include <functional>

#include "core/text.h"

namespace assay::archive {
namespace {

constexpr std::uint32_t kSetIdBits = 06000;

bool is_separator(char c) { return c == '/' || c == '\\'; }

bool has_drive(std::string_view name) {
  return name.size() >= 2 && name[1] == ':' && ((name[0] | 0x20) >= 'a' && (name[0] | 0x20) <= 'z');
}

bool is_absolute(std::string_view name) {
  return has_drive(name) || (!name.empty() && is_separator(name[0]));
}

// Cuts the first component off `rest`.
template <typename Separator>
std::string_view next_component(std::string_view& rest, Separator separates) {
  std::size_t end = 0;
  while (end < rest.size() && !separates(rest[end])) ++end;
  const std::string_view component = rest.substr(0, end);
  rest.remove_prefix(end < rest.size() ? end + 1 : end);
  return component;
}

bool has_parent_component(std::string_view name) {
  while (!name.empty()) {
    if (next_component(name, is_separator) == "..") return true;
  }
  return false;
}

// Follows `path` from `depth` directories below the root. False once it is above.
bool walk(std::string_view path, std::uint64_t& depth) {
  while (!path.empty()) {
    const std::string_view component = next_component(path, [](char c) { return c == '/'; });
    if (component.empty() || component == ".") continue;
    if (component != "..") {
      ++depth;
    } else if (depth-- == 0) {
      return false;
    }
  }
  return true;
}

std::string_view directory_of(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : name.substr(0, slash);
}

// "./a" and "a" are one file.
std::string_view without_dot(std::string_view name) {
  while (name.starts_with("./")) name.remove_prefix(2);
  return name;
}

std::string method_of(const Entry& entry) {
  switch (entry.kind) {
    case EntryKind::file:
      return entry.method;
    case EntryKind::directory:
      return "directory";
    case EntryKind::symlink:
    case EntryKind::hardlink:
      return "link";
    case EntryKind::device:
      return "device";
    case EntryKind::other:
      break;
  }
  return "other";
}

}  // namespace

bool is_unsafe_name(std::string_view name) {
  return is_absolute(name) || has_parent_component(name) || name.contains('\0');
}

bool link_escapes(std::string_view name, std::string_view target, EntryKind kind) {
  if (is_absolute(target)) return true;
  std::uint64_t depth = 0;
  if (kind == EntryKind::symlink && !walk(directory_of(name), depth)) return true;
  return !walk(target, depth);
}

void report_name(ParseContext& context, std::uint64_t offset, std::uint64_t size,
                 std::string_view name) {
  const std::string shown = shortened(name, context.budget().limits().text_size);
  if (is_unsafe_name(name)) {
    context.anomaly(offset, size, "archive.unsafe-name", shown);
  } else if (name.contains('\\')) {
    context.anomaly(offset, size, "archive.odd-name", shown);
  }
}

Parsed<void> require_members(Budget& budget, std::uint64_t offset) {
  if (budget.left(Cost::members) > 0) return {};
  budget.spend(Cost::members);
  return std::unexpected(budget.error(offset));
}

void EntryChecks::report(const Entry& entry) {
  const std::string name = shortened(entry.name, context_.budget().limits().text_size);
  context_.fact(entry.offset, entry.header_size,
                Member{name, method_of(entry), entry.stored_size, entry.size});
  report_name(context_, entry.offset, entry.header_size, entry.name);
  report_link(entry);
  if (entry.kind == EntryKind::device) {
    context_.anomaly(entry.offset, entry.header_size, "archive.device", name);
  }
  if (entry.kind == EntryKind::file && (entry.mode & kSetIdBits) != 0) {
    context_.anomaly(entry.offset, entry.header_size, "archive.setuid", name);
  }
  report_duplicate(entry);
}

void EntryChecks::report_link(const Entry& entry) {
  if (entry.kind != EntryKind::symlink && entry.kind != EntryKind::hardlink) return;
  const std::uint64_t limit = context_.budget().limits().text_size;
  context_.fact(entry.offset, entry.header_size, Reference{"link", shortened(entry.link, limit)});
  if (!link_escapes(entry.name, entry.link, entry.kind)) return;
  context_.anomaly(entry.offset, entry.header_size, "archive.link-escapes",
                   shortened(entry.name + " -> " + entry.link, limit));
}

void EntryChecks::report_duplicate(const Entry& entry) {
  if (entry.kind != EntryKind::file && entry.kind != EntryKind::symlink &&
      entry.kind != EntryKind::hardlink) {
    return;
  }
  const auto hash = std::hash<std::string_view>{}(without_dot(entry.name));
  if (seen_.insert(hash).second) return;
  context_.anomaly(entry.offset, entry.header_size, "archive.duplicate-name",
                   shortened(entry.name, context_.budget().limits().text_size));
}

}  // namespace assay::archive
