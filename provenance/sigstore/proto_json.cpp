#include "provenance/sigstore/proto_json.h"

#include <charconv>
#include <chrono>

namespace assay::provenance {
namespace {

std::string lower_camel(std::string_view snake) {
  std::string camel;
  for (std::size_t at = 0; at < snake.size(); ++at) {
    if (snake[at] == '_' && at + 1 < snake.size()) {
      const char next = snake[++at];
      camel += next >= 'a' && next <= 'z' ? static_cast<char>(next - 'a' + 'A') : next;
    } else {
      camel += snake[at];
    }
  }
  return camel;
}

// Decimal digits without sign and leading zeros, as ProtoJSON writes int64.
std::optional<std::int64_t> natural(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text[0] == '0') || text[0] == '-') return std::nullopt;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Takes fixed-width numbers and separators off the front of a text.
class Digits {
 public:
  explicit Digits(std::string_view text) : text_(text) {}

  int take(std::size_t width) {
    int number = 0;
    if (text_.size() < width) return fail();
    for (const char c : text_.substr(0, width)) {
      if (c < '0' || c > '9') return fail();
      number = number * 10 + (c - '0');
    }
    text_.remove_prefix(width);
    return number;
  }
  bool accept(std::string_view any_of) {
    if (text_.empty() || any_of.find(text_[0]) == std::string_view::npos) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(std::string_view any_of) {
    if (!accept(any_of)) fail();
  }
  // Zero to nine decimals behind a point, as nanoseconds.
  std::int32_t nanoseconds() {
    if (!accept(".")) return 0;
    std::int32_t number = 0;
    std::size_t width = 0;
    while (width < 9 && !text_.empty() && text_[0] >= '0' && text_[0] <= '9') {
      number = number * 10 + take(1);
      ++width;
    }
    if (width == 0) fail();
    for (; width < 9; ++width) number *= 10;
    return number;
  }
  // "Z" or "+hh:mm", in seconds to take away.
  std::int64_t offset() {
    if (accept("Zz")) return 0;
    const bool west = accept("-");
    if (!west) expect("+");
    const int hours = take(2);
    expect(":");
    const int minutes = take(2);
    if (hours > 23 || minutes > 59) fail();
    return (west ? -60 : 60) * (hours * 60 + minutes);
  }
  bool done() const { return good_ && text_.empty(); }

 private:
  int fail() {
    good_ = false;
    return 0;
  }
  std::string_view text_;
  bool good_ = true;
};

}  // namespace

std::optional<Moment> parse_rfc3339(std::string_view text) {
  namespace chrono = std::chrono;
  Digits in(text);
  const int year = in.take(4);
  in.expect("-");
  const int month = in.take(2);
  in.expect("-");
  const int day = in.take(2);
  in.expect("Tt");
  const int hour = in.take(2);
  in.expect(":");
  const int minute = in.take(2);
  in.expect(":");
  const int second = in.take(2);
  const std::int32_t nanoseconds = in.nanoseconds();
  const std::int64_t offset = in.offset();
  const chrono::year_month_day date{chrono::year(year), chrono::month(static_cast<unsigned>(month)),
                                    chrono::day(static_cast<unsigned>(day))};
  if (!in.done() || year < 1 || !date.ok() || hour > 23 || minute > 59 || second > 59) {
    return std::nullopt;
  }
  const std::int64_t days = chrono::sys_days(date).time_since_epoch().count();
  return Moment{days * 86400 + hour * 3600 + minute * 60 + second - offset, nanoseconds};
}

ProtoMessage::ProtoMessage(const JsonValue* value, ProtoError& error)
    : value_(value), error_(&error) {
  if (value_ && !value_->object()) {
    error_->set("an object was expected");
    value_ = nullptr;
  }
}

void ProtoMessage::wrong(std::string_view name, std::string_view expected) const {
  error_->set(std::string(name) + " is not " + std::string(expected));
}

const JsonValue* ProtoMessage::field(std::string_view name) const {
  if (!value_) return nullptr;
  const std::string camel = lower_camel(name);
  const JsonValue* found = value_->find(camel);
  if (camel == name) return found;
  const JsonValue* original = value_->find(name);
  if (found && original) error_->set(camel + " stands twice, in both spellings");
  return found ? found : original;
}

ProtoMessage ProtoMessage::message(std::string_view name) const {
  const JsonValue* value = field(name);
  if (value && !value->object()) wrong(name, "an object");
  return {value && value->object() ? value : nullptr, *error_};
}

std::vector<ProtoMessage> ProtoMessage::messages(std::string_view name) const {
  std::vector<ProtoMessage> list;
  const JsonValue* value = field(name);
  if (!value) return list;
  if (!value->array()) {
    wrong(name, "a list");
    return list;
  }
  for (const JsonValue& element : *value->array()) {
    if (!element.object()) wrong(name, "a list of objects");
    list.emplace_back(&element, *error_);
  }
  return list;
}

std::string ProtoMessage::text(std::string_view name) const {
  const JsonValue* value = field(name);
  if (!value) return {};
  if (!value->text()) wrong(name, "a text");
  return value->text() ? *value->text() : std::string();
}

ByteString ProtoMessage::bytes(std::string_view name) const {
  auto decoded = from_base64(text(name));
  if (!decoded) wrong(name, "base64");
  return decoded ? std::move(*decoded) : ByteString();
}

std::vector<ByteString> ProtoMessage::bytes_list(std::string_view name) const {
  std::vector<ByteString> list;
  const JsonValue* value = field(name);
  if (!value) return list;
  if (!value->array()) {
    wrong(name, "a list");
    return list;
  }
  for (const JsonValue& element : *value->array()) {
    auto decoded = element.text() ? from_base64(*element.text()) : std::nullopt;
    if (!decoded) wrong(name, "a list of base64 texts");
    list.push_back(decoded ? std::move(*decoded) : ByteString());
  }
  return list;
}

std::int64_t ProtoMessage::number(std::string_view name) const {
  const JsonValue* value = field(name);
  if (!value) return 0;
  const auto number = value->text() ? natural(*value->text()) : value->integer();
  if (!number || *number < 0) wrong(name, "a natural number of 63 bits");
  return number && *number >= 0 ? *number : 0;
}

std::string ProtoMessage::enumerator(std::string_view name) const {
  const JsonValue* value = field(name);
  if (!value) return {};
  if (const auto number = value->integer()) return std::to_string(*number);
  if (!value->text()) wrong(name, "an enumerator");
  return value->text() ? *value->text() : std::string();
}

std::optional<Moment> ProtoMessage::moment(std::string_view name) const {
  if (!has(name)) return std::nullopt;
  const auto moment = parse_rfc3339(text(name));
  if (!moment) wrong(name, "a time of RFC 3339");
  return moment;
}

}  // namespace assay::provenance
