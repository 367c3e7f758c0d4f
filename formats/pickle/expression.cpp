#include "formats/pickle/expression.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "core/text.h"
#include "formats/pickle/text_operand.h"

namespace assay::pickle {
namespace {

constexpr std::string_view kMore = "...";

std::string real_text(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

struct Brackets {
  std::string_view open;
  std::string_view close;
};

Brackets brackets_of(Kind kind) {
  switch (kind) {
    case Kind::list:
      return {"[", "]"};
    case Kind::dict:
    case Kind::set:
      return {"{", "}"};
    case Kind::frozenset:
      return {"frozenset({", "})"};
    case Kind::persistent_id:
      return {"persistent_load(", ")"};
    default:
      return {"(", ")"};
  }
}

}  // namespace

std::string quoted(std::string_view text, std::size_t limit) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const char quote = text.contains('\'') && !text.contains('"') ? '"' : '\'';
  std::string out(1, quote);
  for (const char c : text) {
    if (out.size() >= limit) return out + std::string(kMore);
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      if (c == quote || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + quote;
}

std::string Renderer::render(Value value, std::size_t limit) {
  out_.clear();
  limit_ = limit;
  write(value, 0);
  return shortened(out_, limit);
}

// Goes down at most kMaxDepth levels, whatever the file nests.
void Renderer::write(Value value, int depth) {
  if (full()) return;
  switch (value.kind) {
    case Kind::none:
      out_ += "None";
      break;
    case Kind::boolean:
      out_ += value.data ? "True" : "False";
      break;
    case Kind::integer:
      out_ += std::to_string(value.as_integer());
      break;
    case Kind::real:
      out_ += real_text(value.as_real());
      break;
    case Kind::string:
    case Kind::bytes:
    case Kind::bytearray:
      write_text(value);
      break;
    case Kind::global:
      out_ += dotted(tables_.import_of(value.detail));
      break;
    case Kind::big_integer:
    case Kind::buffer:
    case Kind::unknown:
      out_ += kMore;
      break;
    default:
      write_node(value, depth);
  }
}

void Renderer::write_text(Value value) {
  const std::size_t left = limit_ - out_.size();
  const bool bytes = value.kind != Kind::string;
  if (value.kind == Kind::bytearray) out_ += "bytearray(";
  if (bytes) out_ += 'b';
  if (const auto pooled = tables_.pooled(value)) {
    out_ += quoted(*pooled, left);
  } else {
    const TextOperand operand = read_text_operand(source_, value.data, left);
    out_ += quoted(operand.text, left);
    if (operand.cut && !out_.ends_with(kMore)) out_ += kMore;
  }
  if (value.kind == Kind::bytearray) out_ += ')';
}

void Renderer::write_node(Value value, int depth) {
  if (depth == kMaxDepth) {
    out_ += kMore;
    return;
  }
  if (value.is_call_result()) {
    const Import callee = tables_.import_of(tables_.callee(value));
    out_ += callee == Import{} ? std::string(kMore) : dotted(callee);
  }
  const Brackets brackets = brackets_of(value.kind);
  out_ += brackets.open;
  const auto span = tables_.items(value);
  const std::vector<Value> items(span.begin(), span.end());
  const auto count = tables_.count(value);
  write_items(items, count.value_or(1), value.kind == Kind::dict, depth + 1);
  if (value.kind == Kind::tuple && count == 1) out_ += ',';
  out_ += brackets.close;
}

void Renderer::write_items(std::span<const Value> items, std::uint64_t count, bool pairs,
                           int depth) {
  for (std::size_t i = 0; i < items.size() && !full(); ++i) {
    if (i > 0) out_ += pairs && i % 2 == 1 ? ": " : ", ";
    write(items[i], depth);
  }
  if (count > items.size()) out_ += items.empty() ? "..." : ", ...";
}

}  // namespace assay::pickle
