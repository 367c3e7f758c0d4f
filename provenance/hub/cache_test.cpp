#include "provenance/hub/cache.h"

#include <catch2/catch.hpp>

#include "provenance/hub/download.h"

using namespace assay;
using namespace assay::provenance;

namespace {

const std::string kSha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const std::string kBlobId = "f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f";  // both of "abc"
const std::string kCommit(40, 'c');

git::WorkFile file(std::string path, std::string_view content) {
  return git::work_file(std::move(path), as_bytes(content));
}

std::string first_failure(const Evidence& evidence) {
  const Check* check = evidence.checks.first_failure();
  return check ? check->name : "none";
}

}  // namespace

TEST_CASE("a blob is held against its own name") {
  CHECK(hub::verify_cache_blobs({file(kSha256, "abc"), file(kBlobId, "abc")}).state() == "matches");
  CHECK(first_failure(hub::verify_cache_blobs({file(kSha256, "abd")})) == "hub.content");
  CHECK(first_failure(hub::verify_cache_blobs({file(kBlobId, "abd")})) == "hub.content");
}

TEST_CASE("a blob whose name is no digest is not covered") {
  const Evidence evidence = hub::verify_cache_blobs({file("weights", "abc")});
  CHECK(evidence.checks.has(Outcome::warned));
  CHECK(evidence.coverage.at(0).state == CoverageState::not_covered);
  const Evidence unfinished = hub::verify_cache_blobs({file(kSha256 + ".incomplete", "a")});
  CHECK(unfinished.coverage.at(0).state == CoverageState::excluded_by_default);
}

TEST_CASE("a snapshot's link leads into the blobs of its own repository or is refused") {
  CHECK(hub::blob_of_link("a.txt", "../../blobs/x") == "x");
  CHECK(hub::blob_of_link("sub/a.txt", "../../../blobs/x") == "x");
  for (const char* target : {"../../../blobs/x", "/etc/passwd", "../../blobs/", "../../blobs/..",
                             "../../blobs/../x", "../../blobs/a/b", "../../blob/x", ""}) {
    CAPTURE(target);
    CHECK_FALSE(hub::blob_of_link("a.txt", target).has_value());
  }
}

TEST_CASE("a snapshot is as good as the blobs that it links to") {
  const std::vector<git::WorkFile> blobs{file(kSha256, "abc"), file(kBlobId, "abd")};
  const auto check = [&](std::optional<std::string> target) {
    return hub::verify_snapshot({{.path = "a", .link_target = std::move(target)}}, blobs);
  };
  CHECK(check("../../blobs/" + kSha256).state() == "matches");
  CHECK(first_failure(check("../../blobs/" + kBlobId)) == "hub.content");
  CHECK(first_failure(check("../../blobs/" + std::string(64, '0'))) == "hub.missing");
  CHECK(first_failure(check("../../../elsewhere/" + kSha256)) == "hub.link");
  CHECK(check(std::nullopt).checks.has(Outcome::warned));
}

TEST_CASE("a download is held against the etag that was recorded for it") {
  const auto record = [](std::string_view etag) {
    return hub::parse_download_record("w.bin", kCommit + "\n" + std::string(etag) + "\n1763.5\n")
        .value();
  };
  CHECK(hub::verify_downloads({record(kSha256)}, {file("w.bin", "abc")}).state() == "matches");
  CHECK(hub::verify_downloads({record(kBlobId)}, {file("w.bin", "abc")}).state() == "matches");
  CHECK(first_failure(hub::verify_downloads({record(kSha256)}, {file("w.bin", "x")})) ==
        "hub.content");
  CHECK(first_failure(hub::verify_downloads({record(kSha256)}, {})) == "hub.missing");
  const std::string pointer = git::pointer_text({.sha256 = kSha256, .size = 3});
  CHECK(hub::verify_downloads({record(kSha256)}, {file("w.bin", pointer)}).state() == "unchecked");
  CHECK(hub::verify_downloads({record(kSha256)}, {file("w.bin", "abc"), file("x.py", "")})
            .checks.has(Outcome::warned));
}

TEST_CASE("what is not a commit, an etag and a time is no record of a download") {
  for (const std::string& text :
       {std::string(), kCommit, kCommit + "\n" + kSha256, kCommit + "\n\n1.0\n",
        "main\n" + kSha256 + "\n1.0\n", kCommit + "\n" + kSha256 + "\nnow\n",
        kCommit + "\n" + kSha256 + "\n1.0\nmore\n"}) {
    CAPTURE(text);
    CHECK_FALSE(hub::parse_download_record("a", text).has_value());
  }
}
