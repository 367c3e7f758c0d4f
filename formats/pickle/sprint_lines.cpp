#include "formats/pickle/line_forms.h"
#include "formats/pickle/sprint.h"

// Operands that are short lines, as protocol 0 writes them.
namespace assay::pickle {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "-?D+.D*" of so few digits that they and the power of ten are exact, and so is what
// a division rounds (Clinger, How to read floating point numbers accurately, 1990).
std::optional<double> plain_real(std::string_view line) {
  constexpr std::size_t kMaxSize = 15;
  constexpr double kPowers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const bool negative = line.starts_with('-');
  if (negative) line.remove_prefix(1);
  if (line.empty() || line.size() > kMaxSize || !is_digit(line[0])) return std::nullopt;
  std::uint64_t digits = 0;
  std::size_t point = line.size();
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '.' && point == line.size()) {
      point = at;
    } else if (is_digit(line[at])) {
      digits = digits * 10 + static_cast<std::uint64_t>(line[at] - '0');
    } else {
      return std::nullopt;
    }
  }
  const std::size_t fraction = point == line.size() ? 0 : line.size() - point - 1;
  const double value = static_cast<double>(digits) / kPowers[fraction];
  return negative ? -value : value;
}

// Whether text has no escape, and no byte that is a character of its own.
bool stands_for_itself(std::string_view text, bool bytes) {
  unsigned char all = 0;
  for (const char c : text) {
    if (c == '\\') return false;
    all |= static_cast<unsigned char>(c);
  }
  return bytes || all < 0x80;
}

}  // namespace

// The line behind the opcode; empty if it does not end soon, or is empty.
std::string_view Machine::Sprint::line_ahead() const {
  const std::string_view ahead(
      at + 1, std::min<std::size_t>(static_cast<std::size_t>(end - at) - 1, kMaxPooledText));
  for (std::size_t size = 0; size < ahead.size(); ++size) {
    if (ahead[size] == '\n') return ahead.substr(0, size);
  }
  return {};
}

// A number without sign, leading zero or anything else unusual; how many digits, or 0.
std::size_t Machine::Sprint::digits(std::uint32_t& value) const {
  std::size_t count = 0;
  value = 0;
  while (count < 9 && is_digit(at[1 + count])) {
    value = value * 10 + static_cast<std::uint32_t>(at[1 + count++] - '0');
  }
  return count > 1 && at[1] == '0' ? 0 : count;
}

bool Machine::Sprint::line_integer(std::size_t suffix) {
  std::uint32_t value = 0;
  std::size_t size = 1 + digits(value);
  if (size == 1) {
    // What protocol 0 and 1 have for booleans: "00" and "01", of INT alone.
    const bool boolean = suffix == 0 && at[1] == '0' && (at[2] == '0' || at[2] == '1');
    return boolean && at[3] == '\n' && push(Value::boolean(at[2] == '1'), 4);
  }
  if (suffix > 0 && at[size] == 'L') size += suffix;
  return at[size] == '\n' && integer(value, size + 1);
}

bool Machine::Sprint::memo_line(bool is_put) {
  std::uint32_t index = 0;
  const std::size_t size = 1 + digits(index);
  if (size == 1 || at[size] != '\n') return false;
  return is_put ? put(index, size + 1) : get(index, size + 1);
}

bool Machine::Sprint::line_real() {
  const std::string_view line = line_ahead();
  const auto value = plain_real(line);
  return value && push(Value::real(*value), line.size() + 2);
}

bool Machine::Sprint::line_text(Opcode opcode) {
  const std::string_view line = line_ahead();
  const bool bytes = opcode == Opcode::STRING;
  auto text = bytes ? strip_quotes(line) : std::optional(line);
  if (!text || text->empty()) return false;
  std::optional<std::string> unescaped;
  if (!stands_for_itself(*text, bytes)) {
    unescaped = bytes ? unescape_string(*text) : unescape_unicode(*text);
    if (!unescaped || unescaped->size() > kMaxPooledText) return false;
    text = *unescaped;
  }
  return push({Kind::string, m.text_detail(Kind::string, false, *text, here()), here()},
              line.size() + 2);
}

bool Machine::Sprint::line_id() {
  const std::string_view line = line_ahead();
  if (line.empty() || top == limit || m.session_.legacy) return false;
  if (line.size() >= CodeRegions::kLeastText) m.session_.code.note(here(), line.size());
  return push(m.persistent({Kind::string, m.tables_.pool(line), here()}), line.size() + 2);
}

}  // namespace assay::pickle
