#include <string_view>

#include "core/byte_reader.h"
#include "formats/archive/archive.h"
#include "formats/archive/codec.h"
#include "formats/archive/library_walk.h"
#include "formats/archive/rar_blocks.h"
#include "formats/archive/sevenzip_header.h"
#include "formats/archive/trailing.h"

namespace assay::archive {
namespace {

using namespace std::string_view_literals;

Confidence certain_if(bool fits) { return fits ? Confidence::certain : Confidence::none; }

// --- 7z ---

Confidence identify_sevenzip(const Probe& probe) {
  return certain_if(starts_with(probe.head, kSevenzipMagic));
}

Parsed<void> parse_sevenzip(ParseContext& context) {
  const Parsed<SevenzipSummary> summary = read_sevenzip_summary(context.source(), context.budget());
  if (!summary) return std::unexpected(summary.error());
  if (summary->decoder_memory > kMaxDecoderMemory) {
    return fail(ParseErrc::over_budget, 0,
                "a dictionary of " + std::to_string(summary->decoder_memory) +
                    " bytes is over the limit of " + std::to_string(kMaxDecoderMemory));
  }
  if (const auto done = walk_library(context, LibraryFormat::seven_zip); !done) {
    return std::unexpected(done.error());
  }
  report_trailing(context, summary->end);
  return {};
}

// --- cpio ---

Confidence identify_cpio(const Probe& probe) {
  constexpr std::size_t kShortestHeader = 26;
  const Bytes head = probe.head;
  if (head.size() < kShortestHeader) return Confidence::none;
  if (starts_with(head, "070701") || starts_with(head, "070702") || starts_with(head, "070707")) {
    return Confidence::certain;
  }
  // The old binary header: a 16-bit magic, so the name must make sense too.
  const bool little = starts_with(head, "\xC7\x71"sv);
  if (!little && !starts_with(head, "\x71\xC7"sv)) return Confidence::none;
  ByteReader in{head};
  in.skip(20);
  const unsigned name_size = little ? in.le<std::uint16_t>() : in.be<std::uint16_t>();
  const std::string_view name = as_text(clip(head, kShortestHeader, name_size));
  const bool ends_once =
      name_size > 1 && name.size() == name_size && name.find('\0') == name_size - 1;
  return ends_once ? Confidence::possible : Confidence::none;
}

Parsed<void> parse_cpio(ParseContext& context) {
  const auto end = walk_library(context, LibraryFormat::any_cpio);
  if (!end) return std::unexpected(end.error());
  report_trailing(context, *end);
  return {};
}

// --- rar ---

Confidence identify_rar(const Probe& probe) {
  return certain_if(starts_with(probe.head, "Rar!\x1A\x07\0"sv) ||
                    starts_with(probe.head, "Rar!\x1A\x07\x01\0"sv));
}

Parsed<void> parse_rar(ParseContext& context) {
  // First what the library finds: facts come before the error.
  const auto done = walk_library(context, LibraryFormat::any_rar);
  const auto end = find_rar_end(context.source(), context.budget());
  if (!end) return std::unexpected(end.error());
  if (!done) return std::unexpected(done.error());
  report_trailing(context, *end);
  return {};
}

}  // namespace

const Format sevenzip{"7z", identify_sevenzip, parse_sevenzip};
const Format cpio{"cpio", identify_cpio, parse_cpio};
const Format rar{"rar", identify_rar, parse_rar};

}  // namespace assay::archive
