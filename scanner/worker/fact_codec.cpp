#include "scanner/worker/fact_codec.h"

#include <array>
#include <utility>
#include <variant>

namespace assay::provenance {

template <typename A>
void fields(A& archive, Check& v) {
  archive(v.name);
  enumerator(archive, v.outcome, Outcome::unknown);
  archive(v.message);
}
template <typename A>
void fields(A& archive, VerifiedTime& v) {
  archive(v.source, v.authority, v.seconds);
}
template <typename A>
void fields(A& archive, Signer& v) {
  archive(v.identity, v.issuer, v.fingerprint, v.claims);
}
template <typename A>
void fields(A& archive, Coverage& v) {
  archive(v.path);
  enumerator(archive, v.state, CoverageState::weights_absent);
}
template <typename A>
void fields(A& archive, Evidence& v) {
  archive(v.kind, v.method, v.checks.items(), v.signer, v.signer_checked, v.times, v.coverage,
          v.properties);
}

}  // namespace assay::provenance

namespace assay {

// Found by argument-dependent lookup: the members of each kind, in order.
template <typename A>
void fields(A& archive, Import& v) {
  archive(v.module, v.name);
}
template <typename A>
void fields(A& archive, Argument& v) {
  enumerator(archive, v.kind, ArgumentKind::unknown);
  archive(v.text, v.global);
}
template <typename A>
void fields(A& archive, Call& v) {
  archive(v.callee);
  enumerator(archive, v.kind, CallKind::method);
  archive(v.arguments, v.passes, v.expression, v.callee_unknown, v.opcodes);
}
template <typename A>
void fields(A& archive, CodeBlob& v) {
  archive(v.language, v.text);
}
template <typename A>
void fields(A& archive, Reference& v) {
  archive(v.kind, v.target);
}
template <typename A>
void fields(A& archive, Member& v) {
  archive(v.name, v.method, v.stored_size, v.size);
}
template <typename A>
void fields(A& archive, Tensor& v) {
  archive(v.name, v.dtype, v.shape, v.byte_size);
}
template <typename A>
void fields(A& archive, Metadata& v) {
  archive(v.key, v.value);
}
template <typename A>
void fields(A& archive, Embedded& v) {
  archive(v.format);
}
template <typename A>
void fields(A& archive, Anomaly& v) {
  archive(v.code, v.detail);
}
template <typename A>
void fields(A& archive, Match& v) {
  archive(v.rule, v.excerpt, v.severity, v.description);
}
template <typename A>
void fields(A& archive, Signature& v) {
  archive(v.kind, v.state, v.signer, v.reason, v.detail);
}
template <typename A>
void fields(A& archive, Instruction& v) {
  archive(v.name, v.argument, v.effect, v.stack, v.marks);
}
template <typename A>
void fields(A& archive, ContentDigest& v) {
  archive(v.request, v.digests);
}
template <typename A>
void fields(A& archive, ParseError& v) {
  enumerator(archive, v.code, ParseErrc::changed);
  archive(v.offset, v.message);
}

}  // namespace assay

namespace assay::wire {
namespace {

constexpr std::size_t kKinds = std::variant_size_v<FactValue>;

template <std::size_t... I>
constexpr auto makers(std::index_sequence<I...>) {
  return std::array<FactValue (*)(), sizeof...(I)>{
      [] { return FactValue(std::in_place_index<I>); }...};
}

}  // namespace

void write(Writer& writer, const Fact& fact) {
  writer(fact.offset, fact.size, static_cast<std::uint8_t>(fact.value.index()));
  std::visit([&](const auto& value) { writer(value); }, fact.value);
}

bool read(Reader& reader, Fact& fact) {
  constexpr auto kMakers = makers(std::make_index_sequence<kKinds>());
  std::uint8_t kind = 0;
  reader(fact.offset, fact.size, kind);
  if (kind >= kKinds) return false;
  fact.value = kMakers[kind]();
  std::visit([&](auto& value) { reader(value); }, fact.value);
  return reader.is_complete();
}

void write(Writer& writer, const ParseError& error) { writer(error); }

bool read(Reader& reader, ParseError& error) {
  reader(error);
  return reader.is_complete();
}

}  // namespace assay::wire
