#include "formats/npy/literal.h"

#include <optional>
#include <utility>

namespace assay::npy {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\n'; }

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  const int extra = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  out += static_cast<char>((0xFF00U >> (extra + 1) & 0xFFU) | code >> (6 * extra));
  for (int i = extra - 1; i >= 0; --i) {
    out += static_cast<char>(0x80 | (code >> (6 * i) & 0x3F));
  }
}

// The containers that are open, innermost last, and what stands in them so far.
class Parser {
 public:
  Parser(std::string_view text, Budget& budget) : text_(text), budget_(budget) {}

  Parsed<std::vector<Literal>> run() {
    do {
      if (!budget_.spend(Cost::nodes)) return std::unexpected(budget_.error(at_));
      skip_blanks();
      if (!item()) return fail(ParseErrc::malformed, at_, "not a literal that numpy writes");
    } while (!open_.empty());
    skip_blanks();
    if (at_ != text_.size()) {
      return fail(ParseErrc::malformed, at_, "more than one literal in the header");
    }
    return std::move(values_);
  }

 private:
  // A value, or the end of a container.
  bool item() {
    const char c = peek();
    if (!open_.empty() && c == closing(values_[open_.back()].kind)) return close();
    if (!open_.empty() && !expects_value_) return false;
    switch (c) {
      case '(':
        return open(LiteralKind::tuple);
      case '[':
        return open(LiteralKind::list);
      case '{':
        return open(LiteralKind::dict);
      default:
        return scalar() && after_value();
    }
  }

  bool scalar() {
    const std::size_t begin = at_;
    Literal value;
    const bool ok = is_digit(peek()) ? integer(value) : word(value) || string(value);
    if (!ok) return false;
    add(std::move(value), begin);
    return true;
  }

  bool integer(Literal& value) {
    value.kind = LiteralKind::integer;
    if (peek() == '0' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1])) return false;
    while (is_digit(peek())) {
      const auto digit = static_cast<std::uint64_t>(take() - '0');
      if (value.number > (~0ULL - digit) / 10) return false;
      value.number = value.number * 10 + digit;
    }
    if (peek() == 'L') ++at_;
    return true;
  }

  bool word(Literal& value) {
    for (const std::string_view name : {"False", "True"}) {
      if (!text_.substr(at_).starts_with(name)) continue;
      value.kind = LiteralKind::boolean;
      value.number = name == "True";
      at_ += name.size();
      return true;
    }
    return false;
  }

  bool string(Literal& value) {
    if (peek() == 'u') ++at_;
    const char quote = take();
    if (quote != '\'' && quote != '"') return false;
    while (at_ < text_.size()) {
      const char c = take();
      if (c == '\n' || c == '\r' || c == '\0') return false;  // as Python's source may not have
      if (c == quote) return peek() != quote;                 // no triple quotes, no concatenation
      if (c != '\\') {
        value.text += c;
      } else if (!escape(value.text)) {
        return false;
      }
    }
    return false;
  }

  // The escapes that Python's repr() makes.
  bool escape(std::string& out) {
    switch (take()) {
      case '\\':
        out += '\\';
        return true;
      case '\'':
        out += '\'';
        return true;
      case '"':
        out += '"';
        return true;
      case 'n':
        out += '\n';
        return true;
      case 'r':
        out += '\r';
        return true;
      case 't':
        out += '\t';
        return true;
      case 'x':
        return code_point(2, out);
      case 'u':
        return code_point(4, out);
      case 'U':
        return code_point(8, out);
      default:
        return false;
    }
  }

  bool code_point(int digits, std::string& out) {
    std::uint32_t code = 0;
    for (int i = 0; i < digits; ++i) {
      const int digit = hex_digit(take());
      if (digit < 0) return false;
      code = code << 4 | static_cast<std::uint32_t>(digit);
    }
    if (code > 0x10FFFF) return false;
    append_utf8(out, code);
    return true;
  }

  void add(Literal value, std::size_t begin) {
    value.begin = begin;
    value.end = at_;
    if (!open_.empty()) values_[open_.back()].children.push_back(values_.size());
    values_.push_back(std::move(value));
  }

  bool open(LiteralKind kind) {
    if (open_.size() >= kMaxDepth) return false;
    const std::size_t begin = at_++;
    Literal value;
    value.kind = kind;
    add(std::move(value), begin);
    open_.push_back(values_.size() - 1);
    expects_value_ = true;
    return true;
  }

  bool close() {
    Literal& value = values_[open_.back()];
    const std::size_t count = value.children.size();
    // (x) is x in brackets and no tuple; a dict's key needs its value.
    if (value.kind == LiteralKind::tuple && count == 1 && !expects_value_) return false;
    if (value.kind == LiteralKind::dict && count % 2 != 0) return false;
    ++at_;
    value.end = at_;
    open_.pop_back();
    return after_value();
  }

  // What follows a value inside its container: ':' after a key, ',' or the end.
  bool after_value() {
    if (open_.empty()) return true;
    skip_blanks();
    const Literal& container = values_[open_.back()];
    const bool is_key = container.kind == LiteralKind::dict && container.children.size() % 2 == 1;
    expects_value_ = peek() == (is_key ? ':' : ',');
    if (expects_value_) ++at_;
    return expects_value_ || !is_key;
  }

  static char closing(LiteralKind kind) {
    return kind == LiteralKind::tuple ? ')' : kind == LiteralKind::list ? ']' : '}';
  }

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  char take() { return at_ < text_.size() ? text_[at_++] : '\0'; }

  std::string_view text_;
  Budget& budget_;
  std::size_t at_ = 0;
  std::vector<Literal> values_;
  std::vector<std::size_t> open_;
  bool expects_value_ = true;
};

}  // namespace

Parsed<std::vector<Literal>> parse_literal(std::string_view text, Budget& budget) {
  return Parser(text, budget).run();
}

}  // namespace assay::npy
