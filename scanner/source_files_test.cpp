#include "scanner/source_files.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include <filesystem>

#include "tests/support/temporary_folder.h"

using namespace assay;
namespace fs = std::filesystem;

namespace {
const SourceFile* find(const SourceListing& listing, std::string_view path) {
  for (const SourceFile& file : listing.files) {
    if (file.report_path == path) return &file;
  }
  return nullptr;
}
}  // namespace

TEST_CASE("a folder is listed sorted, with paths relative to it") {
  const test::TemporaryFolder folder;
  folder.write("b/two.pkl", "x");
  folder.write("a.pkl", "x");
  const auto listing = list_sources({folder.path().native() + "/"}, {});
  REQUIRE(listing.files.size() == 2);
  CHECK(listing.files[0].report_path == "a.pkl");
  CHECK(listing.files[1].report_path == "b/two.pkl");
  CHECK(listing.uri == folder.path().filename());
}

TEST_CASE("links that loop, leave the source or lead nowhere are told, not followed") {
  const test::TemporaryFolder outside;
  outside.write("secret", "x");
  const test::TemporaryFolder folder;
  folder.write("real.bin", "x");
  fs::create_directory_symlink("..", folder.path() / "loop");
  fs::create_symlink(outside.path() / "secret", folder.path() / "out");
  fs::create_symlink("nothing", folder.path() / "dangling");
  fs::create_symlink("real.bin", folder.path() / "inside");
  const auto listing = list_sources({folder.path().native()}, {});
  CHECK(listing.files.size() == 5);
  CHECK(find(listing, "loop")->problem);
  CHECK(find(listing, "out")->problem->code == ParseErrc::not_fetched);
  CHECK(find(listing, "dangling")->problem->code == ParseErrc::unreadable);
  CHECK_FALSE(find(listing, "inside")->problem);
}

TEST_CASE("a snapshot of the Hub's cache may link into its repository's blobs") {
  const test::TemporaryFolder folder;
  folder.write("models--a--b/blobs/123", "x");
  const fs::path snapshot = folder.path() / "models--a--b/snapshots/abc";
  fs::create_directories(snapshot);
  fs::create_symlink("../../blobs/123", snapshot / "model.bin");
  const auto listing = list_sources({snapshot.native()}, {});
  REQUIRE(listing.files.size() == 1);
  CHECK_FALSE(listing.files[0].problem);
  CHECK(open_file(listing.files[0]));
}

TEST_CASE("a link is told apart by whether it leads inside, to a blob or elsewhere") {
  const test::TemporaryFolder outside;
  const test::TemporaryFolder folder;
  folder.write("real.bin", "x");
  fs::create_symlink("real.bin", folder.path() / "inside");
  fs::create_symlink(outside.path(), folder.path() / "outside");
  const auto plain = list_sources({folder.path().native()}, {});
  CHECK(find(plain, "real.bin")->link == LinkKind::none);
  CHECK(find(plain, "inside")->link == LinkKind::inside);
  CHECK(find(plain, "outside")->link == LinkKind::outside);
  folder.write("models/blobs/123", "x");
  folder.write("models/snapshots/main/real.bin", "x");
  const fs::path snapshot = folder.path() / "models/snapshots/main";
  fs::create_symlink("../../blobs/123", snapshot / "model.bin");
  fs::create_symlink("real.bin", snapshot / "inside");
  const auto cached = list_sources({snapshot.native()}, {});
  CHECK(find(cached, "model.bin")->link == LinkKind::to_blob);
  CHECK(find(cached, "inside")->link == LinkKind::inside);
}

TEST_CASE("a file that became a link out of the source is not opened") {
  const test::TemporaryFolder outside;
  outside.write("secret", "x");
  const test::TemporaryFolder folder;
  folder.write("a/model.bin", "x");
  folder.write("b/model.bin", "x");
  folder.write("real", "x");
  fs::create_symlink(fs::canonical(folder.path() / "real"), folder.path() / "absolute");
  const auto listing = list_sources({folder.path().native()}, {});
  REQUIRE(find(listing, "absolute"));
  CHECK(open_file(*find(listing, "absolute")));
  CHECK(open_file(*find(listing, "a/model.bin")));
  fs::remove(folder.path() / "a/model.bin");
  fs::create_symlink(outside.path() / "secret", folder.path() / "a/model.bin");
  fs::remove_all(folder.path() / "b");
  fs::create_directory_symlink(outside.path(), folder.path() / "b");
  fs::rename(outside.path() / "secret", outside.path() / "model.bin");
  for (const char* path : {"a/model.bin", "b/model.bin"}) {
    const auto opened = open_file(*find(listing, path));
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == ParseErrc::unreadable);
  }
}

TEST_CASE("what is no regular file is listed with its problem and never waited for") {
  const test::TemporaryFolder folder;
  const std::string fifo = (folder.path() / "fifo").native();
  REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
  const auto listing = list_sources({folder.path().native()}, {});
  REQUIRE(listing.files.size() == 1);
  CHECK(listing.files[0].problem->message == "not a regular file");
  CHECK_FALSE(open_file({.report_path = "fifo", .system_path = fifo}));
}

TEST_CASE("several sources are told apart without an absolute path") {
  const test::TemporaryFolder folder;
  const auto one = folder.write("x/model.pkl", "x");
  const auto two = folder.write("y/model.pkl", "x");
  const auto listing = list_sources({one, two, "/nonexistent/assay"}, {});
  REQUIRE(listing.files.size() == 3);
  for (const SourceFile& file : listing.files) CHECK(file.report_path[0] != '/');
  const auto pair = list_sources({one, two}, {});
  CHECK(pair.files[0].report_path == "x/model.pkl");
  CHECK(pair.files[1].report_path == "y/model.pkl");
  CHECK(list_sources({one}, {}).files[0].report_path == "model.pkl");
}

TEST_CASE("globs choose by last component, or by whole path when they hold a slash") {
  const Selection some{{"*.pkl"}, {"old/*"}};
  CHECK_FALSE(some.leaves_out("a/b.pkl"));
  CHECK(some.leaves_out("a/b.txt"));
  CHECK(some.leaves_out("old/b.pkl"));
}

TEST_CASE("git's own folder is left out on purpose and said so") {
  const test::TemporaryFolder folder;
  folder.write(".git/objects/aa", "x");
  const auto listing = list_sources({folder.path().native()}, {});
  REQUIRE(listing.files.size() == 1);
  CHECK(listing.files[0].report_path == ".git");
  CHECK(listing.files[0].left_out);
}
