#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/parse_context.h"
#include "formats/onnx/schema.h"

namespace assay::onnx {

// A message that the walk is in.
struct Frame {
  Message message = Message::model;
  Field field;  // of the parent that holds it
  std::uint64_t end = kNoEnd;
  std::uint32_t seen = 0;  // bit n: field number n stood here
};

// Called for what the walk comes across, in the order of the file. `stack` holds
// the messages from the model down to the one the field is of.
class Visitor {
 public:
  using Stack = std::vector<Frame>;

  Visitor() = default;
  Visitor(const Visitor&) = delete;
  Visitor& operator=(const Visitor&) = delete;
  virtual ~Visitor() = default;

  virtual void enter(const Stack& stack) = 0;
  virtual void leave(const Stack& stack) = 0;  // the message is still on top
  // At most kMaxText bytes; field.body_size tells the whole.
  virtual void text(const Stack& stack, const Field& field, std::string_view text) = 0;
  virtual void number(const Stack& stack, const Field& field, std::uint64_t value) = 0;
  // Payload of a tensor with `count` numbers in it (bytes, for raw_data).
  virtual void weights(const Stack& stack, const Field& field, std::uint64_t count) = 0;
  virtual void other(const Stack& stack, const Field& field) = 0;
  virtual void unknown(const Stack& stack, const Field& field) = 0;
  // A field that may stand once stands again; parsers take the last or merge.
  virtual void repeated(const Stack& stack, const Field& field) = 0;
};

inline constexpr std::uint64_t kMaxText = 4096;
// Messages in messages; protobuf's own readers stop at 100, too.
inline constexpr std::size_t kMaxNesting = 100;

// Walks the ModelProto that the whole source is. What is nested deeper than
// kMaxNesting becomes a gap. All bytes but weights are reported as code.
Parsed<void> walk(ParseContext& context, Visitor& visitor);

}  // namespace assay::onnx
