#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/parse_context.h"

namespace assay::pickle {

// What torch.load(weights_only=True) answers: nothing where it loads, else what it
// refuses first ("byte 2: GLOBAL posix.system is not on the allow list").
struct WeightsOnly {
  std::optional<std::string> refusal;      // by torch 2.6 and later
  std::optional<std::string> refusal_113;  // by torch 1.13
  std::optional<ParseError> unknown;       // a limit ended the walk before an answer
};

// Walks `count` pickles that stand in a row from `offset` on as the restricted
// unpickler does, up to what it refuses. Where loaders of one generation differ
// (which objects SETITEM fills), the strictest counts. Arguments are not tried:
// a call that raises for them is taken for one that returns.
WeightsOnly ask_weights_only(ByteSource& source, Budget& budget, std::uint64_t offset, int count);

// The same as Metadata "torch.weights_only" of the bytes [at, at + size) of the
// context's artifact: "yes", "no: byte 2: ..."; and "torch.weights_only.1.13"
// where old versions answer otherwise.
void tell_weights_only(ParseContext& context, std::uint64_t at, std::uint64_t size,
                       const WeightsOnly& answer);

}  // namespace assay::pickle
