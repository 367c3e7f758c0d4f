#include "core/fact.h"

#include <array>

namespace assay {
namespace {
constexpr std::array<std::string_view, std::variant_size_v<FactValue>> kFactKinds{
    "import",   "call",    "code",  "reference", "member",      "tensor",   "metadata",
    "embedded", "anomaly", "match", "signature", "instruction", "evidence", "digest"};
constexpr std::array<std::string_view, 7> kCallKinds{
    "reduce", "newobj", "instance", "build", "extension", "persistent_id", "method"};
constexpr std::array<std::string_view, 6> kArgumentKinds{"constant", "container",     "global",
                                                         "result",   "persistent_id", "unknown"};

std::uint64_t bytes(const std::string& text) { return text.size(); }
std::uint64_t bytes(const Import& v) { return sizeof v + v.module.size() + v.name.size(); }
std::uint64_t bytes(const Argument& v) { return sizeof v + v.text.size() + bytes(v.global); }
std::uint64_t bytes(const provenance::Check& v) {
  return sizeof v + v.name.size() + v.message.size();
}
std::uint64_t bytes(const provenance::VerifiedTime& v) {
  return sizeof v + v.source.size() + v.authority.size();
}
std::uint64_t bytes(const provenance::Coverage& v) { return sizeof v + v.path.size(); }
std::uint64_t bytes(const std::pair<std::string, std::string>& v) {
  return sizeof v + v.first.size() + v.second.size();
}
template <typename T>
std::uint64_t bytes(const std::vector<T>& list) {
  std::uint64_t sum = 0;
  for (const T& item : list) sum += bytes(item);
  return sum;
}
template <typename... T>
std::uint64_t sum(const T&... parts) {
  return (bytes(parts) + ...);
}

struct Size {
  std::uint64_t operator()(const Import& v) { return bytes(v); }
  std::uint64_t operator()(const Call& v) {
    return sum(v.callee, v.arguments, v.passes, v.expression, v.opcodes);
  }
  std::uint64_t operator()(const CodeBlob& v) { return sum(v.language, v.text); }
  std::uint64_t operator()(const Reference& v) { return sum(v.kind, v.target); }
  std::uint64_t operator()(const Member& v) { return sum(v.name, v.method); }
  std::uint64_t operator()(const Tensor& v) {
    return sum(v.name, v.dtype) + v.shape.size() * sizeof(std::uint64_t);
  }
  std::uint64_t operator()(const Metadata& v) { return sum(v.key, v.value); }
  std::uint64_t operator()(const Embedded& v) { return sum(v.format); }
  std::uint64_t operator()(const Anomaly& v) { return sum(v.code, v.detail); }
  std::uint64_t operator()(const Match& v) {
    return sum(v.rule, v.excerpt, v.severity, v.description);
  }
  std::uint64_t operator()(const Signature& v) {
    return sum(v.kind, v.state, v.signer, v.reason, v.detail);
  }
  std::uint64_t operator()(const provenance::Evidence& v) {
    std::uint64_t size = sum(v.kind, v.method, v.coverage, v.times, v.checks.list(), v.properties);
    if (v.signer) size += sum(v.signer->identity, v.signer->issuer, v.signer->claims);
    return size;
  }
  std::uint64_t operator()(const ContentDigest& v) { return sum(v.digests); }
  std::uint64_t operator()(const Instruction& v) { return sum(v.name, v.argument, v.effect); }
};
}  // namespace

std::uint64_t bytes_of(const FactValue& value) { return sizeof(Fact) + std::visit(Size{}, value); }

std::string_view kind_of(const FactValue& value) { return kFactKinds.at(value.index()); }
std::string_view to_string(CallKind kind) { return kCallKinds.at(std::to_underlying(kind)); }
std::string_view to_string(ArgumentKind kind) {
  return kArgumentKinds.at(std::to_underlying(kind));
}

std::string dotted(const Import& import) {
  return import.module.empty() ? import.name : import.module + "." + import.name;
}

}  // namespace assay
