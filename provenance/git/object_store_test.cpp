#include "provenance/git/object_store.h"

#include <catch2/catch.hpp>

#include "provenance/git/delta.h"
#include "provenance/git/repository_builder.h"
#include "provenance/git/tree.h"
#include "tests/support/hex.h"

using namespace assay;
using namespace assay::provenance::git;
using namespace assay::provenance::git::testing;
using State = Lookup::State;

namespace {

// With all files at hand.
Lookup find(const Repository& repository, const std::string& id,
            std::uint64_t max_size = kMaxObjectSize) {
  std::vector<StoreFile> listing;
  std::vector<StorePart> parts;
  for (const auto& [path, content] : repository.files) {
    listing.push_back({path, content.size()});
    parts.push_back({path, 0, content});
  }
  GitFiles files(listing, parts);
  return ObjectStore(files).find(id, max_size);
}

std::string blob_id(std::string_view content) { return object_id("blob", as_bytes(content)); }

std::string path_of(const std::string& id) { return "objects/" + id.substr(0, 2) + "/" + id.substr(2); }

}  // namespace

TEST_CASE("a loose object that is not what its name says is broken") {
  Repository repository;
  const std::string id = repository.add_loose("blob", "hello");
  const std::string other = blob_id("other");
  repository.files[path_of(other)] = repository.files[path_of(id)];
  CHECK(find(repository, other).state == State::broken);
  CHECK(find(repository, id).state == State::found);
}

TEST_CASE("loose objects that are cut, longer than they say, or no zlib are broken") {
  const std::string id = blob_id("hello");
  const std::string good = std::string("blob 5\0hello", 12);
  for (const std::string& content :
       {deflated(good).substr(0, 10), deflated(good + "more"), std::string("plain"), std::string(),
        deflated(std::string("blob 6\0hello", 12)), deflated("blob5 hello"),
        deflated(std::string("blob 99999999999999999999\0hello", 31))}) {
    Repository repository;
    repository.files[path_of(id)] = content;
    CAPTURE(content);
    CHECK(find(repository, id).state == State::broken);
  }
}

TEST_CASE("an object that is larger than asked for is not expanded") {
  Repository repository;
  const std::string id = repository.add_loose("blob", std::string(100'000, 'a'));
  CHECK(find(repository, id, 1000).state == State::large);
  CHECK(find(repository, id).object.content.size() == 100'000);
}

TEST_CASE("packed objects are found through their index, deltas resolved") {
  const std::string base = "hello world", made = "hello WORLD";
  // Copies 6 bytes from offset 0, then inserts 5.
  const std::string delta = std::string("\x0b\x0b\x90\x06\x05WORLD", 10);
  Repository repository;
  const std::string first = Repository::head(3, base.size()) + deflated(base);
  const std::string by_offset = Repository::head(6, delta.size()) +
                                std::string(1, static_cast<char>(first.size())) + deflated(delta);
  const std::string by_id = Repository::head(7, delta.size()) + raw_id(blob_id(base)) + deflated(delta);
  repository.add_pack({{blob_id(base), first}, {blob_id(made), by_offset}});
  CHECK(find(repository, blob_id(base)).state == State::found);
  CHECK(as_text(find(repository, blob_id(made)).object.content) == made);
  CHECK(find(repository, blob_id("absent")).state == State::absent);
  repository.add_pack({{blob_id(base), first}, {blob_id(made), by_id}});
  CHECK(as_text(find(repository, blob_id(made)).object.content) == made);
}

TEST_CASE("deltas in a circle, of themselves, and of nothing end") {
  const std::string delta = std::string("\x0b\x0b\x90\x0b", 4);
  const std::string a = blob_id("a"), b = blob_id("b");
  const auto by_id = [&](const std::string& base) {
    return Repository::head(7, delta.size()) + raw_id(base) + deflated(delta);
  };
  Repository repository;
  repository.add_pack({{a, by_id(b)}, {b, by_id(a)}});
  CHECK(find(repository, a).state == State::broken);
  repository.add_pack({{a, by_id(a)}});
  CHECK(find(repository, a).state == State::broken);
  repository.add_pack({{a, by_id(blob_id("absent"))}});
  CHECK(find(repository, a).state == State::broken);
  repository.add_pack({{a, Repository::head(6, delta.size()) + "\x7f" + deflated(delta)}});
  CHECK(find(repository, a).state == State::broken);
}

TEST_CASE("a delta copies from inside its base and makes the size it says") {
  const Bytes base = as_bytes("hello");
  for (const char* bad : {"", "05", "0605", "0505 91 03 05", "0505 90 06", "0505 00", "0505 03 6161",
                          "0505 05 6161616161 01 61", "05ffffffffffffffffff01"}) {
    CAPTURE(bad);
    CHECK_FALSE(apply_delta(base, assay::test::bytes(bad), 100).has_value());
  }
  CHECK(as_text(*apply_delta(base, assay::test::bytes("0507 90 05 02 2121"), 100)) == "hello!!");
  CHECK(apply_delta(base, assay::test::bytes("05ff7f 90 05"), 100).error().code == ParseErrc::over_budget);
}

TEST_CASE("indexes that count backwards or do not fit are refused") {
  Repository repository;
  const std::string id = blob_id("hello");
  repository.add_pack({{id, Repository::head(3, 5) + deflated("hello")}});
  std::string& index = repository.files["objects/pack/pack-1.idx"];
  const std::string good = index;
  index.resize(index.size() - 1);
  CHECK(find(repository, id).state == State::broken);
  index = good;
  index[8 + 4 * 10 + 3] = 9;
  CHECK(find(repository, id).state == State::broken);
  index = good;
  index[7] = 3;
  CHECK(find(repository, id).state == State::broken);
  index = good;
  CHECK(find(repository, id).state == State::found);
}

TEST_CASE("trees whose names lead elsewhere, come twice or out of order are refused") {
  const std::string id = blob_id("x");
  for (const std::string& bad :
       {entry("100644", "..", id), entry("100644", ".", id), entry("100644", "", id),
        entry("40000", ".git", id), entry("40000", ".GIT", id), entry("100644", "a/b", id),
        entry("100644", "a", id) + entry("100644", "a", id),
        entry("100644", "b", id) + entry("100644", "a", id),
        entry("100644", "a", id) + entry("100644", "a-", id) + entry("40000", "a", id),
        entry("100777", "a", id), entry("040000", "a", id), entry("100644", "a", id).substr(0, 20)}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_tree(as_bytes(bad)).has_value());
  }
  const std::string good = entry("100644", "a", id) + entry("120000", "a.b", id) +
                           entry("40000", "b", id) + entry("160000", "c", id);
  const auto entries = parse_tree(as_bytes(good));
  REQUIRE(entries.has_value());
  CHECK(entries->size() == 4);
  CHECK((*entries)[3] == TreeEntry{"c", EntryKind::submodule, id});
}
