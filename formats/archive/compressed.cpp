#include "formats/archive/compressed.h"

#include <array>
#include <memory>
#include <utility>

#include "core/text.h"
#include "formats/archive/trailing.h"

namespace assay::archive {
namespace {

struct Suffix {
  std::string_view extension;
  std::string_view replacement;
};
constexpr std::array kSuffixes = std::to_array<Suffix>({
    {".gz", ""},
    {".tgz", ".tar"},
    {".bz2", ""},
    {".tbz", ".tar"},
    {".tbz2", ".tar"},
    {".xz", ""},
    {".txz", ".tar"},
    {".lzma", ""},
    {".tlz", ".tar"},
    {".zst", ""},
    {".zstd", ""},
    {".tzst", ".tar"},
    {".lz4", ""},
    {".tlz4", ".tar"},
    {".zlib", ""},
    {".zz", ""},
    {".z", ""},
});

}  // namespace

std::string content_name(std::string_view name) {
  const std::string_view base = base_name(name);
  const std::string extension = extension_of(base);
  for (const Suffix& suffix : kSuffixes) {
    if (extension != suffix.extension) continue;
    return std::string(base.substr(0, base.size() - extension.size())).append(suffix.replacement);
  }
  return "data";
}

Parsed<void> parse_compressed(ParseContext& context, const Compression& kind) {
  ByteSource& source = context.source();
  const auto end = std::make_shared<StreamEnd>();
  StreamSource content(
      [&source, &kind, &context, end] {
        return std::make_unique<CodecStream>(source, kind, context.budget(), end);
      },
      source.size(), context.budget());
  if (!content.has(0) && content.error()) return std::unexpected(*content.error());
  const std::string name = content_name(context.name());
  context.member({.name = name}, content);
  const std::uint64_t size = content.size();
  const std::uint64_t stored_size = end->offset.value_or(source.size());
  context.fact(0, stored_size, Member{name, std::string(kind.name), stored_size, size});
  if (end->offset) report_trailing(context, *end->offset);
  return {};
}

bool decodes(Codec& codec, Bytes head) {
  constexpr std::size_t kEnough = 64 * 1024;
  std::array<std::byte, 4096> out{};
  std::size_t produced = 0;
  while (produced < kEnough) {
    const Step done = codec.step(head, out);
    // A window too large for us is still one of this format.
    if (done.error) return done.error->code == ParseErrc::over_budget;
    if (done.ended) return true;
    head = head.subspan(done.consumed);
    produced += done.produced;
    if (done.consumed == 0 && done.produced == 0) break;
  }
  return produced > 0;
}

}  // namespace assay::archive
