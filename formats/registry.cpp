#include "formats/registry.h"

#include <array>

#include "formats/archive/archive.h"
#include "formats/npy/npy.h"
#include "formats/onnx/onnx.h"
#include "formats/pickle/pickle.h"
#include "formats/safetensors/safetensors.h"
#include "formats/text/text.h"
#include "formats/zip/zip.h"

namespace assay {

std::span<const Format* const> all_formats() {
  static constexpr std::array<const Format*, 17> kFormats{
      &pickle::format,
      &safetensors::format,
      &safetensors::index_format,
      &onnx::format,
      &npy::format,
      &archive::tar,
      &archive::sevenzip,
      &archive::cpio,
      &archive::rar,
      &archive::gzip,
      &archive::bzip2,
      &archive::xz,
      &archive::lzma,
      &archive::zstd,
      &archive::lz4,
      &archive::zlib,
      // Bids by the tail, too: behind whatever else may hold a zip as its last member.
      &zip::format,
  };
  return kFormats;
}

void prepare_formats() { archive::prepare(); }

const Format& text_format() { return text::format; }

}  // namespace assay
