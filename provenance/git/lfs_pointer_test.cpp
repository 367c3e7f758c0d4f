#include "provenance/git/lfs_pointer.h"

#include <catch2/catch.hpp>

#include "provenance/git/object_id.h"

using namespace assay;
using namespace assay::provenance;

namespace {
const git::LfsPointer kPointer{.sha256 = std::string(64, 'a'), .size = 12};
}

TEST_CASE("a pointer reads back from its text") {
  CHECK(git::parse_lfs_pointer(git::pointer_text(kPointer)) == kPointer);
}

TEST_CASE("text that is not exactly a pointer is none") {
  const std::string text = git::pointer_text(kPointer);
  CHECK_FALSE(git::parse_lfs_pointer("").has_value());
  CHECK_FALSE(git::parse_lfs_pointer(text.substr(0, text.size() - 1)).has_value());
  CHECK_FALSE(git::parse_lfs_pointer(text + "size 12\n").has_value());
  CHECK_FALSE(git::parse_lfs_pointer(text + "import os\n").has_value());
  CHECK_FALSE(git::parse_lfs_pointer(text + "x").has_value());
  std::string padded = text;
  CHECK_FALSE(git::parse_lfs_pointer(padded.replace(padded.find("12"), 2, "012")).has_value());
  std::string signed_size = text;
  CHECK_FALSE(
      git::parse_lfs_pointer(signed_size.replace(signed_size.find("12"), 2, "-1")).has_value());
}

TEST_CASE("git knows the empty blob, the empty tree and a blob in parts by these ids") {
  CHECK(git::object_id("blob", {}) == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
  CHECK(git::object_id("tree", {}) == "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
  git::BlobId id(3);
  id.update(as_bytes("a"));
  id.update(as_bytes("bc"));
  CHECK(id.finish() == git::object_id("blob", as_bytes("abc")));
}
