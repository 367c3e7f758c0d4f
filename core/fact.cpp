#include "core/fact.h"

#include <array>

namespace assay {
namespace {
constexpr std::array<std::string_view, std::variant_size_v<FactValue>> kFactKinds{
    "import",   "call",     "code",    "reference", "member",   "tensor",
    "metadata", "embedded", "anomaly", "match",     "signature"};
constexpr std::array<std::string_view, 7> kCallKinds{
    "reduce", "newobj", "instance", "build", "extension", "persistent_id", "method"};
constexpr std::array<std::string_view, 6> kArgumentKinds{"constant", "container",     "global",
                                                         "result",   "persistent_id", "unknown"};
}  // namespace

std::string_view kind_of(const FactValue& value) { return kFactKinds.at(value.index()); }
std::string_view to_string(CallKind kind) { return kCallKinds.at(std::to_underlying(kind)); }
std::string_view to_string(ArgumentKind kind) { return kArgumentKinds.at(std::to_underlying(kind)); }

std::string dotted(const Import& import) {
  return import.module.empty() ? import.name : import.module + "." + import.name;
}

}  // namespace assay
