#include "scanner/file_source.h"

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/support/temporary_folder.h"

using namespace assay;

namespace {
FileSource opened(const std::string& path) {
  return FileSource(FileDescriptor(open(path.c_str(), O_RDONLY)));
}

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 31 % 253);
  return text;
}
}  // namespace

TEST_CASE("small and large files are read alike, in any order") {
  const test::TemporaryFolder folder;
  for (const std::size_t size : {std::size_t{1000}, std::size_t{6} << 20}) {
    const std::string content = pattern(size);
    FileSource source = opened(folder.write("file", content));
    CHECK(source.size() == size);
    for (const std::size_t at : {size - 10, std::size_t{0}, size / 2, size / 2 + 5}) {
      CHECK(as_text(source.view(at, 300'000)) == std::string_view(content).substr(at, 300'000));
    }
    CHECK(source.view(size, 1).empty());
    CHECK_FALSE(source.error());
    CHECK(source.complaints().empty());
  }
}

TEST_CASE("a view stays good when the window moves on") {
  const test::TemporaryFolder folder;
  const std::string content = pattern(6 << 20);
  FileSource source = opened(folder.write("file", content));
  const ByteView early = source.view(0, 100);
  source.view(5 << 20, 100);
  CHECK(as_text(early) == content.substr(0, 100));
}

TEST_CASE("a file that shrinks while it is read is an error, not an end") {
  const test::TemporaryFolder folder;
  const std::string path = folder.write("file", pattern(6 << 20));
  FileSource source = opened(path);
  REQUIRE(truncate(path.c_str(), 100) == 0);
  CHECK(source.view(5 << 20, 10).empty());
  REQUIRE(source.error());
  CHECK(source.error()->code == ParseErrc::changed);
  REQUIRE(source.complaints().size() == 1);
  CHECK(source.complaints()[0].code == ParseErrc::changed);
}
