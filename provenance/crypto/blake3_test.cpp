#include <catch2/catch.hpp>

#include "core/text.h"
#include "provenance/crypto/blake2b.h"
#include "provenance/crypto/blake3.h"

using namespace assay;
using namespace assay::provenance;

namespace {

// The input of BLAKE3's test vectors: 0, 1, ... 250, 0, 1, ...
ByteString counting(std::size_t size) {
  ByteString bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i % 251);
  return bytes;
}

std::string blake3_of(Bytes bytes, std::size_t part) {
  Blake3 hash;
  for (std::size_t at = 0; at < bytes.size(); at += part) hash.update(clip(bytes, at, part));
  return hex(hash.finish());
}

}  // namespace

TEST_CASE("BLAKE3 gives the digests of its test vectors, however the input is cut") {
  const std::pair<std::size_t, std::string> vectors[] = {
      {0, "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"},
      {1, "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213"},
      {1023, "10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11"},
      {1024, "42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7"},
      {1025, "d00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444"},
      {2048, "e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a"},
      {2049, "5f4d72f40d7a5f82b15ca2b2e44b1de3c2ef86c426c95c1af0b6879522563030"},
      {3072, "b98cb0ff3623be03326b373de6b9095218513e64f1ee2edd2525c7ad1e5cffd2"},
      {3073, "7124b49501012f81cc7f11ca069ec9226cecb8a2c850cfe644e327d22d3e1cd3"},
      {4096, "015094013f57a5277b59d8475c0501042c0b642e531b0a1c8f58d2163229e969"},
      {31744, "62b6960e1a44bcc1eb1a611a8d6235b6b4b78f32e7abc4fb4c6cdcce94895c47"},
      {102400, "bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085"},
  };
  for (const auto& [size, digest] : vectors) {
    CAPTURE(size);
    for (const std::size_t part : {1U, 63U, 64U, 1000U, 1U << 20}) {
      CHECK(blake3_of(counting(size), part) == digest);
    }
  }
}

TEST_CASE("BLAKE2b gives the digest of RFC 7693, appendix A") {
  Blake2b hash;
  hash.update(as_bytes("ab"));
  hash.update(as_bytes("c"));
  CHECK(hex(hash.finish()) ==
        "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
        "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
}
