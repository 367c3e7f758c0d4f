#pragma once

#include <cstdint>
#include <string_view>

#include "core/format.h"

namespace assay::pickle {

struct Trial {
  Confidence confidence = Confidence::none;
  std::uint64_t whole = 0;  // bytes of the head up to the last STOP that was reached
  bool ran_off = false;     // opcodes go on to the end of the head
};

// How sure it is that a pickle begins with `head`, which has more bytes behind
// it if `more`. Found out by walking the head on trial: protocols 0 and 1 have
// no magic, and their opcodes are letters, so text must not pass for them.
Trial trial(Bytes head, bool more, std::string_view name);

}  // namespace assay::pickle
