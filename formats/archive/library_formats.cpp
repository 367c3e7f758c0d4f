#include <string_view>

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
const Format rar{"rar", identify_rar, parse_rar};

}  // namespace assay::archive
