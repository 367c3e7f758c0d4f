#include "formats/archive/trailing.h"

#include "formats/archive/codec_stream.h"

namespace assay::archive {

void report_trailing(ParseContext& context, std::uint64_t end) {
  ByteSource& source = context.source();
  const auto begin = first_nonzero(source, end);
  if (!begin) return;
  const std::uint64_t size = source.size() - *begin;
  context.anomaly(*begin, size, "archive.trailing-data",
                  std::to_string(size) + " bytes stand behind the end");
  SliceSource rest(source, *begin, size);
  context.member({.name = "trailing-data", .offset = *begin}, rest);
}

}  // namespace assay::archive
