#include "formats/pickle/plain_walk.h"

#include <optional>

#include "core/source_reader.h"
#include "formats/pickle/machine.h"
#include "formats/pickle/session.h"

namespace assay::pickle {
namespace {

// The walk up to the first array, during which nothing is told again.
class PlainWalk {
 public:
  PlainWalk(ParseContext& context, std::uint64_t offset)
      : context_(context),
        in_(context.source(), offset),
        session_(nullptr, context.source(), context.budget(), offset) {}

  // False if the walk does not come to where the array begins.
  bool reach(std::uint64_t first_array) {
    while (in_.offset() < first_array) {
      machine_.emplace(in_, session_, Machine::Loader::plain);
      while (in_.offset() < first_array) {
        if (machine_->step()) continue;
        if (!finish(machine_->finish())) return false;
        break;
      }
    }
    return in_.offset() == first_array && machine_;
  }

  Session& session() { return session_; }
  void finish() { finish(machine_->run()); }

 private:
  // A loader fails there, which is as well; but what nobody paid for is a gap.
  bool finish(const Parsed<Value>& value) {
    // Numbers reach other limits by chance: a picture of one grey fills the stack.
    if (!value && context_.budget().left(Cost::opcodes) == 0) context_.gap(value.error());
    return value.has_value();
  }

  ParseContext& context_;
  SourceReader in_;
  Session session_;
  std::optional<Machine> machine_;
};

// By chance, numbers are opcodes that do something, but not with names.
bool does_something(ParseContext& context, std::uint64_t offset, std::uint64_t first_array) {
  PlainWalk walk(context, offset);
  if (!walk.reach(first_array)) return false;
  const CallRecorder& calls = walk.session().calls;
  const std::uint64_t calls_before = calls.named_count();
  const std::uint64_t imports_before = calls.plausible_count();
  walk.finish();
  return calls.named_count() > calls_before || calls.plausible_count() > imports_before;
}

}  // namespace

void walk_as_plain(ParseContext& context, std::uint64_t offset, Session& session) {
  if (!does_something(context, offset, session.first_array)) return;
  PlainWalk walk(context, offset);
  if (!walk.reach(session.first_array)) return;
  walk.session().begin_telling(context, session.behind_array);
  walk.finish();
}

}  // namespace assay::pickle
