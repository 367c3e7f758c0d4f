#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/error.h"
#include "formats/pickle/expression.h"
#include "formats/pickle/machine.h"
#include "formats/pickle/value.h"

namespace assay::pickle {

// Runs a machine and tells every opcode that it walked, in the order of the
// stream, as an Instruction fact. The opcode at which the walk ends with an error
// is not told: the error says where it stands.
class Listing {
 public:
  explicit Listing(Machine& machine)
      : machine_(machine), renderer_(machine.tables_, machine.session_.source) {}

  // As Machine::run().
  Parsed<Value> run();

 private:
  static constexpr std::size_t kShownEffect = 160;

  std::string effect_before(Opcode opcode);
  std::string effect_behind(Opcode opcode, std::uint64_t offset);
  std::string put_into(std::size_t from, std::string_view method);
  std::string build_text();
  std::string shown(Value value) { return renderer_.render(value, kShownEffect); }
  // Of what was shown in full a line before.
  std::string brief(Value value) { return renderer_.render(value, kShownEffect / 4); }
  void tell(std::uint64_t offset, Opcode opcode, std::string effect);

  Machine& machine_;
  Renderer renderer_;
};

}  // namespace assay::pickle
