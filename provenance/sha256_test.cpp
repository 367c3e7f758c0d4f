#include "provenance/sha256.h"

#include <catch2/catch.hpp>

#include <string>

using namespace assay;

TEST_CASE("digests are those of FIPS 180-4") {
  CHECK(sha256_hex({}) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex(as_bytes("abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("parts add up to the whole") {
  const std::string text(1000, 'x');
  Sha256 parts;
  for (std::size_t at = 0; at < text.size(); at += 7) {
    parts.update(clip(as_bytes(text), at, 7));
  }
  CHECK(parts.finish() == sha256_hex(as_bytes(text)));
}
