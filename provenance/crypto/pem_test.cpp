#include "provenance/crypto/pem.h"

#include <catch2/catch.hpp>

#include "core/text.h"

using namespace assay::provenance;

TEST_CASE("blocks of one label are read, and no others") {
  const auto blocks = pem_blocks(
      "text\n-----BEGIN A-----\naGk=\n-----END A-----\n"
      "-----BEGIN B-----\nAAAA\n-----END B-----\n-----BEGIN A-----\nAA==\n-----END A-----",
      "A");
  REQUIRE(blocks.size() == 2);
  CHECK(assay::as_text(blocks[0]) == "hi");
  CHECK(blocks[1] == ByteString{std::byte{0}});
}

TEST_CASE("a block without an end or without base64 is left out") {
  CHECK(pem_blocks("-----BEGIN A-----\naGk=\n", "A").empty());
  CHECK(pem_blocks("-----BEGIN A-----\n***\n-----END A-----\n", "A").empty());
  CHECK(pem_blocks("", "A").empty());
}
