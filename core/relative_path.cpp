#include "core/relative_path.h"

namespace assay {
namespace {

bool has_drive(std::string_view path) {
  return path.size() >= 2 && path[1] == ':' && (path[0] | 0x20) >= 'a' && (path[0] | 0x20) <= 'z';
}

bool climbs(std::string_view path) {
  return path == ".." || path.starts_with("../") || path.ends_with("/..") ||
         path.find("/../") != std::string_view::npos;
}

}  // namespace

std::string_view escape_reason(std::string_view path) {
  if (path.empty()) return "is empty";
  if (path.find('\0') != std::string_view::npos) return "holds a NUL";
  if (path.find('\\') != std::string_view::npos) return "holds a backslash";
  if (path.starts_with('/')) return "is absolute";
  if (has_drive(path)) return "names a drive";
  if (climbs(path)) return "climbs directories";
  if (path.find("://") != std::string_view::npos) return "is a URL";
  return {};
}

}  // namespace assay
