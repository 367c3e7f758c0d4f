#include "formats/pickle/call_recorder.h"

#include <algorithm>
#include <cstring>

#include "core/text.h"
#include "formats/pickle/constant_text.h"
#include "formats/pickle/operand.h"
#include "formats/pickle/text_operand.h"

namespace assay::pickle {
namespace {

constexpr std::size_t kArgumentText = 512;
constexpr std::size_t kExpressionText = 1024;
constexpr std::size_t kScarceText = 24;  // once text_left_ is spent
constexpr std::size_t kMaxPasses = 1024;
constexpr std::uint64_t kMaxSourceText = 64 * 1024;
// A callee that takes more names than this has no meaning in each of them.
constexpr std::uint16_t kMaxNamedShapes = 256;

ArgumentKind kind_of_argument(Kind kind) {
  switch (kind) {
    case Kind::none:
    case Kind::boolean:
    case Kind::integer:
    case Kind::big_integer:
    case Kind::real:
    case Kind::string:
    case Kind::bytes:
    case Kind::bytearray:
      return ArgumentKind::constant;
    case Kind::tuple:
    case Kind::list:
    case Kind::dict:
    case Kind::set:
    case Kind::frozenset:
      return ArgumentKind::container;
    case Kind::global:
      return ArgumentKind::global;
    case Kind::result:
    case Kind::instance:
      return ArgumentKind::result;
    case Kind::persistent_id:
      return ArgumentKind::persistent_id;
    case Kind::buffer:
    case Kind::unknown:
      return ArgumentKind::unknown;
  }
  return ArgumentKind::unknown;
}

// The global that an argument is, or whose call returned it.
std::uint32_t global_of(const Tables& tables, Value value) {
  if (value.kind == Kind::global) return value.detail;
  return value.is_call_result() ? tables.callee(value) : Tables::kUnknownGlobal;
}

bool is_dotted_name(std::string_view text) {
  bool start = true;  // of a component
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
    if (start ? !(letter || c == '_' || byte >= 0x80)
              : !(letter || c == '_' || c == '.' || byte >= 0x80 || (c >= '0' && c <= '9'))) {
      return false;
    }
    start = c == '.';
  }
  return !start;
}

// The names and constants that stand in a code object, in a line.
std::string words_in(std::string_view code) {
  constexpr std::size_t kLeast = 3;
  std::string out;
  std::string word;
  const auto flush = [&] {
    if (word.size() >= kLeast) out.append(out.empty() ? "" : " ").append(word);
    word.clear();
  };
  for (const char c : code) {
    if (c >= ' ' && c <= '~') {
      word += c;
    } else {
      flush();
    }
  }
  flush();
  return out;
}

void append_number(std::string& key, std::uint32_t number) {
  char raw[sizeof number];
  std::memcpy(raw, &number, sizeof number);
  key.append(raw, sizeof number);
}

}  // namespace

void CallRecorder::import(std::uint64_t offset, std::uint64_t size, std::uint32_t global,
                          QualifiedName name) {
  ++imports_;
  if (global >= imported_.size()) imported_.resize(global + 1);
  if (imported_[global]) return;
  imported_[global] = global != Tables::kUnknownGlobal;
  if (is_dotted_name(name.module) && is_dotted_name(name.name)) ++plausible_;
  if (!context_) return;
  const Import whole{std::string(name.module), std::string(name.name)};
  if (!is_first_telling(offset, whole, 0)) return;
  const auto limit = static_cast<std::size_t>(context_->budget().limits().text_size);
  context_->fact(offset, size, Import{shortened(name.module, limit), shortened(name.name, limit)});
}

