#include "core/text.h"
#include "formats/pickle/machine.h"
#include "formats/pickle/renames.h"

namespace assay::pickle {
namespace {

constexpr std::uint64_t kMaxName = 64 * 1024;
constexpr std::size_t kMaxPersistentKinds = 64;

// A value that may turn out to be a str once the calls behind it have run.
bool may_be_string(Kind kind) {
  return kind == Kind::result || kind == Kind::instance || kind == Kind::persistent_id ||
         kind == Kind::global || kind == Kind::unknown;
}

}  // namespace

// GLOBAL and the first half of INST: two lines, which loaders decode as UTF-8.
bool Machine::global_lines() {
  if (recent_global()) return true;
  const std::uint64_t start = in_.offset();
  Line line;
  if (!whole_line(line)) return false;
  if (!is_utf8(line.head)) return malformed("names a module that is not UTF-8");
  module_ = line.head;
  if (!whole_line(line)) return false;
  if (!is_utf8(line.head)) return malformed("names an attribute that is not UTF-8");
  session_.code.note(op_offset_, in_.offset() - op_offset_);
  const std::string raw = module_ + '\n' + std::string(line.head) + '\n';
  if (!push_global(module_, line.head)) return false;
  if (in_.offset() - start == raw.size() && raw.size() <= RecentGlobals::kMaxSize) {
    session_.recent.put(raw, protocol_ < 3, stack_.back().detail);
  }
  return true;
}

// Streams name the same few globals again and again.
bool Machine::recent_global() {
  const std::string_view ahead = as_text(in_.peek(RecentGlobals::kMaxSize));
  const auto known = session_.recent.find_ahead(ahead, protocol_ < 3);
  if (!known) return false;
  in_.skip(known->size);
  return push({Kind::global, known->global, 0});
}

bool Machine::stack_global() {
  Value name;
  Value module;
  if (!pop(name) || !pop(module)) return false;
  if (name.kind == Kind::string && module.kind == Kind::string) {
    if (!push_global(text_of(module, kMaxName), text_of(name, kMaxName))) return false;
    if (tables_.pooled(module) && tables_.pooled(name)) {
      session_.recent.put(module, name, protocol_ < 3, stack_.back().detail);
    }
    return true;
  }
  const bool possible = (name.kind == Kind::string || may_be_string(name.kind)) &&
                        (module.kind == Kind::string || may_be_string(module.kind));
  return possible ? computed_global(module, name) : malformed("requires two strings");
}

// A name that only exists once an earlier call has run: nothing says what it is.
bool Machine::computed_global(Value module, Value name) {
  Renderer renderer(tables_, session_.source);
  std::string detail = "STACK_GLOBAL of " + renderer.render(module, 200);
  detail += " and " + renderer.render(name, 200);
  if (session_.first_time(detail)) {
    session_.anomaly(op_offset_, 1, "pickle.computed-name", detail);
  }
  const Value maker = name.is_call_result() ? name : module;
  const std::uint32_t callee =
      maker.is_call_result() ? tables_.callee(maker) : Tables::kUnknownGlobal;
  const Value operands[] = {module, name};
  return push(tables_.make_result(Kind::result, callee, operands, tables_.held(operands)));
}

bool Machine::push_global(std::string_view module, std::string_view name) {
  const QualifiedName actual =
      protocol_ < 3 ? renamed({module, name}) : QualifiedName{module, name};
  return push(imported(actual.module, actual.name));
}

Value Machine::imported(std::string_view module, std::string_view name) {
  const std::uint32_t global = tables_.global(module, name);
  session_.calls.import(op_offset_, in_.offset() - op_offset_, global, {module, name});
  return {Kind::global, global, 0};
}

// EXT1, EXT2, EXT4: the registry of the process, which this very row of pickles
// may have filled. What others registered we cannot know.
bool Machine::extension(std::int64_t code) {
  if (code <= 0) return malformed("names the extension code " + std::to_string(code));
  const auto found = session_.extensions.find(code);
  if (found != session_.extensions.end()) {
    const Import name = tables_.import_of(found->second);
    return push_global(name.module, name.name);
  }
  const Value argument = Value::integer(code);
  tell_call(CallKind::extension, Value{}, {&argument, 1});
  return push({});
}

bool Machine::persistent_line() {
  Line line;
  if (!this->line(line)) return false;
  if (line.size >= CodeRegions::kLeastText) session_.code.note(op_offset_, line.size);
  note_storage(line.head);
  return persistent_id({Kind::string, line.whole() ? tables_.pool(line.head) : 0, op_offset_});
}

Value Machine::persistent(Value id) {
  const auto items = id.kind == Kind::tuple ? tables_.items(id) : std::span<const Value>{};
  const auto kind = items.empty() ? std::nullopt : tables_.pooled(items[0]);
  const std::string_view word = kind ? *kind : id.is_text() ? "text" : "other";
  auto& counts = session_.persistent_ids;
  if (const auto found = counts.find(word); found != counts.end()) {
    ++found->second;
  } else {
    ++counts[counts.size() < kMaxPersistentKinds ? std::string(word) : "other"];
  }
  note_storage(id);
  return tables_.make_persistent_id(id);
}

std::string Machine::text_of(Value value, std::uint64_t limit) {
  if (const auto pooled = tables_.pooled(value)) return std::string(*pooled);
  return value.is_text() ? read_text_operand(session_.source, value.data, limit).text
                         : std::string();
}

}  // namespace assay::pickle
