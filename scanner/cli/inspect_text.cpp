#include <algorithm>
#include <string>
#include <variant>

#include "core/text.h"
#include "scanner/cli/inspect.h"

namespace assay::cli {
namespace {

std::string shape_text(const Tensor& tensor) {
  std::string text;
  for (const std::uint64_t dimension : tensor.shape) {
    text += (text.empty() ? "" : ", ") + std::to_string(dimension);
  }
  return "[" + text + "]";
}

// One fact in words, not yet escaped.
struct Words {
  std::string operator()(const Import& f) const { return dotted(f); }
  std::string operator()(const Call& f) const {
    return std::string(to_string(f.kind)) + "  " + f.expression;
  }
  std::string operator()(const CodeBlob& f) const { return f.language + "  " + f.text; }
  std::string operator()(const Reference& f) const { return f.kind + "  " + f.target; }
  std::string operator()(const Member& f) const {
    return f.name + "  " + f.method + ", " + std::to_string(f.size) + " bytes";
  }
  std::string operator()(const Tensor& f) const {
    return (f.name.empty() ? "" : f.name + "  ") + f.dtype + " " + shape_text(f);
  }
  std::string operator()(const Metadata& f) const { return f.key + " = " + f.value; }
  std::string operator()(const Embedded& f) const { return f.format; }
  std::string operator()(const Anomaly& f) const { return f.code + "  " + f.detail; }
  std::string operator()(const Match& f) const { return f.rule + "  " + f.excerpt; }
  std::string operator()(const Signature& f) const { return f.kind + "  " + f.state; }
  std::string operator()(const Instruction& f) const { return f.name + "  " + f.argument; }
  std::string operator()(const provenance::Evidence& f) const {
    return f.kind + "  " + std::string(f.state());
  }
  std::string operator()(const ContentDigest& f) const { return std::to_string(f.request); }
};

constexpr std::size_t kOffsetWidth = 10;

std::string padded_left(const std::string& text, std::size_t width) {
  return std::string(text.size() < width ? width - text.size() : 0, ' ') + text;
}

std::string padded_right(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

}  // namespace

std::string InspectText::artifact(const Artifact& artifact, bool is_listed) {
  std::string out = escaped(artifact.path) + "  " + escaped(artifact.format) + ", " +
                    std::to_string(artifact.size) + " bytes\n";
  for (const Fact& fact : artifact.facts) {
    out += padded_left(std::to_string(fact.offset), kOffsetWidth) + "  " +
           std::string(kind_of(fact.value)) + "  " +
           shortened(escaped(std::visit(Words{}, fact.value)), 200) + "\n";
  }
  for (const Gap& gap : artifact.gaps) {
    out += "       gap  " + std::string(to_string(gap.reason)) + "  " + escaped(gap.message) + "\n";
  }
  marks_ = 0;
  if (is_listed) out += "    opcode  stack  marks  what it is, and what it builds\n";
  return out;
}

// Indented by the marks that are open on both sides of the instruction.
std::string InspectText::instruction(const Fact& fact) {
  constexpr std::uint32_t kMaxIndent = 30;
  const Instruction& one = std::get<Instruction>(fact.value);
  std::string line = padded_left(std::to_string(fact.offset), kOffsetWidth) +
                     padded_left(std::to_string(one.stack), 7) +
                     padded_left(std::to_string(one.marks), 7) + "  ";
  line.append(2 * std::min({marks_, one.marks, kMaxIndent}), ' ');
  marks_ = one.marks;
  line += escaped(one.name);
  if (!one.argument.empty()) line = padded_right(line, 44) + " " + escaped(one.argument);
  if (!one.effect.empty()) line = padded_right(line, 64) + "  # " + escaped(one.effect);
  return line + "\n";
}

std::string InspectText::listing_gap(const ParseError& gap) {
  return "      stop  " + escaped(gap.message) + "\n";
}

std::string InspectText::end_listing(bool stopped) {
  if (!stopped) return {};
  return "       ...  more opcodes follow: --limit 0 lists all, --from OFFSET begins later\n";
}

std::string InspectText::not_listed() {
  return "       ...  its opcodes are not listed: --member PATH lists those of one member\n";
}

}  // namespace assay::cli
