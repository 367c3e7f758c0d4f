#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/parse_context.h"
#include "formats/pickle/expression.h"
#include "formats/pickle/renames.h"
#include "formats/pickle/tables.h"
#include "formats/pickle/told_names.h"

namespace assay::pickle {

// One call as the machine sees it.
struct CallSite {
  std::uint64_t offset = 0;  // of the opcode that calls
  std::uint64_t size = 1;
  std::uint64_t sync = 0;  // not behind it: where an opcode begins
  CallKind kind = CallKind::reduce;
  std::uint32_t callee = Tables::kUnknownGlobal;
  bool callee_unknown = false;
  Value callee_value = {};       // what stands where the callee is
  std::string_view method = {};  // which one, if it is a method of that value
  std::span<const Value> arguments = {};
  std::string_view unknown_arguments = {};  // what stands for them when they are not known
  std::uint32_t held = HeldSets::kEmpty;    // by the arguments
};

// Turns imports and calls into facts, so that memory stays bounded: an import
// is told once, and of calls that differ in nothing but plain data (200,000
// tensors) the first few are told and the rest counted. Two calls are alike
// when callee, kind, the kinds of the arguments, all globals these hold and the
// names among their strings are. Without a context it only counts.
class CallRecorder {
 public:
  static constexpr std::uint32_t kExamples = 4;

  CallRecorder(ParseContext* context, Tables& tables) : context_(context), tables_(tables) {}

  // `name` is what `global` stands for, told even when the table of globals is full.
  void import(std::uint64_t offset, std::uint64_t size, std::uint32_t global, QualifiedName name);
  void call(const CallSite& site);
  // Counts a call of no method that cannot be told from one that was folded away, and is
  // true; else it is false and nothing is done.
  bool again(CallKind kind, std::uint32_t callee, bool callee_unknown,
             std::span<const Value> arguments, std::uint32_t held);

  void begin_telling(ParseContext& context) { context_ = &context; }
  // From now on tells of no offset a name that `told` has, and adds what it tells.
  void share(ToldNames& told) { told_ = &told; }

  std::uint64_t call_count() const { return calls_; }
  // Calls of what has a name, other than methods of an object, while nothing is told.
  std::uint64_t named_count() const { return named_; }
  std::uint64_t import_count() const { return imports_; }
  // Distinct imports of what could be a module and a name in it, not a line of prose.
  std::uint64_t plausible_count() const { return plausible_; }
  std::uint64_t folded_count() const { return folded_; }

 private:
  // A call in a few words, to know again the one that was just folded away.
  struct Brief {
    static constexpr std::size_t kMaxArguments = 4;
    std::array<std::uint64_t, 2 + kMaxArguments> words{};
    bool operator==(const Brief&) const = default;
    std::size_t slot() const {
      constexpr std::uint64_t kPrime = 0x9e3779b97f4a7c15;
      return (words[0] * 3 + words[1] * 5 + words[2] * 7 + words[3] * 11) * kPrime >> (64 - 6);
    }
  };
  static constexpr std::size_t kRecent = 64;

  bool is_first_telling(std::uint64_t offset, const Import& name, std::uint64_t kind);
  Brief brief_of(CallKind kind, std::uint32_t callee, bool callee_unknown,
                 std::span<const Value> arguments, std::uint32_t held) const;
  bool is_new(const CallSite& site);
  void write_shape(const CallSite& site, bool with_names);
  void emit(const CallSite& site);
  std::string expression_of(const CallSite& site, const Call& call, Renderer& renderer);
  std::vector<Argument> describe(const CallSite& site, Renderer& renderer);
  std::vector<Import> passes_of(const CallSite& site);
  std::string comment_of(const CallSite& site);
  void emit_code(const CallSite& site, std::string_view language);

  ParseContext* context_;
  ToldNames* told_ = nullptr;
  Tables& tables_;
  InternTable shapes_{65'536, 16U << 20};
  std::string shape_;                        // kept for its memory
  std::vector<std::uint32_t> seen_;          // by shape
  std::vector<std::uint16_t> named_shapes_;  // by callee
  std::vector<bool> imported_;               // by global
  std::array<Brief, kRecent> recent_{};      // calls known to be folded
  std::uint64_t calls_ = 0;
  std::uint64_t named_ = 0;
  std::uint64_t imports_ = 0;
  std::uint64_t plausible_ = 0;
  std::uint64_t folded_ = 0;
  std::uint64_t text_left_ = 16U << 20;
  std::uint64_t passes_left_ = 1'000'000;
  std::uint64_t source_left_ = 4U << 20;
  int windows_left_ = 500;  // calls that are told with the opcodes around them
};

}  // namespace assay::pickle
