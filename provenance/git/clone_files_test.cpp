// The files of a work tree against those of a signed commit.
#include <catch2/catch.hpp>

#include "provenance/git/clone.h"
#include "provenance/git/repository_builder.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::git;
using namespace assay::provenance::git::testing;

namespace {

// By nobody: the files of any commit with a signature are compared.
const std::string kSignature = "gpgsig nobody\n";

// A commit of one entry.
Repository repository_of(std::string_view mode, std::string_view content) {
  Repository repository;
  const std::string blob = repository.add_loose("blob", content);
  repository.add_commit(repository.add_loose("tree", entry(mode, "a", blob)), kSignature);
  return repository;
}

WorkFile link_to(std::string path, std::string target) {
  WorkFile link{.path = std::move(path)};
  link.link_target = std::move(target);
  return link;
}

WorkFile followed(std::string path, std::string_view content) {
  WorkFile file = work_file(std::move(path), as_bytes(content));
  file.followed_link = true;
  return file;
}

// The state of the only file, and the first class that is not a pass.
std::string outcome(const Repository& repository, const WorkFile& file) {
  const Evidence evidence = repository.check({file}).evidence;
  std::string text(to_string(evidence.coverage.at(0).state));
  for (const Check& check : evidence.checks.list()) {
    const bool is_of_files = check.outcome != Outcome::passed && check.name != "git.method";
    if (is_of_files) return text + " " + check.name;
  }
  return text;
}

}  // namespace

TEST_CASE("a link in the place of a file is a change, wherever it leads") {
  const Repository repository = repository_of("100644", "hello");
  CHECK(outcome(repository, link_to("a", "")) == "changed git.content");
  CHECK(outcome(repository, link_to("a", "hello")) == "changed git.content");
  CHECK(outcome(repository, followed("a", "other")) == "changed git.content");
  CHECK(outcome(repository, followed("a", "hello")) == "covered");
}

TEST_CASE("a link is compared by where it leads, and a file in its place by what it holds") {
  const Repository repository = repository_of("120000", "target");
  CHECK(outcome(repository, link_to("a", "target")) == "covered");
  CHECK(outcome(repository, link_to("a", "elsewhere")) == "changed git.content");
  CHECK(outcome(repository, work_file("a", as_bytes("target"))) == "covered");
  CHECK(outcome(repository, work_file("a", as_bytes("weights"))) == "changed git.content");
  // Where it leads is not told.
  CHECK(outcome(repository, link_to("a", "")) == "not-covered git.link");
  CHECK(outcome(repository, followed("a", "weights")) == "not-covered git.link");
  CHECK(repository.check({{.path = "a"}}).work.blob_id == std::vector<std::string>{"a"});
}

TEST_CASE("files are covered, changed, missing and extra") {
  const Repository repository = repository_of("100644", "hello");
  CHECK(outcome(repository, work_file("a", as_bytes("hello"))) == "covered");
  CHECK(outcome(repository, work_file("a", as_bytes("hellO"))) == "changed git.content");
  CHECK(outcome(repository, {.path = "a"}) == "not-covered git.unread");
  const Evidence evidence = repository.check({work_file("b", as_bytes("hello"))}).evidence;
  CHECK(evidence.coverage ==
        std::vector<Coverage>{{"a", CoverageState::missing}, {"b", CoverageState::extra}});
  CHECK(evidence.checks.first_failure()->name == "git.missing");
  CHECK(evidence.checks.first(Outcome::warned)->name == "git.extra");
}

TEST_CASE("weights are what their pointer says; a pointer in their place is none") {
  const std::string weights(3000, 'w');
  const WorkFile good = work_file("a", as_bytes(weights));
  const std::string pointer = pointer_text({.sha256 = good.sha256, .size = good.size});
  const Repository repository = repository_of("100644", pointer);
  CHECK(outcome(repository, good) == "covered");
  CHECK(outcome(repository, work_file("a", as_bytes("other"))) == "changed git.content");
  WorkFile lying = good;
  lying.size += 1;
  CHECK(outcome(repository, lying) == "changed git.content");
  CHECK(outcome(repository, work_file("a", as_bytes(pointer))) == "weights-absent git.pointer");
  const std::string other = pointer_text({.sha256 = std::string(64, 'a'), .size = good.size});
  CHECK(outcome(repository, work_file("a", as_bytes(other))) == "changed git.content");
}

TEST_CASE("a pointer is no weights although its blob is not in the clone") {
  const WorkFile good = work_file("a", as_bytes(std::string(3000, 'w')));
  const std::string pointer = pointer_text({.sha256 = good.sha256, .size = good.size});
  Repository repository;
  const std::string blob = object_id("blob", as_bytes(pointer));
  repository.add_commit(repository.add_loose("tree", entry("100644", "a", blob)), kSignature);
  CHECK(outcome(repository, work_file("a", as_bytes(pointer))) ==
        "weights-absent git.object.missing");
  // It may be what the pointer names or not.
  CHECK(outcome(repository, good) == "not-covered git.object.missing");
}

TEST_CASE("files of submodules are not compared, and not called extra") {
  Repository repository;
  const std::string blob = repository.add_loose("blob", "x");
  const std::string tree = repository.add_loose(
      "tree", entry("160000", "m", std::string(40, 'a')) + entry("100644", "n", blob));
  repository.add_commit(tree, kSignature);
  const Evidence evidence =
      repository
          .check({work_file("m/x", as_bytes("x")), work_file("mm/x", as_bytes("x")),
                  work_file("n", as_bytes("x"))})
          .evidence;
  CHECK(evidence.coverage == std::vector<Coverage>{{"m", CoverageState::not_covered},
                                                   {"m/x", CoverageState::not_covered},
                                                   {"mm/x", CoverageState::extra},
                                                   {"n", CoverageState::covered}});
  CHECK(evidence.checks.first(Outcome::unknown)->name == "git.method");
  CHECK_FALSE(evidence.checks.has(Outcome::failed));
}
