#include "rules/yara/libyara.h"

#include <yara.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>
#include <new>
#include <utility>

namespace assay::libyara {
namespace {

// yr_initialize sets up tables of the whole process; it must run once, before
// anything else, and only a static does that safely from several threads.
void initialize() {
  static const int result = [] {
    const int code = yr_initialize();
    if (code == ERROR_SUCCESS) {
      yr_set_configuration_uint32(YR_CONFIG_MAX_MATCH_DATA, kMaxMatchData);
    }
    return code;
  }();
  if (result != ERROR_SUCCESS) throw std::bad_alloc();
}

std::shared_ptr<YR_RULES> own(YR_RULES* rules) { return {rules, yr_rules_destroy}; }

// ---- Compiling

// Modules whose facts come from the scanned bytes alone.
constexpr std::array<std::string_view, 7> kModules{"dex",   "dotnet", "elf", "hash",
                                                   "macho", "math",   "pe"};

struct Diagnostics {
  bool warnings_fail = false;
  int line = 0;
  std::string message{};
};

void note_diagnostic(int level, const char*, int line, const YR_RULE* rule, const char* message,
                     void* user_data) {
  auto& first = *static_cast<Diagnostics*>(user_data);
  if (!first.message.empty()) return;
  if (level == YARA_ERROR_LEVEL_WARNING && !first.warnings_fail) return;
  first.line = line;
  first.message = message;
  if (rule != nullptr && rule->identifier != nullptr) {
    first.message = "rule " + std::string(rule->identifier) + ": " + first.message;
  }
}

std::uint64_t line_offset(std::string_view text, int line) {
  std::size_t at = 0;
  for (int i = 1; i < line && at != std::string_view::npos; ++i) {
    at = text.find('\n', at);
    if (at != std::string_view::npos) ++at;
  }
  return at == std::string_view::npos ? text.size() : at;
}

std::unexpected<ParseError> compile_error(const Source& source, int line, std::string_view text) {
  return fail(ParseErrc::malformed, line_offset(source.text, line),
              source.name + ":" + std::to_string(line) + ": " + std::string(text));
}

Parsed<void> add_source(YR_COMPILER* compiler, const Source& source, Diagnostics& diagnostics) {
  if (const std::size_t nul = source.text.find('\0'); nul != std::string::npos) {
    const auto lines = std::count(source.text.begin(),
                                  source.text.begin() + static_cast<std::ptrdiff_t>(nul), '\n');
    return compile_error(source, static_cast<int>(lines) + 1, "a NUL byte is not YARA source");
  }
  const int errors = yr_compiler_add_string(compiler, source.text.c_str(), source.name.c_str());
  if (errors == 0 && diagnostics.message.empty()) return {};
  if (diagnostics.message.empty()) diagnostics.message = "cannot be compiled";
  return compile_error(source, diagnostics.line, diagnostics.message);
}

int find_foreign_module(YR_SCAN_CONTEXT*, int message, void* data, void* user_data) {
  if (message != CALLBACK_MSG_IMPORT_MODULE) return CALLBACK_CONTINUE;
  const std::string_view name = static_cast<YR_MODULE_IMPORT*>(data)->module_name;
  if (std::ranges::find(kModules, name) != kModules.end()) return CALLBACK_CONTINUE;
  *static_cast<std::string*>(user_data) = name;
  return CALLBACK_ERROR;
}

// A module is only named to us when rules run, before it is loaded.
Parsed<void> refuse_foreign_modules(YR_RULES* rules, std::span<const Source> sources) {
  const std::uint8_t nothing = 0;
  std::string module;
  const int code = yr_rules_scan_mem(rules, &nothing, sizeof(nothing), SCAN_FLAGS_NO_TRYCATCH,
                                     find_foreign_module, &module, 0);
  if (module.empty()) {
    if (code == ERROR_SUCCESS) return {};
    return fail(ParseErrc::malformed, 0,
                "rules cannot be run: libyara error " + std::to_string(code));
  }
  const std::string quoted = '"' + module + '"';
  for (const Source& source : sources) {
    const std::size_t at = source.text.find(quoted);
    if (at == std::string::npos) continue;
    const auto lines = std::count(source.text.begin(),
                                  source.text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    return compile_error(
        source, static_cast<int>(lines) + 1,
        "module " + quoted + " is not allowed: it looks outside the scanned bytes");
  }
  return fail(ParseErrc::malformed, 0, "module " + quoted + " is not allowed");
}

// ---- Scanning

// One scan, as the callbacks see it. C code stands between us and them, so an
// exception is carried round it.
struct Scan {
  Blocks& blocks;
  const std::function<bool(const Hit&)>& on_hit;
  YR_SCANNER* scanner;
  std::size_t next_index = 0;
  YR_MEMORY_BLOCK block{};
  std::uint64_t start = 0;         // of the first block
  std::size_t overfull_count = 0;  // strings given up
  std::string overfull{};          // the first of them
  std::exception_ptr thrown{};
};

std::string describe(const YR_SCANNER& scanner, const YR_STRING& string) {
  const YR_RULE& rule = scanner.rules->rules_table[string.rule_idx];
  return "YARA rule " + std::string(rule.identifier) + ", string " + string.identifier;
}

void note_overfull(Scan& scan, const YR_STRING& string) {
  if (scan.overfull_count++ == 0) scan.overfull = describe(*scan.scanner, string);
}

void give_up_overfull_strings(Scan& scan) {
  const YR_SCANNER& scanner = *scan.scanner;
  for (std::uint32_t i = 0; i < scanner.rules->num_strings; ++i) {
    if (scanner.matches[i].count < kMaxStringMatches) continue;
    if (yr_bitmask_is_set(scanner.strings_temp_disabled, i)) continue;
    yr_bitmask_set(scanner.strings_temp_disabled, i);
    note_overfull(scan, scanner.rules->strings_table[i]);
  }
}

const std::uint8_t* fetch_data(YR_MEMORY_BLOCK* self) {
  Scan& scan = *static_cast<Scan*>(self->context);
  try {
    const Bytes bytes = scan.blocks.fetch({self->base, self->size});
    if (bytes.size() < self->size) return nullptr;
    return reinterpret_cast<const std::uint8_t*>(bytes.data());
  } catch (...) {
    scan.thrown = std::current_exception();
    return nullptr;
  }
}

YR_MEMORY_BLOCK* next_block(YR_MEMORY_BLOCK_ITERATOR* self) {
  Scan& scan = *static_cast<Scan*>(self->context);
  if (scan.thrown) return nullptr;
  try {
    give_up_overfull_strings(scan);
    const std::optional<Block> block = scan.blocks.at(scan.next_index);
    if (!block) return nullptr;
    if (scan.next_index++ == 0) scan.start = block->offset;
    scan.block = {block->size, block->offset, &scan, fetch_data};
    return &scan.block;
  } catch (...) {
    scan.thrown = std::current_exception();
    return nullptr;
  }
}

YR_MEMORY_BLOCK* first_block(YR_MEMORY_BLOCK_ITERATOR* self) {
  static_cast<Scan*>(self->context)->next_index = 0;
  return next_block(self);
}

std::uint64_t file_size(YR_MEMORY_BLOCK_ITERATOR* self) {
  Scan& scan = *static_cast<Scan*>(self->context);
  try {
    return scan.blocks.artifact_size();
  } catch (...) {
    scan.thrown = std::current_exception();
    return 0;
  }
}

std::string_view meta(const YR_RULE& rule, std::string_view key) {
  const YR_META* each = nullptr;
  yr_rule_metas_foreach((&rule), each) {
    if (each->type == META_TYPE_STRING && key == each->identifier) return each->string;
  }
  return {};
}

// libyara packs matches behind each other, aligned or not.
YR_MATCH copy_of(const YR_MATCH* match) {
  YR_MATCH copy;
  std::memcpy(&copy, static_cast<const void*>(match), sizeof(copy));
  return copy;
}

std::uint64_t offset_of(const YR_MATCH& match) {
  return static_cast<std::uint64_t>(match.base + match.offset);
}

std::optional<YR_MATCH> first_match(const YR_SCAN_CONTEXT& context, const YR_RULE& rule) {
  std::optional<YR_MATCH> first;
  const YR_STRING* string = nullptr;
  yr_rule_strings_foreach((&rule), string) {
    const YR_MATCH* head = context.matches[string->idx].head;
    if (STRING_IS_PRIVATE(string) || head == nullptr) continue;
    const YR_MATCH match = copy_of(head);
    if (!first || offset_of(match) < offset_of(*first)) first = match;
  }
  return first;
}

Hit make_hit(const YR_SCAN_CONTEXT& context, const YR_RULE& rule, std::uint64_t start) {
  Hit hit{.identifier = rule.identifier,
          .severity = meta(rule, "severity"),
          .description = meta(rule, "description"),
          .offset = start,
          .size = 0,
          .data = {}};
  if (const auto match = first_match(context, rule)) {
    hit.offset = offset_of(*match);
    hit.size = static_cast<std::uint64_t>(match->match_length);
    hit.data = std::as_bytes(std::span(match->data, static_cast<std::size_t>(match->data_length)));
  }
  return hit;
}

int on_message(YR_SCAN_CONTEXT* context, int message, void* data, void* user_data) {
  Scan& scan = *static_cast<Scan*>(user_data);
  if (scan.thrown) return CALLBACK_ABORT;
  try {
    if (message == CALLBACK_MSG_TOO_MANY_MATCHES) {
      note_overfull(scan, *static_cast<YR_STRING*>(data));
    } else if (message == CALLBACK_MSG_RULE_MATCHING) {
      const Hit hit = make_hit(*context, *static_cast<YR_RULE*>(data), scan.start);
      if (!scan.on_hit(hit)) return CALLBACK_ABORT;
    }
    return CALLBACK_CONTINUE;
  } catch (...) {
    scan.thrown = std::current_exception();
    return CALLBACK_ABORT;
  }
}

struct ErrorWords {
  int code;
  ParseErrc reason;
  std::string_view words;
};
constexpr std::array kErrors{
    ErrorWords{ERROR_SCAN_TIMEOUT, ParseErrc::timeout, "stopped before the end was reached"},
    ErrorWords{ERROR_TOO_MANY_MATCHES, ParseErrc::over_budget, "too many matches"},
    ErrorWords{ERROR_TOO_MANY_RE_FIBERS, ParseErrc::over_budget,
               "the regular expression needs too many states on these bytes"},
    ErrorWords{ERROR_EXEC_STACK_OVERFLOW, ParseErrc::over_budget,
               "a condition overflows its stack"},
    ErrorWords{ERROR_INSUFFICIENT_MEMORY, ParseErrc::over_budget, "out of memory"},
};

std::unexpected<ParseError> scan_error(const Scan& scan, int code) {
  const YR_STRING* string = scan.scanner->last_error_string;
  const std::string where = string ? describe(*scan.scanner, *string) : "YARA";
  for (const ErrorWords& known : kErrors) {
    if (known.code != code) continue;
    return fail(known.reason, scan.block.base, where + ": " + std::string(known.words));
  }
  return fail(ParseErrc::crashed, scan.block.base,
              where + ": libyara error " + std::to_string(code));
}

std::unexpected<ParseError> overfull_error(const Scan& scan) {
  std::string message = scan.overfull + ": too many matches, the rest is not searched for it";
  if (scan.overfull_count > 1) {
    message += " (nor for " + std::to_string(scan.overfull_count - 1) + " other strings)";
  }
  return fail(ParseErrc::over_budget, scan.start, std::move(message));
}

// What an earlier scan left behind would make this one differ from it.
void reset(YR_SCANNER& scanner) {
  scanner.entry_point = static_cast<std::uint64_t>(YR_UNDEFINED);
  scanner.last_error_string = nullptr;
  std::fill_n(scanner.strings_temp_disabled, YR_BITMASK_SIZE(scanner.rules->num_strings), 0UL);
}

}  // namespace

Parsed<Rules> Rules::load(Bytes image) {
  initialize();
  const auto read = [](void* to, std::size_t size, std::size_t count, void* user_data) {
    Bytes& left = *static_cast<Bytes*>(user_data);
    if (size == 0) return std::size_t{0};
    const std::size_t items = std::min(count, left.size() / size);
    if (items > 0) std::memcpy(to, left.data(), items * size);
    left = left.subspan(items * size);
    return items;
  };
  YR_STREAM stream{&image, read, nullptr};
  YR_RULES* rules = nullptr;
  const int code = yr_rules_load_stream(&stream, &rules);
  if (code == ERROR_SUCCESS) return Rules(own(rules));
  return fail(ParseErrc::malformed, 0,
              "compiled YARA rules cannot be loaded: libyara error " + std::to_string(code));
}

Parsed<std::vector<std::byte>> Rules::image() const {
  std::vector<std::byte> out;
  const auto write = [](const void* from, std::size_t size, std::size_t count, void* user_data) {
    const auto* bytes = static_cast<const std::byte*>(from);
    auto& to = *static_cast<std::vector<std::byte>*>(user_data);
    to.insert(to.end(), bytes, bytes + size * count);
    return count;
  };
  YR_STREAM stream{&out, nullptr, write};
  const int code = yr_rules_save_stream(rules_.get(), &stream);
  if (code == ERROR_SUCCESS) return out;
  return fail(ParseErrc::crashed, 0,
              "rules cannot be saved: libyara error " + std::to_string(code));
}

std::vector<std::string> Rules::identifiers() const {
  std::vector<std::string> out;
  const YR_RULE* rule = nullptr;
  yr_rules_foreach(rules_, rule) out.emplace_back(rule->identifier);
  return out;
}

Parsed<Rules> compile(std::span<const Source> sources, Warnings warnings) {
  initialize();
  YR_COMPILER* raw = nullptr;
  if (yr_compiler_create(&raw) != ERROR_SUCCESS) throw std::bad_alloc();
  const std::unique_ptr<YR_COMPILER, void (*)(YR_COMPILER*)> compiler(raw, yr_compiler_destroy);
  Diagnostics diagnostics{.warnings_fail = warnings == Warnings::fail};
  yr_compiler_set_callback(raw, note_diagnostic, &diagnostics);
  yr_compiler_set_include_callback(raw, nullptr, nullptr, nullptr);
  for (const Source& source : sources) {
    if (auto added = add_source(raw, source, diagnostics); !added) {
      return std::unexpected(std::move(added.error()));
    }
  }
  YR_RULES* made = nullptr;
  if (yr_compiler_get_rules(raw, &made) != ERROR_SUCCESS) throw std::bad_alloc();
  Rules rules(own(made));
  if (auto fine = refuse_foreign_modules(made, sources); !fine) {
    return std::unexpected(std::move(fine.error()));
  }
  return rules;
}

Scanner::Scanner(Rules rules) : rules_(std::move(rules)), scanner_(nullptr, yr_scanner_destroy) {
  YR_SCANNER* raw = nullptr;
  if (yr_scanner_create(rules_.get(), &raw) != ERROR_SUCCESS) throw std::bad_alloc();
  scanner_.reset(raw);
  // Without a signal handler of its own around the scan: no memory is mapped here.
  yr_scanner_set_flags(
      raw, SCAN_FLAGS_FAST_MODE | SCAN_FLAGS_NO_TRYCATCH | SCAN_FLAGS_REPORT_RULES_MATCHING);
}

Parsed<void> Scanner::scan(Blocks& blocks, const std::function<bool(const Hit&)>& on_hit) {
  Scan scan{.blocks = blocks, .on_hit = on_hit, .scanner = scanner_.get()};
  reset(*scanner_);
  yr_scanner_set_callback(scanner_.get(), on_message, &scan);
  YR_MEMORY_BLOCK_ITERATOR iterator{&scan, first_block, next_block, file_size, ERROR_SUCCESS};
  const int code = yr_scanner_scan_mem_blocks(scanner_.get(), &iterator);
  if (scan.thrown) std::rethrow_exception(scan.thrown);
  if (code != ERROR_SUCCESS) return scan_error(scan, code);
  if (scan.overfull_count > 0) return overfull_error(scan);
  return {};
}

}  // namespace assay::libyara
