#include "core/text.h"
#include "provenance/git/commit.h"
#include "provenance/git/lfs_pointer.h"
#include "provenance/git/object_id.h"
#include "provenance/git/verify.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::git;

// A commit is what is signed and the signature, and without keys it is not verified.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = test::input(data, size);
  if (const auto pointer = parse_lfs_pointer(as_text(input))) {
    test::require(is_sha256(pointer->sha256), "a pointer names a digest");
    test::require(parse_lfs_pointer(pointer_text(*pointer)) == pointer, "written and read back");
  }
  const Evidence evidence = verify_commit(input, {}, std::nullopt, 2'000'000'000);
  test::require(evidence == verify_commit(input, {}, std::nullopt, 2'000'000'000),
                "two verifications agree");
  test::require(evidence.state() != "verified", "no key was given");
  const auto commit = parse_commit(input);
  if (!commit) {
    test::require(commit.error().offset <= size, "the error lies inside");
    return 0;
  }
  test::require(is_object_id(commit->tree), "a commit has a tree");
  test::require(commit->payload.size() <= size, "what is signed is part of it");
  // The signature for SHA-256 repositories is not signed either, and may be the only one.
  const bool has_other = as_text(input).contains("\ngpgsig-sha256 ");
  test::require(!commit->signature || commit->payload.size() < size, "no signature signs itself");
  test::require(commit->signature || has_other || commit->payload.size() == size,
                "what is not signed is a signature");
  return 0;
}
