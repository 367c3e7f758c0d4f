#include <catch2/catch.hpp>

#include "provenance/git/object_store.h"
#include "provenance/git/pack_builder.h"

using namespace assay;
using namespace assay::provenance::git;
using namespace assay::provenance::git::testing;
using State = Lookup::State;

namespace {

constexpr std::size_t kLargePack = 17U << 20;  // is not read at once

std::string blob_id(std::string_view content) { return object_id("blob", as_bytes(content)); }

// What came of looking for objects, and what was read for it.
struct Search {
  std::vector<Lookup> found;
  std::size_t rounds = 0;
  std::uint64_t bytes = 0;
};

Search search(const Repository& repository, const std::vector<std::string>& ids,
              std::uint64_t max_size = kMaxObjectSize, std::uint64_t work = kMaxStoreWork) {
  std::vector<StoreFile> listing;
  for (const auto& [path, content] : repository.files) listing.push_back({path, content.size()});
  std::vector<StorePart> parts;
  for (Search search;; ++search.rounds) {
    GitFiles files(listing, parts);
    ObjectStore store(files, work);
    search.found.clear();
    for (const std::string& id : ids) search.found.push_back(store.find(id, max_size));
    const auto needs = files.needs();
    if (needs.empty() || search.rounds == 100) return search;
    for (const StoreNeed& need : needs) {
      search.bytes += need.size;
      parts.push_back(
          {need.path, need.offset, repository.files.at(need.path).substr(need.offset, need.size)});
    }
  }
}

Lookup find(const Repository& repository, const std::string& id,
            std::uint64_t max_size = kMaxObjectSize, std::uint64_t work = kMaxStoreWork) {
  return search(repository, {id}, max_size, work).found.front();
}

// Each version has some more at its end, and is a delta of the one before.
std::vector<std::string> add_chain(PackBuilder& pack, std::string content, std::size_t length) {
  std::vector<std::string> ids{pack.add_blob(content)};
  for (std::size_t i = 0; i < length; ++i) {
    const std::string more = std::to_string(i) + "\n";
    const std::string delta = delta_appending(content.size(), more);
    content += more;
    pack.add_delta(blob_id(content), ids.back(), delta);
    ids.push_back(blob_id(content));
  }
  return ids;
}

}  // namespace

TEST_CASE("objects are found through indexes of both versions, and by offsets of 64 bits") {
  const auto form = GENERATE(IndexForm::v1, IndexForm::v2, IndexForm::v2_wide);
  PackBuilder pack;
  std::vector<std::string> ids;
  for (int i = 0; i < 300; ++i) ids.push_back(pack.add_blob("blob " + std::to_string(i)));
  Repository repository;
  pack.write(repository, "pack-1", form);
  for (const Lookup& found : search(repository, ids).found) CHECK(found.state == State::found);
  CHECK(find(repository, blob_id("absent")).state == State::absent);
}

TEST_CASE("an offset that leads out of the table of offsets or of the pack finds nothing") {
  PackBuilder pack;
  const std::string id = pack.add_blob("hello");
  Repository repository;
  pack.write(repository, "pack-1", IndexForm::v2_wide);
  std::string& index = repository.files["objects/pack/pack-1.idx"];
  const std::size_t place = 8 + 1024 + 20 + 4;
  std::string good = index;
  index[place + 3] = 1;  // the second row of one
  CHECK(find(repository, id).state == State::absent);
  index = good;
  index[place + 4 + 3] = 1;  // 4 GiB further on
  CHECK(find(repository, id).state == State::broken);
}

TEST_CASE("a pack without an index and an index without a pack hold nothing") {
  PackBuilder pack;
  const std::string id = pack.add_blob("hello");
  for (const char* suffix : {".idx", ".pack"}) {
    Repository repository;
    pack.write(repository);
    repository.files.erase(std::string("objects/pack/pack-1") + suffix);
    CHECK(find(repository, id).state == State::absent);
  }
}

TEST_CASE("long chains of deltas in a large pack take few rounds and few bytes") {
  PackBuilder pack;
  pack.pad(kLargePack);
  const auto ids = add_chain(pack, std::string(3000, 'a'), 400);
  pack.pad(kLargePack);
  Repository repository;
  pack.write(repository);
  const Search all = search(repository, ids);
  for (const Lookup& found : all.found) CHECK(found.state == State::found);
  CHECK(all.rounds <= 4);
  CHECK(all.bytes < (1U << 20));
  // The last one alone: what it is made of is in front of it.
  CHECK(search(repository, {ids.back()}).rounds <= 4);
}

