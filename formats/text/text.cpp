#include "formats/text/text.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/text.h"
#include "formats/text/nesting.h"

namespace assay::text {
namespace {

constexpr std::string_view kLfsHead = "version https://git-lfs.github.com/spec/v1\n";
constexpr std::uint64_t kLfsMaxSize = 1024;

bool has_utf16_mark(Bytes bytes) {
  return starts_with(bytes, "\xff\xfe") || starts_with(bytes, "\xfe\xff");
}

bool is_control(unsigned char c) {
  return c == 0x7F || (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1B);
}

// Whether `text` may be a UTF-8 sequence but for the bytes that are yet to come.
bool is_cut_sequence(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t whole = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  return text.size() < whole &&
         std::ranges::all_of(
             text.substr(1),
             [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; });
}

// Counts what speaks against text, block by block.
struct Census {
  std::uint64_t high = 0;      // bytes that would be text in an 8-bit encoding only
  std::uint64_t controls = 0;  // bytes no text has
  std::uint64_t total = 0;
  std::string cut;  // the sequence that the next block goes on with

  void add(Bytes block) {
    std::string_view text = as_text(block);
    total += text.size();
    const std::string joined = cut.empty() ? "" : std::exchange(cut, "").append(text);
    if (!joined.empty()) text = joined;
    while (!text.empty()) {
      const std::size_t size = utf8_sequence(text);
      if (size == 0 && is_cut_sequence(text)) {
        cut = text;
        return;
      }
      if (size == 0) ++high;
      if (is_control(static_cast<unsigned char>(text[0]))) ++controls;
      text.remove_prefix(std::max<std::size_t>(size, 1));
    }
  }

  bool is_text() const { return controls == 0 && high <= total / 3 + 4; }
};

Confidence identify(const Probe& probe) {
  if (probe.head.empty()) return Confidence::none;
  if (has_utf16_mark(probe.head)) return Confidence::possible;
  Census census;
  census.add(probe.head);
  return census.is_text() ? Confidence::possible : Confidence::none;
}

std::optional<std::string_view> language_of(std::string_view head, std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kByName{{
      {".py", "python"},
      {".pyw", "python"},
      {".ipynb", "notebook"},
      {".sh", "shell"},
      {".bash", "shell"},
      {".js", "javascript"},
      {".mjs", "javascript"},
      {".ps1", "powershell"},
      {".bat", "batch"},
      {".jinja", "jinja"},
      {".rb", "ruby"},
      {".lua", "lua"},
  }};
  const std::string extension = extension_of(name);
  for (const auto& [suffix, language] : kByName) {
    if (extension == suffix) return language;
  }
  if (!head.starts_with("#!")) return std::nullopt;
  const std::string_view line = head.substr(0, head.find('\n'));
  for (const std::string_view language : {"python", "perl", "ruby", "node", "php"}) {
    if (line.contains(language)) return language;
  }
  return line.contains("sh") ? std::optional<std::string_view>("shell") : "script";
}

Parsed<void> parse(ParseContext& context) {
  ByteSource& source = context.source();
  const std::uint64_t size = source.size();
  const ByteView head = source.view(0, Probe::kHeadSize);
  const bool utf16 = has_utf16_mark(head);
  Census census;
  Nesting nesting;
  if (!utf16) {
    for_each_block(source, 0, size, [&](Bytes block, std::uint64_t) {
      census.add(block);
      nesting.add(as_text(block));
      return census.controls == 0 && !context.budget().stopped();
    });
    if (const auto error = source.error()) return std::unexpected(*error);
    if (context.budget().stopped()) return std::unexpected(context.budget().error(0));
    if (!census.is_text()) return fail(ParseErrc::malformed, 0, "not text throughout");
  }
  const std::string_view text = as_text(head);
  if (text.starts_with(kLfsHead) && size <= kLfsMaxSize) {
    context.format("git-lfs-pointer");
    context.gap(
        {ParseErrc::not_fetched, 0, "a git-lfs pointer: the content it stands for is not here"});
  }
  if (const auto at = nesting.too_deep_at()) {
    context.gap({ParseErrc::over_budget, *at,
                 "limit reached: depth (" + std::to_string(Nesting::kMaxDepth) +
                     " brackets, one inside the other)"});
  }
  if (const auto language = language_of(text, context.name())) {
    context.fact(0, size, CodeBlob{std::string(*language), shortened(text, 200)});
  }
  context.code_bytes(0, size);
  return {};
}

}  // namespace

const Format format{"text", identify, parse};

}  // namespace assay::text
