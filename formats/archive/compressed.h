#pragma once

#include <string>
#include <string_view>

#include "core/parse_context.h"
#include "formats/archive/codec_stream.h"

namespace assay::archive {

// Shows the content of a compressed stream as its one member, then the bytes
// behind the stream, if there are any, as another.
Parsed<void> parse_compressed(ParseContext& context, const Compression& kind);

// "a.tar" for "dir/a.tar.gz" and "a.tgz", "data" without a known extension.
std::string content_name(std::string_view name);

// Whether `head`, the beginning of something, decodes without an error as far as
// it goes (at most 64 KiB of output) and gives at least a byte or its end.
bool decodes(Codec& codec, Bytes head);

}  // namespace assay::archive
