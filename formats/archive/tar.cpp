#include "formats/archive/tar_walk.h"

#include "formats/archive/archive.h"

namespace assay::archive {
namespace {

Confidence identify(const Probe& probe) {
  const Bytes block = clip(probe.head, 0, tar_format::kBlockSize);
  if (tar_format::checksum_fits(block)) return Confidence::certain;
  // GNU tar skips headers with a wrong checksum and reads on.
  return tar_format::has_magic(block) ? Confidence::possible : Confidence::none;
}

Parsed<void> parse(ParseContext& context) { return tar_format::Walk(context).run(); }

}  // namespace

const Format tar{"tar", identify, parse};

}  // namespace assay::archive
