#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/byte_reader.h"
#include "core/bytes.h"

// How plain values are laid out between worker and parent: little-endian numbers,
// texts and lists behind a 32-bit count, in the order in which fields() of a type
// names its members. One fields() serves both directions, so they cannot differ.
namespace assay::wire {

template <typename T>
concept Number = std::unsigned_integral<T> || std::is_enum_v<T>;

class Writer {
 public:
  template <typename... T>
  void operator()(const T&... values) {
    (put(values), ...);
  }
  std::string take() { return std::exchange(out_, {}); }
  const std::string& text() const { return out_; }

 private:
  void number(std::uint64_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) out_.push_back(static_cast<char>(value >> (8 * i)));
  }
  template <Number T>
  void put(T value) {
    number(static_cast<std::uint64_t>(value), sizeof(T));
  }
  void put(std::string_view text) {
    number(text.size(), 4);
    out_.append(text);
  }
  void put(std::int64_t value) { number(static_cast<std::uint64_t>(value), 8); }
  template <typename T, typename U>
  void put(const std::pair<T, U>& pair) {
    put(pair.first);
    put(pair.second);
  }
  template <typename T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <typename T>
  void put(const std::vector<T>& list) {
    number(list.size(), 4);
    for (const T& item : list) put(item);
  }
  template <typename T>
    requires requires(Writer& writer, T& value) { fields(writer, value); }
  void put(const T& value) {
    fields(*this, const_cast<T&>(value));  // fields() serves reading as well
  }

  std::string out_;
};

// Reads what a process that somebody took over may have written: every count is
// compared with the bytes that are there, every enumerator with the largest.
class Reader {
 public:
  explicit Reader(Bytes bytes) : in_(bytes) {}

  template <typename... T>
  void operator()(T&... values) {
    (get(values), ...);
  }
  // An enumerator of at most `last`.
  template <typename E>
    requires std::is_enum_v<E>
  void upto(E& value, E last) {
    const auto raw = in_.le<std::underlying_type_t<E>>();
    if (raw > std::to_underlying(last)) bad_ = true;
    value = bad_ ? E{} : static_cast<E>(raw);
  }
  // Everything was there and fitted; nothing is left over.
  bool is_complete() const { return !bad_ && in_.ok() && in_.remaining() == 0; }

 private:
  template <std::unsigned_integral T>
  void get(T& value) {
    value = in_.le<T>();
  }
  void get(bool& value) {
    const std::uint8_t raw = in_.u8();
    if (raw > 1) bad_ = true;
    value = raw == 1;
  }
  void get(std::int64_t& value) { value = static_cast<std::int64_t>(in_.le<std::uint64_t>()); }
  template <typename T, typename U>
  void get(std::pair<T, U>& pair) {
    get(pair.first);
    get(pair.second);
  }
  template <typename T>
  void get(std::optional<T>& value) {
    bool has = false;
    get(has);
    value.reset();
    if (has) get(value.emplace());
  }
  void get(std::string& text) { text = as_text(in_.take(in_.le<std::uint32_t>())); }
  template <typename T>
  void get(std::vector<T>& list) {
    const auto count = in_.le<std::uint32_t>();
    if (count > in_.remaining()) bad_ = true;  // an item takes a byte at least
    list.clear();
    for (std::uint32_t i = 0; i < count && !bad_ && in_.ok(); ++i) get(list.emplace_back());
  }
  template <typename T>
    requires requires(Reader& reader, T& value) { fields(reader, value); }
  void get(T& value) {
    fields(*this, value);
  }

  ByteReader in_;
  bool bad_ = false;
};

// What Reader::upto does, when writing.
template <typename E>
void enumerator(Writer& writer, E& value, E) {
  writer(value);
}
template <typename E>
void enumerator(Reader& reader, E& value, E last) {
  reader.upto(value, last);
}

}  // namespace assay::wire
