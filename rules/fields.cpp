#include "rules/fields.h"

#include <algorithm>
#include <array>

namespace assay::rules {
namespace {

template <typename T>
const T& as(const Subject& s) {
  return std::get<T>(s.fact.value);
}

// A getter for a text or number member of a fact.
template <typename T, auto Member>
void member(const Subject& s, Values& out) {
  const auto& value = as<T>(s).*Member;
  if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, std::string>) {
    out.add(std::string_view(value));
  } else {
    out.add(value);
  }
}

void flag(bool value, Values& out) { out.add(std::string_view(value ? "true" : "false")); }

void class_of(const Subject& s, Values& out) {
  if (s.judgement) out.add(to_string(s.judgement->name_class));
}
void effects_of(const Subject& s, Values& out) {
  if (!s.judgement) return;
  for (const std::string_view effect : split_effects(s.judgement->effects)) out.add(effect);
}
void use_of(const Subject& s, Values& out) {
  if (s.judgement) out.add(to_string(s.judgement->use));
}
void culprit_of(const Subject& s, Values& out) {
  if (s.judgement) out.add(dotted(s.judgement->culprit));
}
void through_of(const Subject& s, Values& out) {
  if (s.judgement && !s.judgement->through.name.empty()) out.add(dotted(s.judgement->through));
}
void import_name(const Subject& s, Values& out) { out.add(dotted(as<Import>(s))); }
void call_module(const Subject& s, Values& out) {
  out.add(std::string_view(as<Call>(s).callee.module));
}
void call_name(const Subject& s, Values& out) {
  out.add(std::string_view(as<Call>(s).callee.name));
}
void call_kind(const Subject& s, Values& out) { out.add(to_string(as<Call>(s).kind)); }
void call_unknown(const Subject& s, Values& out) { flag(as<Call>(s).callee_unknown, out); }
void call_arguments(const Subject& s, Values& out) {
  for (const Argument& a : as<Call>(s).arguments) out.add(std::string_view(a.text));
}
void call_passes(const Subject& s, Values& out) {
  for (const Import& passed : as<Call>(s).passes) out.add(dotted(passed));
}
void call_opcodes(const Subject& s, Values& out) {
  for (const std::string& opcode : as<Call>(s).opcodes) out.add(std::string_view(opcode));
}
void tensor_shape(const Subject& s, Values& out) {
  std::string text;
  for (const std::uint64_t size : as<Tensor>(s).shape) {
    if (!text.empty()) text += 'x';
    text += std::to_string(size);
  }
  out.add(std::move(text));
}

using enum Evidential;
constexpr std::array kFields{
    Field{"import", "module", no, member<Import, &Import::module>},
    Field{"import", "name", no, member<Import, &Import::name>},
    Field{"import", "import", identity, import_name},
    Field{"import", "callee", no, import_name},
    Field{"import", "class", shown, class_of},
    Field{"import", "effect", shown, effects_of},
    Field{"import", "use", no, use_of},
    Field{"call", "callee", identity, culprit_of},
    Field{"call", "through", shown, through_of},
    Field{"call", "expression", shown, member<Call, &Call::expression>},
    Field{"call", "kind", shown, call_kind},
    Field{"call", "class", shown, class_of},
    Field{"call", "effect", shown, effects_of},
    Field{"call", "use", no, use_of},
    Field{"call", "module", no, call_module},
    Field{"call", "name", no, call_name},
    Field{"call", "arguments", no, call_arguments},
    Field{"call", "passes", no, call_passes},
    Field{"call", "callee_unknown", no, call_unknown},
    Field{"call", "opcodes", listed, call_opcodes},
    Field{"code", "language", identity, member<CodeBlob, &CodeBlob::language>},
    Field{"code", "text", identity, member<CodeBlob, &CodeBlob::text>},
    Field{"reference", "kind", identity, member<Reference, &Reference::kind>},
    Field{"reference", "target", identity, member<Reference, &Reference::target>},
    Field{"member", "name", identity, member<Member, &Member::name>},
    Field{"member", "method", shown, member<Member, &Member::method>},
    Field{"member", "stored_size", shown, member<Member, &Member::stored_size>},
    Field{"member", "size", shown, member<Member, &Member::size>},
    Field{"tensor", "name", identity, member<Tensor, &Tensor::name>},
    Field{"tensor", "dtype", shown, member<Tensor, &Tensor::dtype>},
    Field{"tensor", "shape", shown, tensor_shape},
    Field{"tensor", "byte_size", shown, member<Tensor, &Tensor::byte_size>},
    Field{"metadata", "key", identity, member<Metadata, &Metadata::key>},
    Field{"metadata", "value", identity, member<Metadata, &Metadata::value>},
    Field{"embedded", "format", identity, member<Embedded, &Embedded::format>},
    Field{"anomaly", "code", identity, member<Anomaly, &Anomaly::code>},
    Field{"anomaly", "detail", identity, member<Anomaly, &Anomaly::detail>},
    Field{"match", "rule", identity, member<Match, &Match::rule>},
    Field{"match", "excerpt", identity, member<Match, &Match::excerpt>},
    Field{"match", "description", shown, member<Match, &Match::description>},
    Field{"match", "severity", no, member<Match, &Match::severity>},
    Field{"signature", "kind", identity, member<Signature, &Signature::kind>},
    Field{"signature", "state", identity, member<Signature, &Signature::state>},
    Field{"signature", "signer", identity, member<Signature, &Signature::signer>},
    Field{"signature", "reason", identity, member<Signature, &Signature::reason>},
    Field{"signature", "detail", shown, member<Signature, &Signature::detail>},
};

}  // namespace

std::span<const Field> fields() { return kFields; }

const Field* find_field(std::string_view kind, std::string_view name) {
  const auto at = std::ranges::find_if(
      kFields, [&](const Field& f) { return f.kind == kind && f.name == name; });
  return at == kFields.end() ? nullptr : &*at;
}

bool is_fact_kind(std::string_view kind) {
  return std::ranges::find(kFields, kind, &Field::kind) != kFields.end();
}

}  // namespace assay::rules
