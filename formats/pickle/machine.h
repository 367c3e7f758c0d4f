#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/source_reader.h"
#include "formats/pickle/memo.h"
#include "formats/pickle/nested.h"
#include "formats/pickle/opcode.h"
#include "formats/pickle/session.h"
#include "formats/pickle/text_operand.h"
#include "formats/pickle/value.h"
#include "formats/pickle/value_stack.h"

namespace assay::pickle {

// The abstract unpickler: walks one pickle as CPython 3.11's Modules/_pickle.c
// does, on values that stand for what a loader would have. It calls nothing; it
// tells the session what a loader would import and call. Where loaders differ
// (frames, list instead of tuple arguments) it goes on with the more permissive.
class Machine {
 public:
  static constexpr std::size_t kMaxStack = 2'000'000;
  static constexpr std::size_t kMaxMarks = 1'000'000;

  enum class Loader : std::uint8_t {
    joblib,  // array bytes stand behind the BUILD of a NumpyArrayWrapper
    plain,
  };

  Machine(SourceReader& in, Session& session, Loader loader)
      : in_(in), session_(session), tables_(session.tables), loader_(loader), start_(in.offset()) {
    plan_batch();
  }

  // Runs from the cursor to behind the STOP. The value the pickle stands for,
  // or why the walk, like a loader, could not go on; what came before has run.
  Parsed<Value> run();

  // The same for who wants to watch: one opcode at a time until false, then what
  // run() returns.
  bool step();
  Parsed<Value> finish();

  // What the opcodes do (machine_steps.cpp). False: the walk ends, with error_
  // set unless it was STOP.
  using Step = bool (*)(Machine&);
  static const std::array<Step, 256> kSteps;

  // machine.cpp: the stack, marks and memo
  std::size_t height() const { return stack_.size(); }
  Value top() const { return stack_.back(); }
  bool push(Value value) {
    if (stack_.is_full() && !stack_.grow(kMaxStack)) [[unlikely]] {
      return limit("stack", kMaxStack);
    }
    stack_.push_back(value);
    return true;
  }
  bool need(std::size_t count) { return stack_.size() - fence_ >= count || underflow(); }
  bool pop(Value& value) {
    if (!need(1)) return false;
    value = stack_.back();
    stack_.pop_back();
    return true;
  }
  bool mark();
  bool take_mark(std::size_t& mark);
  bool drop_from(std::size_t mark);
  bool pop_value_or_mark();
  bool put(std::uint64_t index);
  bool get(std::uint64_t index);
  bool memoize() { return put(memo_.size()); }
  bool stop();
  bool no_opcode();

  // machine_operands.cpp: what follows the opcode byte
  template <typename T, typename Use>
  bool with_number(Use use) {
    const T value = in_.le<T>();
    return in_.ok() ? use(value) : truncated(sizeof(T));
  }
  bool positive(std::uint32_t size);
  bool push_counted_text(Kind kind, std::uint64_t size);
  bool push_line_text(Opcode opcode);
  bool push_number_line(Opcode opcode);
  bool push_long(std::uint64_t size);
  bool memo_line(Opcode opcode);
  bool protocol(std::uint8_t version);
  bool frame(std::uint64_t size);

  // machine_containers.cpp: what gathers values
  bool gather(Kind kind, std::size_t from);
  bool add_from(std::size_t target, std::string_view method);

  // machine_names.cpp: what names a global, or stands for an outside object
  bool global_lines();
  bool stack_global();
  bool extension(std::int64_t code);
  bool persistent_line();
  Value persistent(Value id);
  bool persistent_id(Value id) { return push(persistent(id)); }

  // machine_calls.cpp: what calls, and what it calls
  bool reduce();
  bool newobj(bool with_keywords);
  bool object(std::size_t mark);
  bool instantiate(std::size_t from);
  bool build();

 private:
  static constexpr std::size_t kMaxPooledText = 128;

  struct Sprint;
  void sprint();
  bool spend_batch();
  bool account();
  void plan_batch();
  bool check_frame();
  void check_protocol();
  bool error(ParseErrc code, std::string message);
  bool malformed(std::string_view what);
  bool underflow();
  bool limit(std::string_view what, std::size_t value);

