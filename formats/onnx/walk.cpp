#include "formats/onnx/walk.h"

#include <algorithm>
#include <string>

#include "formats/onnx/code_ranges.h"

namespace assay::onnx {
namespace {

class Walker {
 public:
  Walker(ParseContext& context, Visitor& visitor)
      : context_(context), visitor_(visitor), in_(context.source()), code_(context) {}

  Parsed<void> run() {
    stack_.push_back({});
    visitor_.enter(stack_);
    while (!error_ && step()) continue;
    if (!error_ && in_.error()) error_ = in_.error();
    code_.finish(std::min(in_.offset(), context_.source().size()));
    if (error_) return std::unexpected(*error_);
    return {};
  }

 private:
  // One field, or the end of a message; false when the model has ended.
  bool step() {
    if (stack_.size() == 1 ? in_.at_end() : in_.offset() >= stack_.back().end) {
      visitor_.leave(stack_);
      stack_.pop_back();
      return !stack_.empty();
    }
    const auto field = read_field(in_, stack_.back().end);
    if (!field) {
      error_ = field.error();
      return false;
    }
    take(*field);
    return in_.ok();
  }

  void take(const Field& field) {
    const FieldRule* const rule = find_rule(stack_.back().message, field);
    if (!rule) {
      if (step_over(field)) visitor_.unknown(stack_, field);
      return;
    }
    const std::uint32_t bit = 1U << field.number;
    const bool again = !rule->repeated && (stack_.back().seen & bit) != 0;
    stack_.back().seen |= bit;
    if (again && is_there(field)) visitor_.repeated(stack_, field);
    switch (rule->content) {
      case Content::message:
        return enter(*rule, field);
      case Content::text:
        return read_text(field);
      case Content::number:
        return read_numbers(field);
      case Content::weights:
        return count_weights(*rule, field);
      case Content::other:
        step_over(field);
        return visitor_.other(stack_, field);
    }
  }

  void enter(const FieldRule& rule, const Field& field) {
    if (!context_.budget().spend(Cost::nodes)) {
      error_ = context_.budget().error(field.offset);
      return;
    }
    if (stack_.size() >= kMaxNesting) return too_deep(field);
    stack_.push_back({rule.child, field, field.end(), 0});
    visitor_.enter(stack_);
  }

  void too_deep(const Field& field) {
    if (!was_too_deep_) {
      context_.gap({ParseErrc::over_budget, field.offset,
                    "messages nest deeper than " + std::to_string(kMaxNesting) + " levels"});
    }
    was_too_deep_ = true;
    step_over(field);
  }

  void read_text(const Field& field) {
    const std::string text(as_text(in_.take(std::min(field.body_size, kMaxText))));
    in_.skip(field.end() - in_.offset());
    if (in_.ok()) visitor_.text(stack_, field, text);
  }

  void read_numbers(const Field& field) {
    if (field.wire == Wire::varint) return visitor_.number(stack_, field, field.value);
    while (in_.offset() < field.end()) {
      const auto value = read_varint(in_);
      if (!value) {
        error_ = value.error();
        return;
      }
      visitor_.number(stack_, field, *value);
    }
    if (in_.offset() > field.end()) {
      error_ = ParseError{ParseErrc::malformed, field.offset, "a packed list ends inside a number"};
    }
  }

  void count_weights(const FieldRule& rule, const Field& field) {
    std::uint64_t count = 1;
    if (field.wire == Wire::length) {
      count = field.body_size;
      if (rule.wire == Wire::fixed32) count = (field.body_size + 3) / 4;
      if (rule.wire == Wire::fixed64) count = (field.body_size + 7) / 8;
      if (rule.wire == Wire::varint) count = count_varints(field);
    }
    if (!step_over(field)) return;
    code_.leave_out(field.body_offset, field.end());
    visitor_.weights(stack_, field, count);
  }

  // Each varint ends with its only byte below 0x80.
  std::uint64_t count_varints(const Field& field) {
    std::uint64_t count = 0;
    for_each_block(context_.source(), field.body_offset, field.body_size,
                   [&count](Bytes block, std::uint64_t) {
                     count += static_cast<std::uint64_t>(std::ranges::count_if(
                         block, [](std::byte b) { return b < std::byte{0x80}; }));
                     return true;
                   });
    return count;
  }

  // False when the field is cut off by the end of the source.
  bool step_over(const Field& field) {
    if (field.wire != Wire::varint) in_.skip(field.body_size);
    return in_.ok();
  }

  bool is_there(const Field& field) { return in_.source().has(field.end() - 1); }

  ParseContext& context_;
  Visitor& visitor_;
  SourceReader in_;
  CodeRanges code_;
  std::vector<Frame> stack_;
  std::optional<ParseError> error_;
  bool was_too_deep_ = false;
};

}  // namespace

Parsed<void> walk(ParseContext& context, Visitor& visitor) {
  return Walker(context, visitor).run();
}

}  // namespace assay::onnx