TEST_CASE("a small blob asks for little of a large pack, and a large one is not read") {
  PackBuilder pack;
  pack.pad(kLargePack);
  const std::string small = pack.add_blob("hello");
  pack.pad(kLargePack);
  std::string content;
  for (int i = 0; content.size() < 300'000; ++i) content += blob_id(std::to_string(i));
  const std::string large = pack.add_blob(content);
  pack.pad(kLargePack);
  const std::string grown = content.substr(0, 60'000);
  const std::string base = pack.add_blob(grown);
  pack.add_delta(blob_id(grown + "!"), base, delta_appending(grown.size(), "!"));
  pack.pad(kLargePack);
  Repository repository;
  pack.write(repository);
  const std::size_t index_size = repository.files["objects/pack/pack-1.idx"].size();
  const Search little = search(repository, {small, large, blob_id(grown + "!")}, 1024);
  CHECK(little.found[0].state == State::found);
  CHECK(little.found[1].state == State::large);
  CHECK(little.found[2].state == State::large);
  CHECK(little.bytes - index_size < 10'000);
  CHECK(find(repository, large).object.content.size() == content.size());
}

TEST_CASE("a chain of deltas that never ends does") {
  std::string content = "hello";
  PackBuilder pack;
  const auto ids = add_chain(pack, "hello", kMaxDeltas);
  Repository repository;
  pack.write(repository);
  CHECK(find(repository, ids.back()).state == State::found);
  PackBuilder longer;
  const auto more = add_chain(longer, "hello", kMaxDeltas + 1);
  longer.write(repository);
  CHECK(find(repository, more.back()).error.code == ParseErrc::over_budget);
}

TEST_CASE("deltas that make much of little spend the budget of work") {
  // Each copies the whole base, so a small pack costs its length times its object.
  PackBuilder pack;
  const auto ids = add_chain(pack, std::string(60'000, 'a'), 100);
  Repository repository;
  pack.write(repository);
  CHECK(find(repository, ids.back()).state == State::found);
  const Lookup spent = find(repository, ids.back(), kMaxObjectSize, 3'000'000);
  CHECK(spent.state == State::broken);
  CHECK(spent.error.code == ParseErrc::over_budget);
  // Objects that deltas go by are kept: all of them cost hardly more than the last.
  for (const Lookup& found : search(repository, ids, kMaxObjectSize, 30'000'000).found) {
    CHECK(found.state == State::found);
  }
}

TEST_CASE("a delta's base may lie in another pack, and deltas in a circle of packs end") {
  Repository repository;
  PackBuilder first, second;
  const std::string base = first.add_blob("hello");
  second.add_delta_by_id(blob_id("hello!"), base, delta_appending(5, "!"));
  first.write(repository, "pack-1");
  second.write(repository, "pack-2");
  CHECK(find(repository, blob_id("hello!")).state == State::found);
  PackBuilder third, fourth;
  third.add_delta_by_id(blob_id("a"), blob_id("b"), delta_appending(5, "!"));
  fourth.add_delta_by_id(blob_id("b"), blob_id("a"), delta_appending(5, "!"));
  third.write(repository, "pack-3");
  fourth.write(repository, "pack-4");
  CHECK(find(repository, blob_id("a")).error.code == ParseErrc::over_budget);
}

TEST_CASE("a base that is another object than the delta was made of is seen") {
  PackBuilder pack;
  const std::string base = pack.add_blob("hellO");
  pack.add_delta(blob_id("hello!"), base, delta_appending(5, "!"));
  Repository repository;
  pack.write(repository);
  CHECK(find(repository, blob_id("hello!")).error.code == ParseErrc::malformed);
}

TEST_CASE("of many packs no more than a thousand are searched") {
  Repository repository;
  for (std::size_t i = 0; i <= kMaxPacks; ++i) {
    repository.files["objects/pack/pack-" + std::to_string(i) + ".idx"] = "";
  }
  CHECK(find(repository, blob_id("hello")).error.code == ParseErrc::over_budget);
}

TEST_CASE("numbers of an entry that are cut or larger than files are refused") {
  CHECK_FALSE(parse_pack_entry({}).has_value());
  for (const std::string& bad :
       {std::string("\x00", 1), std::string("\x50"), std::string("\xb0"),
        "\xb0" + std::string(20, '\xff'), std::string("\x60"), std::string("\x60\x00", 2),
        "\x60" + std::string(20, '\xff'), "\x70" + std::string(19, 'a')}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_pack_entry(as_bytes(bad)).has_value());
  }
  const std::uint64_t size = 5'000'000'000, distance = 70'000'000'000;
  const std::string good =
      PackBuilder::entry_head(6, size) + PackBuilder::distance_text(distance) + "x";
  const auto entry = parse_pack_entry(as_bytes(good));
  REQUIRE(entry.has_value());
  CHECK(entry->is_delta());
  CHECK(entry->size == size);
  CHECK(entry->base_distance == distance);
  CHECK(entry->header_size == good.size() - 1);
}

TEST_CASE("needs that overlap or nearly touch are one, and parts are read across them") {
  const std::vector<StoreFile> listing{{"a", 100'000}, {"b", 100}};
  std::vector<StorePart> parts;
  GitFiles files(listing, parts);
  const StoreFile& a = *files.find("a");
  CHECK_FALSE(files.view(a, 10, 100).has_value());
  CHECK_FALSE(files.view(a, 50, 100).has_value());
  CHECK_FALSE(files.view(a, 60, 10).has_value());
  CHECK_FALSE(files.view(a, 99'990, 100).has_value());
  CHECK_FALSE(files.view(*files.find("b"), 0, 1000).has_value());
  CHECK(files.view(a, 100'000, 1)->empty());
  CHECK(files.needs() == std::vector<StoreNeed>{{"a", 10, 140}, {"a", 99'990, 10}, {"b", 0, 100}});
  parts = {{"a", 10, std::string(20, 'x')},
           {"a", 0, std::string(200, 'y')},
           {"a", 150, std::string(100, 'z')},
           {"b", 90, std::string(50, 'b')}};
  const GitFiles read(listing, parts);
  CHECK(read.at_hand(a, 15).size() == 185);
  CHECK(read.at_hand(a, 200).size() == 50);
  CHECK(read.at_hand(a, 250).empty());
  CHECK(read.at_hand(listing[1], 89).empty());
  CHECK(read.at_hand(listing[1], 95).size() == 5);  // no more than is listed
}
