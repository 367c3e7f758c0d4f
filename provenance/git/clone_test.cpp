#include "provenance/git/clone.h"

#include <catch2/catch.hpp>

#include "provenance/git/commit_files.h"
#include "provenance/git/repository_builder.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::git;
using namespace assay::provenance::git::testing;

namespace {

std::string failure_of(const Evidence& evidence) {
  if (const Check* failed = evidence.checks.first_failure()) return failed->name;
  const Check* open = evidence.checks.first(Outcome::unknown);
  return open ? open->name : "";
}

// The files of a commit as the store alone tells them.
std::optional<std::map<std::string, CommitFile>> files_in(const Repository& repository,
                                                          const std::string& tree, Checks& checks) {
  std::vector<StoreFile> listing;
  std::vector<StorePart> parts;
  for (const auto& [path, content] : repository.files) {
    listing.push_back({path, content.size()});
    parts.push_back({path, 0, content});
  }
  GitFiles files(listing, parts);
  ObjectStore store(files);
  return files_of_commit(store, tree, checks);
}

}  // namespace

TEST_CASE("a HEAD that leads nowhere is no commit") {
  Repository repository;
  CHECK(failure_of(repository.check().evidence) == "git.ref");
  repository.add_commit(repository.add_loose("tree", ""));
  for (const char* head : {"", "main", "ref: ../config", "ref: refs/heads/absent", "ref: HEAD"}) {
    repository.files["HEAD"] = head;
    CAPTURE(head);
    CHECK(failure_of(repository.check().evidence) == "git.ref");
  }
  repository.files["HEAD"] = std::string(40, 'a');
  CHECK(failure_of(repository.check().evidence) == "git.object.missing");
  repository.files["HEAD"] = repository.add_loose("blob", "hello");
  CHECK(failure_of(repository.check().evidence) == "git.object");
  repository.files["reftable/tables.list"] = "";
  CHECK(failure_of(repository.check().evidence) == "git.unsupported");
}

TEST_CASE("refs are read loose, packed and detached; an unsigned commit says so") {
  Repository repository;
  const std::string id = repository.add_commit(repository.add_loose("tree", ""));
  CHECK(failure_of(repository.check().evidence) == "git.unsigned");
  repository.files.erase("refs/heads/main");
  repository.files["packed-refs"] = "# pack-refs with: peeled\n" + std::string(40, 'b') +
                                    " refs/heads/maine\n" + id + " refs/heads/main\n^" + id + "\n";
  CHECK(failure_of(repository.check().evidence) == "git.unsigned");
  repository.files["HEAD"] = id + "\n";
  std::size_t rounds = 0;
  CHECK(failure_of(repository.check({}, &rounds).evidence) == "git.unsigned");
  CHECK(rounds == 2);
}

TEST_CASE("forms of repository that are not read are said so, not rejected") {
  Repository repository;
  const std::string id = repository.add_commit(repository.add_loose("tree", ""));
  const auto with = [&](const std::string& path, const std::string& content) {
    Repository changed = repository;
    changed.files[path] = content;
    return failure_of(changed.check().evidence);
  };
  const std::string sha256(64, 'a');
  CHECK(with("refs/heads/main", sha256 + "\n") == "git.unsupported");
  CHECK(with("HEAD", sha256 + "\n") == "git.unsupported");
  CHECK(with("refs/heads/main", "ref: refs/heads/other\n") == "git.unsupported");
  CHECK(with("commondir", "../..\n") == "git.unsupported");
  CHECK(with("HEAD", "ref:\trefs/heads/main") == "git.unsigned");
  repository.files.erase("refs/heads/main");
  CHECK(with("packed-refs", sha256 + " refs/heads/main\n") == "git.unsupported");
  CHECK(with("packed-refs", "refs/heads/main\n " + id + " refs/heads/main") == "git.ref");
  Repository file;
  file.files[".git"] = "gitdir: /somewhere/else\n";
  CHECK(failure_of(file.check().evidence) == "git.unsupported");
}

TEST_CASE("objects borrowed from elsewhere are not followed") {
  Repository repository;
  repository.files["objects/info/alternates"] = "/somewhere/else\n";
  CHECK(failure_of(repository.check().evidence) == "git.unsupported");
}

TEST_CASE("a commit's files are found with what their pointers say") {
  Repository repository;
  const std::string pointer =
      "version https://git-lfs.github.com/spec/v1\noid sha256:" + std::string(64, 'a') +
      "\nsize 7\n";
  const std::string blob = repository.add_loose("blob", "hello");
  const std::string weights = repository.add_loose("blob", pointer);
  const std::string folder = repository.add_loose("tree", entry("100644", "w.bin", weights));
  const std::string tree =
      repository.add_loose("tree", entry("100644", "a", blob) + entry("40000", "sub", folder));
  Checks checks;
  const auto files = files_in(repository, tree, checks);
  REQUIRE(files.has_value());
  CHECK(files->size() == 2);
  CHECK_FALSE(files->at("a").pointer.has_value());
  REQUIRE(files->at("sub/w.bin").pointer.has_value());
  CHECK(files->at("sub/w.bin").pointer->size == 7);
}

TEST_CASE("a tree that holds itself many times over ends within its budget") {
  Repository repository;
  std::string tree = repository.add_loose("tree", "");
  for (int depth = 0; depth < 30; ++depth) {
    std::string content;
    for (char name = 'a'; name < 'k'; ++name) content += entry("40000", {&name, 1}, tree);
    tree = repository.add_loose("tree", content);
  }
  Checks checks;
  CHECK_FALSE(files_in(repository, tree, checks).has_value());
  REQUIRE(checks.first(Outcome::unknown));
  CHECK(checks.first(Outcome::unknown)->name == "git.budget");
}

TEST_CASE("objects of another type and ones that are absent are told apart") {
  Repository repository;
  const std::string blob = repository.add_loose("blob", "hello");
  Checks checks;
  CHECK_FALSE(files_in(repository, blob, checks).has_value());
  CHECK(checks.first_failure()->name == "git.object");
  const std::string tree = repository.add_loose("tree", entry("100644", "a", std::string(40, 'c')));
  Checks partial;
  const auto files = files_in(repository, tree, partial);
  REQUIRE(files.has_value());
  CHECK_FALSE(files->at("a").is_known);
  CHECK(partial.first(Outcome::unknown)->name == "git.object.missing");
}
