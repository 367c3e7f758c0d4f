#include "core/byte_reader.h"
#include "core/text.h"
#include "provenance/oci/document.h"
#include "provenance/oci/layout.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;
using namespace assay::provenance;

namespace {

// The input is a layout: blobs, each behind its size in two bytes, then index.json. Names
// are right except for blobs whose size is odd.
struct Input {
  explicit Input(Bytes input) {
    ByteReader in(input);
    const std::size_t count = in.u8() % 8;
    files.marker = as_bytes(R"({"imageLayoutVersion":"1.0.0"})");
    for (std::size_t i = 0; i < count; ++i) {
      contents.push_back(in.take(in.be<std::uint16_t>()));
      ByteString digest = digest_of(HashKind::sha256, contents.back());
      const std::string hex_name = hex(digest);
      if (contents.back().size() % 2 != 0) digest[0] ^= std::byte{1};
      files.blobs.push_back({"blobs/sha256/" + hex_name, contents.back().size(), digest, {}});
    }
    files.index = in.take(in.remaining());
  }
  oci::LayoutFiles files;
  std::vector<Bytes> contents;
};

void give(Input& input, const std::vector<std::string>& needed) {
  for (std::size_t i = 0; i < input.contents.size(); ++i) {
    if (std::ranges::find(needed, input.files.blobs[i].path) == needed.end()) continue;
    test::require(!input.files.blobs[i].content, "nothing is asked for twice");
    input.files.blobs[i].content = input.contents[i];
  }
}

}  // namespace

// The rounds end, only what is there is asked for, every blob is spoken of, nobody is
// believed, and two runs agree.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(test::input(data, size));
  oci::LayoutResult result = oci::verify_layout(input.files, {});
  for (std::size_t round = 0; !result.needed.empty(); ++round) {
    test::require(round < oci::kMaxIndexDepth + 2, "the rounds end");
    test::require(result.evidence.empty(), "no evidence while something is needed");
    give(input, result.needed);
    result = oci::verify_layout(input.files, {});
  }
  test::require(!result.evidence.empty(), "there is evidence");
  test::require(result.evidence == oci::verify_layout(input.files, {}).evidence, "two runs agree");
  for (const oci::BlobFile& blob : input.files.blobs) {
    test::require(std::ranges::find(result.evidence[0].coverage, blob.path, &Coverage::path) !=
                      result.evidence[0].coverage.end(),
                  "every blob is spoken of");
  }
  for (std::size_t i = 1; i < result.evidence.size(); ++i) {
    const auto state = result.evidence[i].state();
    test::require(state == "rejected" || state == "unchecked", "nobody is believed");
  }
  return 0;
}
