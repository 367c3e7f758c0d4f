#include "tests/fuzzing/zip_mutator.h"

#include <catch2/catch.hpp>
#include <set>

#include "formats/zip/zip_builder.h"

using namespace assay;
using fuzzing::mutated_zip;
using fuzzing::zip_records;
using fuzzing::ZipRecordKind;

namespace {

const std::string kZip =
    zip::test::Builder{}.add("a/data.pkl", zip::test::kEvil).add("a/version", "3\n").finish();

std::size_t flip_one(std::uint8_t* data, std::size_t size, std::size_t max_size) {
  if (size == 0) return max_size > 0 ? (data[0] = 7, 1) : 0;
  data[size / 2] ^= 0x20;
  return size;
}

template <typename F>
int count_mutants(F holds) {
  int count = 0;
  for (unsigned seed = 0; seed < 1000; ++seed) {
    if (holds(mutated_zip(kZip, 4096, seed, flip_one))) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("the records of a zip are found wherever they stand") {
  using enum ZipRecordKind;
  std::vector<ZipRecordKind> kinds;
  for (const auto& record : zip_records("behind a prefix" + kZip)) kinds.push_back(record.kind);
  CHECK(kinds == std::vector{local, local, central, central, end});
  CHECK(zip_records("PK\x05\x06 cut off").empty());
  CHECK(zip_records("").empty());
}

TEST_CASE("most mutants of a zip are still zips with a member, and most are new") {
  std::set<std::string> mutants;
  const int members = count_mutants([&](const std::string& mutant) {
    mutants.insert(mutant);
    return !zip::test::parse(mutant).context.members.empty();
  });
  CHECK(members > 600);
  CHECK(mutants.size() > 300);
}

TEST_CASE("some mutants lie in one header alone, some change a content under a true checksum") {
  const auto tells = [](std::string_view code) {
    return count_mutants([&](const std::string& mutant) {
      return zip::test::parse(mutant).context.has_anomaly(code);
    });
  };
  CHECK(tells("zip.local-name-differs") > 10);
  CHECK(tells("zip.local-size-differs") > 10);
  CHECK(tells("zip.duplicate-name") > 5);
  CHECK(tells("zip.hidden-member") > 5);
  CHECK(count_mutants([](const std::string& mutant) {
          const auto parse = zip::test::parse(mutant);
          return parse.context.facts == zip::test::parse(kZip).context.facts && mutant != kZip;
        }) > 10);
}

TEST_CASE("a mutant zip is never larger than there is room, and the same seed gives the same one") {
  for (unsigned seed = 0; seed < 500; ++seed) {
    for (const std::size_t room :
         {std::size_t{0}, std::size_t{1}, kZip.size() - 3, kZip.size(), kZip.size() + 9}) {
      CHECK(mutated_zip(kZip, room, seed, flip_one).size() <= room);
    }
    CHECK(mutated_zip("no zip", 16, seed, flip_one).size() <= 16);
    CHECK(mutated_zip(kZip, 4096, seed, flip_one) == mutated_zip(kZip, 4096, seed, flip_one));
  }
}