  std::uint32_t text_detail(Kind kind, bool binary, std::string_view text, std::uint64_t offset);
  bool line(Line& line);
  bool whole_line(Line& line);
  void note_odd_number(const Line& line);
  bool truncated(std::uint64_t wanted);
  void collect_keys(std::span<const Value> items);
  bool computed_global(Value module, Value name);
  bool recent_global();
  bool push_global(std::string_view module, std::string_view name);
  Value imported(std::string_view module, std::string_view name);
  std::string text_of(Value value, std::uint64_t limit);
  bool runs_known_source(Value state);
  bool is_known_source(std::string_view key, Value text);

  bool call(CallKind kind, Value callee, Value arguments, std::span<const Value> keywords = {});
  bool call(CallKind kind, Value callee, std::span<const Value> arguments,
            std::string_view unknown_arguments = {});
  std::uint32_t tell_call(CallKind kind, Value callee, std::span<const Value> arguments,
                          std::string_view method = {}, std::string_view unknown_arguments = {});
  void tell_stored_method(Value target, std::string_view method, std::span<const Value> arguments);
  bool replaces_class(Value state);
  void tell_write(Value global, std::span<const Value> values);
  void learn(std::uint32_t callee, std::span<const Value> arguments, Value result);
  void note_extension(std::span<const Value> arguments);
  void take_in_payloads(std::span<const Value> arguments);

  // sprint_calls.cpp
  bool is_light(Value value);
  bool is_repeated(CallKind kind, std::uint32_t callee, std::span<const Value> arguments);
  std::optional<Value> repeated(CallKind kind, Value callee, std::span<const Value> arguments);
  std::optional<std::span<const Value>> few_items(Value tuple);

  // resolved_names.cpp: names that are found by calls
  Value module_value(std::string_view name);
  std::optional<Value> attribute(Value object, std::string_view name);
  std::optional<Value> attribute_chain(Value object, std::string_view names);
  std::optional<Value> item_of(Value mapping, std::string_view key);
  Value resolve_name(std::string_view name);
  Value imported_package(std::string_view name, std::span<const Value> arguments);
  std::optional<Value> resolved(Role role, std::span<const Value> arguments);
  bool unwrap_call(Value& callee, std::vector<Value>& arguments);
  std::optional<Value> call_of_result(Value callee, std::span<const Value> given);

  // nested.cpp
  void examine_payloads(std::span<const Value> arguments, bool loaded);
  void note_standing(std::string_view head, std::uint64_t offset) {
    if (may_stand_for_artifact(head)) session_.note_standing(offset);
  }
  std::optional<Value> encoded(std::span<const Value> arguments);

  // joblib_array.cpp, torch_tensor.cpp: what the machine must know of frameworks
  void note_dtype(std::span<const Value> arguments, Value result);
  void note_dtype_state(Value dtype, Value state);
  bool joblib_array(Role role, Value state);
  bool skip_array(const ArrayDtype& dtype, Value shape, bool aligned);
  bool object_array(Value shape);
  std::optional<Value> member_of(Value dict, std::string_view key);
  std::optional<std::vector<std::uint64_t>> extents_of(Value shape);
  void note_tensor(std::span<const Value> arguments);
  void note_storage(Value id);
  void note_storage(std::string_view id);

  friend class Listing;           // tells each opcode to a person
  friend class WeightsOnlyCheck;  // tells what torch would refuse

  SourceReader& in_;
  Session& session_;
  Tables& tables_;
  Loader loader_;

  ValueStack stack_;
  std::vector<std::size_t> marks_;
  std::vector<Value> arguments_;  // of the call at hand
  std::string module_;            // of the global at hand
  std::size_t fence_ = 0;         // values below the innermost mark are out of reach
  Memo memo_;
  int protocol_ = 0;
  int highest_protocol_ = 1;  // without a PROTO, that is
  std::uint64_t start_;
  std::uint64_t frame_end_ = UINT64_MAX;
  std::uint64_t op_offset_ = 0;
  std::uint64_t sync_ = start_;  // where opcodes can be read again from, without gaps
  Opcode opcode_ = Opcode::STOP;
  std::array<bool, 256> used_{};
  std::uint32_t batch_ = 0;       // opcodes not yet paid for
  std::uint32_t batch_size_ = 0;  // when they are paid for
  std::optional<ParseError> error_;
};

}  // namespace assay::pickle
