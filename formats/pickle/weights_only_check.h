#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/pickle/allow_list.h"
#include "formats/pickle/machine.h"

namespace assay::pickle {

// Watches the machines of one session as torch's restricted unpicklers would run it: before each
// opcode it looks at what that works on, and notes what the first of each
// generation refuses.
class WeightsOnlyCheck {
 public:
  // Runs one pickle; the machine stops where no generation goes on.
  Parsed<Value> run(Machine& machine);

  // By some generation the walk still goes on.
  bool is_alive() const { return alive_ != 0; }
  // Every generation that is left refuses, for this reason.
  void refuse(std::string_view why) { allow(0, why); }
  const std::optional<std::string>& refusal(Versions version) const {
    return refusals_[version == kOldTorch ? 0 : 1];
  }

 private:
  void look(Machine& machine, Opcode opcode, std::uint64_t offset);
  void look_at_name(Machine& machine, std::uint64_t offset);
  void look_at_target(Machine& machine, Opcode opcode, std::uint64_t offset);
  void look_at_id(Machine& machine, Value id, std::uint64_t offset);
  // Of what may be called, made, built or filled.
  Versions versions(Machine& machine, Value value, Opcode opcode);
  const Allowance& allowance(Machine& machine, std::uint32_t global);
  void allow(Versions versions, std::string_view otherwise);

  Versions alive_ = kAllTorch;
  std::array<std::optional<std::string>, 2> refusals_;
  std::vector<const Allowance*> known_;  // by global of the session
};

}  // namespace assay::pickle
