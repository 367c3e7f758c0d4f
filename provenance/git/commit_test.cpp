#include "provenance/git/commit.h"

#include <catch2/catch.hpp>

using namespace assay;
using namespace assay::provenance;

namespace {

const std::string kTree = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n";
const std::string kParent = "parent e69de29bb2d1d6434b8b29ae775ad8c2e48c5391\n";
const std::string kAuthor = "author A U <a@example.invalid> 1767225600 +0130\n";
const std::string kCommitter = "committer C <c@example.invalid> 1767225601 -0000\n";

auto parse(const std::string& text) { return git::parse_commit(as_bytes(text)); }

}  // namespace

TEST_CASE("what is signed is the commit without its signature headers") {
  const std::string front = kTree + kParent + kParent + kAuthor + kCommitter;
  const std::string tag = "mergetag object x\n type commit\n \n text\n";
  const std::string signatures =
      "gpgsig -----BEGIN\n \n line\n -----END\ngpgsig-sha256 other\n x\n";
  const auto commit = parse(front + tag + signatures + "encoding utf-8\n\ngpgsig in the text\n");
  REQUIRE(commit.has_value());
  CHECK(as_text(commit->payload) == front + tag + "encoding utf-8\n\ngpgsig in the text\n");
  CHECK(commit->signature == "-----BEGIN\n\nline\n-----END");
  CHECK(commit->parents.size() == 2);
  CHECK(commit->author.name == "A U");
  CHECK(commit->author.mail == "a@example.invalid");
  CHECK(commit->committer.seconds == 1767225601);
}

TEST_CASE("a commit that two readers could read in two ways is refused") {
  for (const std::string& text :
       {std::string(), std::string("\n"), kTree, kTree + kAuthor, kTree + kCommitter + kAuthor,
        kTree + kTree + kAuthor + kCommitter, kTree + kAuthor + kParent + kCommitter,
        kTree + kAuthor + kCommitter + kParent, kTree + kAuthor + kCommitter + kTree,
        kTree + kAuthor + kCommitter + "gpgsig a\ngpgsig b\n\n",
        "gpgsig a\n" + kTree + kAuthor + kCommitter, kTree + kAuthor + kCommitter + "x\n\n",
        kTree + kAuthor + kCommitter + "gpgsig a", kTree + kAuthor + kCommitter + " folded\n",
        kTree + kAuthor + kCommitter + std::string("x a\0b\n\n", 7),
        "tree abc\n" + kAuthor + kCommitter, kTree + "author A 1 +0000\n" + kCommitter,
        kTree + "author A <a> x +0000\n" + kCommitter}) {
    CAPTURE(text);
    CHECK_FALSE(parse(text).has_value());
  }
}
