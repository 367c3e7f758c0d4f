#include "provenance/oms/path.h"

#include <algorithm>

namespace assay::provenance::oms {
namespace {

std::string_view first_component(std::string_view path) { return path.substr(0, path.find('/')); }

}  // namespace

bool is_inner_path(std::string_view path) {
  if (path.empty() || path.size() > kMaxPathSize || path.back() == '/') return false;
  if (path.find('\0') != std::string_view::npos) return false;
  while (!path.empty()) {
    const std::string_view component = first_component(path);
    if (component.empty() || component == "." || component == "..") return false;
    path.remove_prefix(std::min(component.size() + 1, path.size()));
  }
  return true;
}

bool before_by_component(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const std::string_view of_a = first_component(a);
    const std::string_view of_b = first_component(b);
    if (of_a != of_b) return of_a < of_b;
    a.remove_prefix(std::min(of_a.size() + 1, a.size()));
    b.remove_prefix(std::min(of_b.size() + 1, b.size()));
  }
  return a.empty() && !b.empty();
}

bool PathSet::covers(std::string_view path) const {
  if (paths_.empty()) return false;
  for (std::size_t end = path.find('/'); end != std::string_view::npos;
       end = path.find('/', end + 1)) {
    if (paths_.contains(path.substr(0, end))) return true;
  }
  return paths_.contains(path);
}

}  // namespace assay::provenance::oms
