#include "formats/json/json.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>

#include "core/text.h"
#include "formats/json/utf8.h"

namespace assay::json {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_high_surrogate(std::uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low_surrogate(std::uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

// Where `text` stops being UTF-8.
std::size_t first_invalid(std::string_view text) {
  std::size_t position = 0;
  while (position < text.size()) {
    const std::size_t size = utf8_sequence(text.substr(position));
    if (size == 0) break;
    position += size;
  }
  return position;
}

}  // namespace

Reader::Reader(Bytes text, std::uint64_t base, Budget& budget, std::size_t max_depth)
    : text_(as_text(text)), base_(base), budget_(budget), max_depth_(max_depth) {
  if (text.size() > std::numeric_limits<std::uint32_t>::max()) {
    stop(ParseErrc::over_budget, 0, "JSON text is larger than 4 GiB");
  } else if (text_.starts_with("\xEF\xBB\xBF")) {
    stop(ParseErrc::malformed, 0, "JSON text begins with a byte order mark");
  } else if (!is_utf8(text)) {
    stop(ParseErrc::malformed, first_invalid(text_), "JSON text is not UTF-8");
  }
}

Token Reader::next() {
  if (error_ || done_) return {};
  skip_space();
  switch (expect_) {
    case Expect::value:
      return value();
    case Expect::first_key:
      return at(position_) == '}' ? close() : key();
    case Expect::first_element:
      return at(position_) == ']' ? close() : value();
    case Expect::after_value:
      return after_value();
  }
  return {};
}

void Reader::skip(const Token& first) {
  if (first.kind != Kind::object_begin && first.kind != Kind::array_begin) return;
  leave(depth() - 1);
}

void Reader::leave(std::size_t depth) {
  while (ok() && open_.size() > depth) next();
}

std::vector<DuplicateKey> Reader::take_duplicates() { return std::exchange(duplicates_, {}); }

Token Reader::value() {
  if (is_end())
    return stop(ParseErrc::truncated, position_, "JSON text ends where a value should be");
  if (!budget_.spend(Cost::nodes)) {
    error_ = budget_.error(base_ + position_);
    return {};
  }
  expect_ = Expect::after_value;
  switch (text_[position_]) {
    case '{':
      return open(true);
    case '[':
      return open(false);
    case '"':
      return string(Kind::string);
    case 't':
      return word("true", Kind::boolean);
    case 'f':
      return word("false", Kind::boolean);
    case 'n':
      return word("null", Kind::null);
    default:
      return number();
  }
}

Token Reader::key() {
  if (is_end()) return stop(ParseErrc::truncated, position_, "JSON text ends inside an object");
  if (text_[position_] != '"') return stop(ParseErrc::malformed, position_, "expected a JSON key");
  const Token token = string(Kind::key);
  if (!ok()) return {};
  remember(token);
  skip_space();
  if (is_end()) return stop(ParseErrc::truncated, position_, "JSON text ends after a key");
  if (text_[position_] != ':') return stop(ParseErrc::malformed, position_, "expected ':'");
  ++position_;
  expect_ = Expect::value;
  return token;
}

Token Reader::open(bool is_object) {
  if (open_.size() >= max_depth_) {
    return stop(ParseErrc::over_budget, position_,
                "JSON nests deeper than " + std::to_string(max_depth_) + " levels");
  }
  open_.push_back({is_object, keys_.size()});
  expect_ = is_object ? Expect::first_key : Expect::first_element;
  const std::size_t start = position_++;
  return {is_object ? Kind::object_begin : Kind::array_begin, base_ + start,
          text_.substr(start, 1)};
}

Token Reader::close() {
  const Container closed = open_.back();
  if (closed.is_object && !find_duplicates(closed.first_key)) {
    return stop(ParseErrc::over_budget, position_,
                "JSON has more than " + std::to_string(kMaxDuplicates) + " duplicate keys");
  }
  open_.pop_back();
  expect_ = Expect::after_value;
  const std::size_t start = position_++;
  return {closed.is_object ? Kind::object_end : Kind::array_end, base_ + start,
          text_.substr(start, 1)};
}

Token Reader::after_value() {
  if (open_.empty()) return finish();
  if (is_end()) return stop(ParseErrc::truncated, position_, "JSON text ends inside a container");
  const bool is_object = open_.back().is_object;
  const char c = text_[position_];
  if (c == (is_object ? '}' : ']')) return close();
  if (c != ',')
    return stop(ParseErrc::malformed, position_, "expected ',' or the end of a container");
  ++position_;
  skip_space();
  return is_object ? key() : value();
}

Token Reader::finish() {
  if (!is_end()) return stop(ParseErrc::malformed, position_, "bytes after the JSON value");
  done_ = true;
  return {Kind::end, base_ + position_, {}};
}

Token Reader::string(Kind kind) {
  const std::size_t start = ++position_;
  bool escaped = false;
  while (!is_end()) {
    const char c = text_[position_];
    if (c == '"') {
      return {kind, base_ + start, text_.substr(start, position_++ - start), escaped};
    }
    if (static_cast<unsigned char>(c) < 0x20) {
      return stop(ParseErrc::malformed, position_, "raw control character in a JSON string");
    }
    if (c == '\\') {
      escaped = true;
      if (!escape())
        return stop(ParseErrc::malformed, position_, "invalid escape in a JSON string");
    } else {
      ++position_;
    }
  }
  return stop(ParseErrc::truncated, position_, "JSON text ends inside a string");
}

bool Reader::escape() {
  const char c = at(position_ + 1);
  if (c == 'u') return surrogate_pair();
  if (c == '\0' || std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos) return false;
  position_ += 2;
  return true;
}

// One \uXXXX, or two of them that make a character above U+FFFF.
bool Reader::surrogate_pair() {
  const auto unit = hex4(position_ + 2);
  if (!unit || is_low_surrogate(*unit)) return false;
  if (is_high_surrogate(*unit)) {
    if (at(position_ + 6) != '\\' || at(position_ + 7) != 'u') return false;
    const auto low = hex4(position_ + 8);
    if (!low || !is_low_surrogate(*low)) return false;
    position_ += 6;
  }
  position_ += 6;
  return true;
}

std::optional<std::uint32_t> Reader::hex4(std::size_t position) const {
  if (text_.size() - std::min(position, text_.size()) < 4) return std::nullopt;
  std::uint32_t unit = 0;
  const char* const first = text_.data() + position;
  const auto [end, error] = std::from_chars(first, first + 4, unit, 16);
  if (error != std::errc{} || end != first + 4) return std::nullopt;
  return unit;
}

Token Reader::number() {
  const std::size_t start = position_;
  if (at(position_) == '-') ++position_;
  const bool leading_zero = at(position_) == '0';
  const std::size_t whole = digits();
  if (whole == 0) return stop(ParseErrc::malformed, start, "expected a JSON value");
  if (leading_zero && whole > 1)
    return stop(ParseErrc::malformed, start, "number with leading zero");
  if (at(position_) == '.') {
    ++position_;
    if (digits() == 0) return stop(ParseErrc::malformed, start, "number without digits after '.'");
  }
  if (at(position_) == 'e' || at(position_) == 'E') {
    ++position_;
    if (at(position_) == '+' || at(position_) == '-') ++position_;
    if (digits() == 0) return stop(ParseErrc::malformed, start, "number without exponent digits");
  }
  return {Kind::number, base_ + start, text_.substr(start, position_ - start)};
}

std::size_t Reader::digits() {
  const std::size_t start = position_;
  while (is_digit(at(position_))) ++position_;
  return position_ - start;
}

Token Reader::word(std::string_view word, Kind kind) {
  if (!text_.substr(position_).starts_with(word)) {
    return stop(ParseErrc::malformed, position_, "expected a JSON value");
  }
  const std::size_t start = position_;
  position_ += word.size();
  return {kind, base_ + start, text_.substr(start, word.size())};
}

Token Reader::stop(ParseErrc code, std::size_t position, std::string_view message) {
  error_ = ParseError{code, base_ + position, std::string(message)};
  return {};
}

void Reader::skip_space() {
  while (position_ < text_.size()) {
    const char c = text_[position_];
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return;
    ++position_;
  }
}

void Reader::remember(const Token& key) {
  const std::hash<std::string_view> hash;
  keys_.push_back({key.escaped ? hash(text_of(key)) : hash(key.raw),
                   static_cast<std::uint32_t>(key.offset - base_),
                   static_cast<std::uint32_t>(key.raw.size())});
}

// Sorting keeps the cost at n log n whatever hashes the keys were chosen to have.
bool Reader::find_duplicates(std::size_t first_key) {
  const auto first = keys_.begin() + static_cast<std::ptrdiff_t>(first_key);
  std::sort(first, keys_.end(), [this](const Key& a, const Key& b) { return before(a, b); });
  for (auto it = first; it != keys_.end() && it + 1 != keys_.end(); ++it) {
    const Key& later = *(it + 1);
    if (!same(*it, later)) continue;
    if (duplicates_.size() >= kMaxDuplicates) return false;
    duplicates_.push_back({base_ + it->position, base_ + later.position, later.size});
  }
  keys_.resize(first_key);
  return true;
}

Token Reader::token_of(const Key& key) const {
  const std::string_view raw = text_.substr(key.position, key.size);
  return {Kind::key, base_ + key.position, raw, raw.find('\\') != std::string_view::npos};
}

bool Reader::before(const Key& a, const Key& b) const {
  if (a.hash != b.hash) return a.hash < b.hash;
  const Token x = token_of(a);
  const Token y = token_of(b);
  const int order = x.escaped || y.escaped ? text_of(x).compare(text_of(y)) : x.raw.compare(y.raw);
  return order != 0 ? order < 0 : a.position < b.position;
}

bool Reader::same(const Key& a, const Key& b) const {
  if (a.hash != b.hash) return false;
  const Token x = token_of(a);
  const Token y = token_of(b);
  return x.escaped || y.escaped ? text_of(x) == text_of(y) : x.raw == y.raw;
}

}  // namespace assay::json
