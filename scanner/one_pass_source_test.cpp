#include "scanner/one_pass_source.h"

#include <catch2/catch.hpp>

#include <vector>

using namespace assay;

namespace {

// Counts what is read from it.
class CountingSource final : public ByteSource {
 public:
  explicit CountingSource(std::size_t size) : bytes_(size) {
    for (std::size_t i = 0; i < size; ++i) bytes_[i] = static_cast<std::byte>(i * 17 % 251);
  }
  std::uint64_t size() override { return bytes_.size(); }
  ByteView view(std::uint64_t offset, std::uint64_t size) override {
    const Bytes part = clip(bytes_, offset, size);
    read += part.size();
    return {part, nullptr};
  }
  Bytes all() const { return bytes_; }
  std::uint64_t read = 0;

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace

TEST_CASE("a parser that goes forward and skips leaves nothing to read twice") {
  CountingSource source(5 << 20);
  Budget budget;
  OnePassSource pass(source, budget, true);
  for (const std::uint64_t at : {0U, 100'000U, 1U << 20, 3U << 20}) pass.view(at, 100'000);
  CHECK(pass.finish());
  CHECK(pass.sha256() == sha256_hex(source.all()));
  CHECK(source.read <= source.size() + 100'000);
}

TEST_CASE("a look at the tail does not read what lies before it") {
  CountingSource source(5 << 20);
  Budget budget;
  OnePassSource pass(source, budget, true);
  pass.view(0, 4096);
  pass.view((5 << 20) - 65'557, 65'557);
  CHECK(source.read < 100'000);
  CHECK(pass.finish());
  CHECK(pass.sha256() == sha256_hex(source.all()));
}

TEST_CASE("reading back and forth never spoils the digest") {
  CountingSource source(1 << 20);
  Budget budget;
  OnePassSource pass(source, budget, true);
  for (const std::uint64_t at : {500'000U, 10U, 1'000'000U, 499'999U, 0U}) pass.view(at, 3'000);
  CHECK(pass.finish());
  CHECK(pass.sha256() == sha256_hex(source.all()));
}

TEST_CASE("an interrupted hash is no hash") {
  std::atomic<bool> stop = true;
  CountingSource source(1 << 20);
  Budget budget(Limits{.stop = &stop});
  OnePassSource pass(source, budget, true);
  CHECK_FALSE(pass.finish());
  CHECK(pass.sha256().empty());
}
