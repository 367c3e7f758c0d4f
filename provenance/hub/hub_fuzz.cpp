#include "core/text.h"
#include "provenance/hub/cache.h"
#include "provenance/hub/download.h"
#include "provenance/hub/listing.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;
using namespace assay::provenance;

// A listing lists each file once, and a download that has none of them never matches.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = test::input(data, size);
  const std::string_view text = as_text(input);
  const auto record = hub::parse_download_record("a", text);
  if (record) test::require(text.contains(record->etag), "the etag stands in it");
  if (const auto blob = hub::blob_of_link("a/b", text)) {
    test::require(!blob->contains('/') && text.ends_with(*blob), "a blob's name has no folder");
  }
  const auto listing = hub::parse_listing(input);
  if (listing) {
    test::require(std::ranges::is_sorted(listing->files, {}, &hub::ListedFile::path), "sorted");
  }
  const Evidence evidence = hub::verify_listing(input, {});
  test::require(evidence == hub::verify_listing(input, {}), "two verifications agree");
  const bool is_empty = listing && listing->files.empty();
  test::require(evidence.state() != "matches" || is_empty, "nothing is here");
  test::require(!evidence.signer, "nobody signs a listing");
  return 0;
}
