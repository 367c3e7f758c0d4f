#include "formats/archive/archive.h"

#include <array>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/hex.h"
#include "tests/support/recording_context.h"

using namespace assay;

namespace {

constexpr std::array kFormats{&archive::tar,  &archive::sevenzip, &archive::cpio, &archive::rar,
                              &archive::gzip, &archive::bzip2,    &archive::xz,   &archive::lzma,
                              &archive::zstd, &archive::lz4,      &archive::zlib};

std::vector<std::byte> contents(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return test::raw(std::string{std::istreambuf_iterator<char>(in), {}});
}

std::vector<const Format*> bidders(const std::vector<std::byte>& bytes) {
  MemorySource source{Bytes(bytes)};
  const ByteView head = source.view(0, Probe::kHeadSize);
  std::vector<const Format*> all;
  for (const Format* format : kFormats) {
    const Probe probe{.head = head, .size = bytes.size(), .name = "", .source = &source};
    if (format->identify(probe) != Confidence::none) all.push_back(format);
  }
  return all;
}

}  // namespace

TEST_CASE("every sample is claimed by one format, from its content alone") {
  std::size_t count = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(ASSAY_SOURCE_DIR "/corpus/archive")) {
    if (!entry.is_regular_file() || entry.path().extension() == ".json") continue;
    CAPTURE(entry.path().filename().string());
    CHECK(bidders(contents(entry.path())).size() == 1);
    ++count;
  }
  CHECK(count > 40);
}

TEST_CASE("what the usual tools wrote is free of anomalies and gaps") {
  const std::filesystem::path valid = ASSAY_SOURCE_DIR "/corpus/archive/valid";
  if (!std::filesystem::exists(valid)) return;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(valid)) {
    if (!entry.is_regular_file()) continue;
    CAPTURE(entry.path().filename().string());
    const auto bytes = contents(entry.path());
    for (const Format* format : bidders(bytes)) {
      test::Parse done(*format, bytes, entry.path().filename().string());
      CHECK(done.result);
      CHECK(done.context.gaps.empty());
      CHECK(done.context.all<Anomaly>().empty());
      CHECK_FALSE(done.context.members.empty());
    }
  }
}
