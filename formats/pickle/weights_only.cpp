#include "formats/pickle/weights_only.h"

#include <utility>

#include "core/source_reader.h"
#include "formats/pickle/session.h"
#include "formats/pickle/weights_only_check.h"

namespace assay::pickle {
namespace {

std::string words(const std::optional<std::string>& refusal) {
  return refusal ? "no: " + *refusal : "yes";
}

}  // namespace

WeightsOnly ask_weights_only(ByteSource& source, Budget& budget, std::uint64_t offset, int count) {
  SourceReader in(source, offset);
  Session session(nullptr, source, budget, offset);
  WeightsOnlyCheck check;
  for (int i = 0; i < count && check.is_alive(); ++i) {
    Machine machine(in, session, Machine::Loader::plain);
    const auto value = check.run(machine);
    if (value) continue;
    const ParseErrc code = value.error().code;
    if (code == ParseErrc::over_budget || code == ParseErrc::timeout) {
      return {.refusal = {}, .refusal_113 = {}, .unknown = value.error()};
    }
    check.refuse(value.error().message);
  }
  return {check.refusal(kNewTorch), check.refusal(kOldTorch), std::nullopt};
}

void tell_weights_only(ParseContext& context, std::uint64_t at, std::uint64_t size,
                       const WeightsOnly& answer) {
  if (answer.unknown) {
    context.gap(*answer.unknown);
    return;
  }
  context.metadata(at, size, "torch.weights_only", words(answer.refusal));
  if (answer.refusal.has_value() != answer.refusal_113.has_value()) {
    context.metadata(at, size, "torch.weights_only.1.13", words(answer.refusal_113));
  }
}

}  // namespace assay::pickle
