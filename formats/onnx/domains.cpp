#include "formats/onnx/domains.h"

#include <algorithm>
#include <array>

#include "core/text.h"

namespace assay::onnx {
namespace {

struct Domain {
  std::string_view name;
  DomainKind kind;
};

constexpr auto kDomains = std::to_array<Domain>({
    {"", DomainKind::standard},
    {"ai.onnx", DomainKind::standard},
    {"ai.onnx.ml", DomainKind::standard},
    {"ai.onnx.training", DomainKind::standard},
    {"ai.onnx.preview", DomainKind::standard},
    {"ai.onnx.preview.training", DomainKind::standard},
    {"com.microsoft", DomainKind::contrib},
    {"com.microsoft.nchwc", DomainKind::contrib},
    {"com.microsoft.experimental", DomainKind::contrib},
    {"com.microsoft.dml", DomainKind::contrib},
    {"com.ms.internal.nhwc", DomainKind::contrib},
    {"ai.onnx.contrib", DomainKind::extensions},
    {"com.microsoft.extensions", DomainKind::extensions},
});

const Domain* find_domain(std::string_view name) {
  const auto found = std::ranges::find(kDomains, name, &Domain::name);
  return found == kDomains.end() ? nullptr : &*found;
}

// Lower case, without blanks and what cannot be shown.
std::string simplified(std::string_view domain) {
  std::string out = to_lower(domain);
  std::erase_if(out, [](char c) { return c <= ' ' || c == 0x7F; });
  return out;
}

}  // namespace

DomainKind kind_of_domain(std::string_view domain) {
  if (const Domain* known = find_domain(domain)) return known->kind;
  const bool is_ascii = std::ranges::all_of(domain, [](char c) { return c > ' ' && c < 0x7F; });
  return !is_ascii || find_domain(simplified(domain)) ? DomainKind::lookalike : DomainKind::custom;
}

std::string_view domain_name(std::string_view domain) {
  return domain.empty() ? "ai.onnx" : domain;
}

bool is_python_operator(std::string_view op_type) {
  return op_type.starts_with("PyOp") || op_type.starts_with("PyCustomOp") ||
         op_type.starts_with("PyFunc") || op_type.starts_with("Python") || op_type == "ATen";
}

}  // namespace assay::onnx
