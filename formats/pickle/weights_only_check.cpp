#include "formats/pickle/weights_only_check.h"

#include "core/text.h"
#include "formats/pickle/expression.h"

namespace assay::pickle {
namespace {

constexpr std::size_t kShownValue = 160;

std::string at_byte(std::uint64_t offset) { return "byte " + std::to_string(offset) + ": "; }

// The how manieth value from the top an opcode works on; 0: the one below the
// innermost mark.
std::optional<std::size_t> depth_of_target(Opcode opcode) {
  switch (opcode) {
    case Opcode::REDUCE:
    case Opcode::NEWOBJ:
    case Opcode::BUILD:
    case Opcode::APPEND:
      return 2;
    case Opcode::SETITEM:
      return 3;
    case Opcode::APPENDS:
    case Opcode::SETITEMS:
      return 0;
    default:
      return std::nullopt;
  }
}

}  // namespace

Parsed<Value> WeightsOnlyCheck::run(Machine& machine) {
  for (;;) {
    const std::uint64_t offset = machine.in_.offset();
    const Bytes ahead = machine.in_.peek(1);
    const auto opcode = ahead.empty() ? Opcode::STOP : static_cast<Opcode>(ahead[0]);
    look(machine, opcode, offset);
    if (!is_alive()) {
      machine.account();
      return Value{};
    }
    const bool goes_on = machine.step();
    if (machine.error_) break;
    if (opcode == Opcode::GLOBAL) look_at_name(machine, offset);
    if (!goes_on || !is_alive()) break;
  }
  return machine.finish();
}

void WeightsOnlyCheck::look(Machine& machine, Opcode opcode, std::uint64_t offset) {
  const auto byte = static_cast<std::uint8_t>(opcode);
  const OpcodeInfo& info = info_of(opcode);
  if (info.name.empty()) return;  // the machine says so
  const Versions implemented = AllowList::of_torch().opcode(byte);
  if (implemented != kAllTorch) {
    allow(implemented, at_byte(offset) + std::string(info.name) + " is not implemented");
  }
  if (opcode == Opcode::BINPERSID && machine.height() > 0) {
    look_at_id(machine, machine.top(), offset);
  } else {
    look_at_target(machine, opcode, offset);
  }
}

void WeightsOnlyCheck::look_at_name(Machine& machine, std::uint64_t offset) {
  const std::uint32_t global = machine.top().detail;
  const Versions named = allowance(machine, global).named;
  if ((alive_ & ~named) == 0) return;
  const std::string name = dotted(machine.tables_.import_of(global));
  allow(named,
        at_byte(offset) + "GLOBAL " + shortened(name, kShownValue) + " is not on the allow list");
}

void WeightsOnlyCheck::look_at_target(Machine& machine, Opcode opcode, std::uint64_t offset) {
  const auto depth = depth_of_target(opcode);
  if (!depth) return;
  const auto& stack = machine.stack_;
  const auto& marks = machine.marks_;
  std::size_t end = stack.size() + 1;
  if (*depth == 0) end = marks.empty() ? 0 : marks.back();
  if (end <= *depth) return;  // too few values: the machine says so
  const Value target = stack[end - *depth - 1];
  const Versions accepted = versions(machine, target, opcode);
  if ((alive_ & ~accepted) == 0) return;
  Renderer renderer(machine.tables_, machine.session_.source);
  allow(accepted, at_byte(offset) + std::string(info_of(opcode).name) + " does not take " +
                      renderer.render(target, kShownValue));
}

// ('storage', ...) is the one kind that is loaded.
void WeightsOnlyCheck::look_at_id(Machine& machine, Value id, std::uint64_t offset) {
  const auto items = id.kind == Kind::tuple ? machine.tables_.items(id) : std::span<const Value>{};
  if (!items.empty() && machine.tables_.pooled(items[0]) == "storage") return;
  Renderer renderer(machine.tables_, machine.session_.source);
  refuse(at_byte(offset) + "BINPERSID of " + renderer.render(id, kShownValue) +
         ", which is no storage");
}

const Allowance& WeightsOnlyCheck::allowance(Machine& machine, std::uint32_t global) {
  if (global >= known_.size()) known_.resize(global + 1);
  if (!known_[global]) {
    known_[global] = &AllowList::of_torch().of(dotted(machine.tables_.import_of(global)));
  }
  return *known_[global];
}

Versions WeightsOnlyCheck::versions(Machine& machine, Value value, Opcode opcode) {
  const auto of_class = [&]() -> const Allowance& {
    const AllowList& list = AllowList::of_torch();
    if (!value.is_call_result()) return list.of({});
    return list.of(allowance(machine, machine.tables_.callee(value)).returned);
  };
  switch (opcode) {
    case Opcode::REDUCE:
      return value.kind == Kind::global ? allowance(machine, value.detail).called : Versions{0};
    case Opcode::NEWOBJ:
      return value.kind == Kind::global ? allowance(machine, value.detail).made : Versions{0};
    case Opcode::BUILD:
      return of_class().built;
    case Opcode::SETITEM:
    case Opcode::SETITEMS:
      return value.kind == Kind::dict ? kAllTorch : of_class().filled;
    default:
      return value.kind == Kind::list ? kAllTorch : Versions{0};
  }
}

void WeightsOnlyCheck::allow(Versions versions, std::string_view otherwise) {
  const Versions refusing = alive_ & static_cast<Versions>(~versions);
  if ((refusing & kOldTorch) != 0) refusals_[0] = otherwise;
  if ((refusing & kNewTorch) != 0) refusals_[1] = otherwise;
  alive_ &= versions;
}

}  // namespace assay::pickle