void CallRecorder::call(const CallSite& site) {
  const bool brief = site.method.empty() && site.arguments.size() <= Brief::kMaxArguments;
  if (brief && again(site.kind, site.callee, site.callee_unknown, site.arguments, site.held)) {
    return;
  }
  ++calls_;
  if (!context_) {
    const bool method = site.kind == CallKind::build || site.kind == CallKind::method;
    if (!site.callee_unknown && !method) ++named_;
    return;
  }
  if (is_new(site)) return emit(site);
  ++folded_;
  if (!brief) return;
  const Brief folded =
      brief_of(site.kind, site.callee, site.callee_unknown, site.arguments, site.held);
  recent_[folded.slot()] = folded;
}

bool CallRecorder::again(CallKind kind, std::uint32_t callee, bool callee_unknown,
                         std::span<const Value> arguments, std::uint32_t held) {
  if (!context_ || arguments.size() > Brief::kMaxArguments) return false;
  const Brief brief = brief_of(kind, callee, callee_unknown, arguments, held);
  if (recent_[brief.slot()] != brief) return false;
  ++calls_;
  ++folded_;
  return true;
}

// Tells apart at least what write_shape() tells apart.
CallRecorder::Brief CallRecorder::brief_of(CallKind kind, std::uint32_t callee, bool callee_unknown,
                                           std::span<const Value> arguments,
                                           std::uint32_t held) const {
  Brief brief;
  brief.words[0] = static_cast<std::uint64_t>(callee) << 32 | held;
  brief.words[1] = 1 + static_cast<std::uint64_t>(kind) * 2 + (callee_unknown ? 1 : 0) +
                   (static_cast<std::uint64_t>(arguments.size()) << 32);
  std::uint64_t* word = &brief.words[2];
  for (const Value value : arguments) {
    const std::uint32_t number =
        value.kind == Kind::string ? value.detail : global_of(tables_, value);
    *word++ = static_cast<std::uint64_t>(value.kind) << 32 | number;
  }
  return brief;
}

bool CallRecorder::is_new(const CallSite& site) {
  if (site.callee >= named_shapes_.size()) named_shapes_.resize(site.callee + 1);
  std::uint16_t& named = named_shapes_[site.callee];
  write_shape(site, named < kMaxNamedShapes);
  const auto shape = shapes_.intern(shape_);
  if (!shape) return true;  // too many kinds of calls to tell apart: tell each
  if (*shape == seen_.size()) {
    seen_.push_back(0);
    if (named < kMaxNamedShapes) ++named;
  }
  return seen_[*shape]++ < kExamples;
}

void CallRecorder::write_shape(const CallSite& site, bool with_names) {
  std::string& key = shape_;
  key.clear();
  append_number(key, site.callee);
  append_number(key, site.held);
  key += static_cast<char>(site.kind);
  key += site.callee_unknown ? '?' : ' ';
  key += with_names ? 'n' : ' ';
  key += site.method;
  for (const Value argument : site.arguments) {
    key += static_cast<char>(kind_of_argument(argument.kind));
    append_number(key, global_of(tables_, argument));
    if (with_names && tables_.pooled(argument)) append_number(key, argument.detail);
  }
}

bool CallRecorder::is_first_telling(std::uint64_t offset, const Import& name, std::uint64_t kind) {
  return !told_ || told_->insert(offset, std::hash<std::string>{}(dotted(name)) + kind);
}

void CallRecorder::emit(const CallSite& site) {
  const std::uint64_t kind = 1 + static_cast<std::uint64_t>(site.kind) * 2;
  const Import name = tables_.import_of(site.callee);
  if (!is_first_telling(site.offset, name, kind + (site.callee_unknown ? 1 : 0))) return;
  Renderer renderer(tables_, context_->source());
  Call call{.callee = name,
            .kind = site.kind,
            .arguments = describe(site, renderer),
            .passes = passes_of(site),
            .expression = {},
            .callee_unknown = site.callee_unknown,
            .opcodes = {}};
  if (windows_left_ > 0) {
    --windows_left_;
    // Behind a BUILD there may be raw bytes.
    call.opcodes =
        opcodes_around(context_->source(), site.sync, site.offset, site.kind != CallKind::build);
  }
  call.expression = expression_of(site, call, renderer);
  text_left_ -= std::min<std::uint64_t>(text_left_, call.expression.size());
  context_->fact(site.offset, site.size, std::move(call));
  const Role role = tables_.role(site.callee);
  if (role == Role::runs_source) emit_code(site, "python");
  if (role == Role::runs_code) emit_code(site, "marshal");
}

