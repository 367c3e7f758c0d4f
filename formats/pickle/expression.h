#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/byte_source.h"
#include "formats/pickle/tables.h"

namespace assay::pickle {

// Writes abstract values as Python-like source, cut to a length: what a person
// reads to see what loading does. Nesting beyond kMaxDepth becomes "...".
class Renderer {
 public:
  static constexpr int kMaxDepth = 8;

  Renderer(Tables& tables, ByteSource& source) : tables_(tables), source_(source) {}

  std::string render(Value value, std::size_t limit);

 private:
  void write(Value value, int depth);
  void write_text(Value value);
  void write_node(Value value, int depth);
  void write_items(std::span<const Value> items, std::uint64_t count, bool pairs, int depth);
  bool full() const { return out_.size() >= limit_; }

  Tables& tables_;
  ByteSource& source_;
  std::string out_;
  std::size_t limit_ = 0;
};

// A Python string literal for `text`: quotes, backslashes and control
// characters escaped, UTF-8 left as it is. Stops near `limit` characters.
std::string quoted(std::string_view text, std::size_t limit);

}  // namespace assay::pickle
