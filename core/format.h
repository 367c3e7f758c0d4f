#pragma once

#include <cstdint>
#include <string_view>

#include "core/bytes.h"
#include "core/error.h"
#include "core/parse_context.h"

namespace assay {

// How sure a format is that bytes are its own. From content; the name may turn
// `none` into `possible` at most.
//   certain:  parsed; when that fails, what is left is a gap
//   possible: parsed on trial; when that fails and showed no import, call or
//             member, the bytes are taken for something else
enum class Confidence : std::uint8_t { none, possible, certain };

// What a format may look at to place its bid.
struct Probe {
  static constexpr std::uint64_t kHeadSize = 4096;
  static constexpr std::uint64_t kTailSize = 65'557;  // a zip end record and its longest comment

  Bytes head;               // the first kHeadSize bytes, or all there is
  std::uint64_t size = 0;   // of the artifact
  std::string_view name;    // its own name, a hint
  ByteSource* source = nullptr;  // for what stands at the tail or at fixed offsets
};

// One format: a folder under formats/, and a line in formats/registry.cpp.
// `parse` puts facts, members and gaps into the context; what it returns is why
// it could not go on to the end.
struct Format {
  std::string_view name;
  Confidence (*identify)(const Probe& probe);
  Parsed<void> (*parse)(ParseContext& context);
};

}  // namespace assay