// "os.system('echo hi')"; of a callee that no name stands for, what made it:
// "operator.attrgetter('system')(os)", or "...".
std::string CallRecorder::expression_of(const CallSite& site, const Call& call,
                                        Renderer& renderer) {
  std::string text = call.callee == Import{} ? "..." : dotted(call.callee);
  if (site.kind == CallKind::extension) text = "copyreg.extension";
  if (site.callee_unknown && call.callee != Import{}) {
    text = renderer.render(site.callee_value, kArgumentText);
  }
  if (!site.method.empty()) text.append(".").append(site.method);
  text.append("(").append(site.unknown_arguments);
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    if (i > 0) text.append(", ");
    text.append(call.arguments[i].text);
  }
  text.append(")");
  return shortened(text + comment_of(site), kExpressionText);
}

// "  # decoded: 'import os'" for what the arguments decode to before it is used.
std::string CallRecorder::comment_of(const CallSite& site) {
  for (const Value argument : site.arguments) {
    if (!argument.is_call_result()) continue;
    const auto constant = constant_text(tables_, context_->source(), argument, kArgumentText);
    if (constant) return "  # decoded: " + quoted(constant->text, kArgumentText);
  }
  return {};
}

std::vector<Argument> CallRecorder::describe(const CallSite& site, Renderer& renderer) {
  std::vector<Argument> arguments;
  arguments.reserve(site.arguments.size());
  for (const Value value : site.arguments) {
    const std::size_t limit = text_left_ > 0 ? kArgumentText : kScarceText;
    Argument& argument = arguments.emplace_back();
    argument.kind = kind_of_argument(value.kind);
    argument.text = renderer.render(value, limit);
    argument.global = tables_.import_of(global_of(tables_, value));
    text_left_ -= std::min<std::uint64_t>(text_left_, argument.text.size());
  }
  return arguments;
}

std::vector<Import> CallRecorder::passes_of(const CallSite& site) {
  std::vector<Import> passes;
  for (const std::uint32_t global : tables_.members(site.held)) {
    if (passes.size() == kMaxPasses || passes_left_ == 0) {
      context_->gap({ParseErrc::over_budget, site.offset,
                     "limit reached: globals passed to calls (" + std::to_string(kMaxPasses) +
                         " for one call)"});
      break;
    }
    --passes_left_;
    passes.push_back(tables_.import_of(global));
  }
  return passes;
}

// Source text, or the texts in a code object, wherever among the arguments it is.
void CallRecorder::emit_code(const CallSite& site, std::string_view language) {
  for (const Value argument : site.arguments) {
    const std::uint64_t limit = std::min(kMaxSourceText, source_left_);
    TextOperand operand;
    if (argument.is_text()) {
      operand = read_text_operand(context_->source(), argument.data, limit);
    } else if (auto constant = constant_text(tables_, context_->source(), argument, limit)) {
      operand = {.offset = constant->offset, .text = std::move(constant->text)};
    } else {
      continue;
    }
    source_left_ -= std::min<std::uint64_t>(source_left_, operand.text.size());
    context_->code_text(operand.offset, operand.text);
    const auto text_size = static_cast<std::size_t>(context_->budget().limits().text_size);
    const bool source = language == "python";
    context_->fact(operand.offset, operand.size,
                   CodeBlob{std::string(language),
                            shortened(source ? operand.text : words_in(operand.text), text_size)});
    if (source) break;
  }
}

}  // namespace assay::pickle
