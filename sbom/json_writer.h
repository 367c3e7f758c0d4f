#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace assay::sbom {

// Writes one JSON document, members in the order they are given. Text may hold
// any bytes: it goes through to_utf8, and control, bidirectional and zero-width
// characters are written as \uNNNN, so that a report is safe to show as it is.
// The caller keeps begin and end in pairs.
class JsonWriter {
 public:
  enum class Style : std::uint8_t { indented, one_line };

  explicit JsonWriter(Style style = Style::indented) : style_(style) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  template <std::integral T>
  JsonWriter& value(T number) {
    if constexpr (std::same_as<T, bool>) return literal(number ? "true" : "false");
    return literal(std::to_string(number));
  }
  // A number as it shall stand in the document: "9.8".
  JsonWriter& literal(std::string_view json);

  template <typename T>
  JsonWriter& member(std::string_view name, const T& content) {
    return key(name).value(content);
  }
  JsonWriter& object(std::string_view name) { return key(name).begin_object(); }
  JsonWriter& array(std::string_view name) { return key(name).begin_array(); }

  // The document, ending in a line feed. The writer is empty afterwards.
  std::string take();

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void separate();
  void new_line();
  void quote(std::string_view text);

  Style style_;
  std::string out_;
  std::size_t depth_ = 0;
  bool first_ = true;       // nothing stands in the innermost bracket yet
  bool after_key_ = false;  // a value follows its key on the same line
};

}  // namespace assay::sbom
