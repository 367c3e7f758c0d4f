#include "provenance/crypto/hasher.h"

#include <catch2/catch.hpp>

#include <string>

#include "core/text.h"

using namespace assay;
using namespace assay::provenance;

namespace {

std::vector<std::string> digests(const DigestRequest& request, std::string_view content,
                                 std::size_t part) {
  Hasher hasher(request, content.size());
  std::vector<std::string> all;
  const auto take = [&] {
    for (const ByteString& digest : hasher.take()) all.push_back(hex(digest));
  };
  for (std::size_t at = 0; at < content.size(); at += part) {
    hasher.update(clip(as_bytes(content), at, part));
    take();
  }
  hasher.finish();
  take();
  return all;
}

std::string of_one(HashKind hash, std::string_view content) {
  return hex(digest_of(hash, as_bytes(content)));
}

}  // namespace

TEST_CASE("a whole digest does not depend on how the content is cut") {
  const std::size_t part = GENERATE(1U, 2U, 3U, 100U);
  CAPTURE(part);
  for (const HashKind hash :
       {HashKind::sha1, HashKind::sha256, HashKind::sha384, HashKind::sha512, HashKind::blake2b}) {
    CHECK(digests({.hash = hash}, "hello", part) == std::vector{of_one(hash, "hello")});
  }
}

TEST_CASE("shards tile the content, and an empty file has none") {
  const std::size_t part = GENERATE(1U, 2U, 5U, 7U);
  CAPTURE(part);
  const DigestRequest request{.hash = HashKind::sha256, .shard_size = 2};
  CHECK(digests(request, "hello", part) == std::vector{of_one(HashKind::sha256, "he"),
                                                       of_one(HashKind::sha256, "ll"),
                                                       of_one(HashKind::sha256, "o")});
  CHECK(digests(request, "hell", part).size() == 2);
  CHECK(digests(request, "", part).empty());
}

TEST_CASE("a git blob's digest is the one git computes") {
  // git hash-object of "hello\n" and of nothing.
  CHECK(digests({.hash = HashKind::sha1, .is_git_blob = true}, "hello\n", 4) ==
        std::vector<std::string>{"ce013625030ba8dba906f756967f9e9ca394464a"});
  CHECK(digests({.hash = HashKind::sha1, .is_git_blob = true}, "", 4) ==
        std::vector<std::string>{"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"});
}
