#include "provenance/intoto/slsa.h"

#include <catch2/catch.hpp>

#include "provenance/intoto/dependency.h"
#include "provenance/json.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::intoto;

namespace {

constexpr std::string_view kWorkflow =
    "https://github.com/o/r/.github/workflows/w.yml@refs/tags/v1";
constexpr std::string_view kGitHub = "https://token.actions.githubusercontent.com";

// "class=outcome ..." of check_build.
std::string judged(const SlsaProvenance& slsa, const Signer& signer) {
  Checks checks;
  check_build(slsa, signer, checks);
  std::string text;
  for (const Check& check : checks.list()) {
    text += (text.empty() ? "" : " ") + check.name + "=" + std::string(to_string(check.outcome));
  }
  return text;
}

std::string builder(std::string_view id, const Signer& signer) {
  return judged({.builder_id = std::string(id)}, signer);
}

Signer github(std::vector<std::pair<std::string, std::string>> claims, std::string_view san = "") {
  return {
      .identity = std::string(san), .issuer = std::string(kGitHub), .claims = std::move(claims)};
}

SlsaProvenance read(std::string_view version, std::string_view predicate) {
  Checks checks;
  return read_slsa(version, parse_json(as_bytes(predicate)).value(), checks);
}

}  // namespace

TEST_CASE("a builder is believed when the certificate names it, and no other is") {
  const Signer signer = github({{"build_signer_uri", std::string(kWorkflow)}}, kWorkflow);
  CHECK(builder(kWorkflow, signer) == "slsa.builder=passed");
  CHECK(builder("https://github.com/evil/r/.github/workflows/w.yml@refs/tags/v1", signer) ==
        "slsa.builder=failed");
  CHECK(builder(std::string(kWorkflow) + "0", signer) == "slsa.builder=failed");
  CHECK(builder(kWorkflow, {}) == "slsa.builder=warned");
  CHECK(builder(kWorkflow, github({}, kWorkflow)) == "slsa.builder=passed");
  // What the certificate says of the build counts, not whom it names.
  CHECK(builder(kWorkflow, github({{"build_signer_uri", "https://x.test"}}, kWorkflow)) ==
        "slsa.builder=failed");
  CHECK(builder("", signer).empty());
}

TEST_CASE("npm's builders are GitHub's runners, of the kind in the certificate") {
  const std::string runner = "https://github.com/actions/runner";
  Signer signer = github(
      {{"build_signer_uri", std::string(kWorkflow)}, {"runner_environment", "github-hosted"}});
  CHECK(builder(runner + "/github-hosted", signer) == "slsa.builder=passed");
  CHECK(builder(runner + "/self-hosted", signer) == "slsa.builder=failed");
  CHECK(builder(runner, signer) == "slsa.builder=warned");
  signer.issuer = "https://evil.test";
  CHECK(builder(runner + "/github-hosted", signer) == "slsa.builder=failed");
}

TEST_CASE("another source than the certificate's fails for builds of the workflow's own source") {
  const Signer signer = github({{"build_signer_uri", std::string(kWorkflow)},
                                {"source_repository_uri", "https://github.com/o/r"},
                                {"source_repository_digest", "abc"}});
  SlsaProvenance slsa{.builder_id = std::string(kWorkflow),
                      .build_type = "https://actions.github.io/buildtypes/workflow/v1",
                      .source_repository = "https://github.com/o/r"};
  const auto source = [&] { return judged(slsa, signer).substr(20); };
  CHECK(source() == "slsa.source=passed");
  slsa.source_digest = "abc";
  CHECK(source() == "slsa.source=passed");
  slsa.source_digest = "abd";
  CHECK(source() == "slsa.source=warned");
  slsa.source_repository = "https://github.com/o/r2";
  CHECK(source() == "slsa.source=failed");
  slsa.build_type = "https://other.test";
  CHECK(source() == "slsa.source=warned");
}

TEST_CASE("the three versions say the same in their own places") {
  const SlsaProvenance v1 = read("1", R"({"buildDefinition":{"buildType":"t","externalParameters":
    {"source":{"uri":"git+https://h.test/r.git@refs/heads/x"}},"resolvedDependencies":
    [{"uri":"git+https://h.test/r@refs/heads/x","digest":{"sha1":"c"}}]},
    "runDetails":{"builder":{"id":"b"},"metadata":{"invocationId":"i","finishedOn":"f"}}})");
  CHECK(v1.builder_id == "b");
  CHECK(v1.source_repository == "https://h.test/r");
  CHECK(v1.source_ref == "refs/heads/x");
  CHECK(v1.source_digest == "c");
  CHECK(v1.finished_on == "f");
  const SlsaProvenance v02 = read("0.2", R"({"builder":{"id":"b"},"buildType":"t","invocation":
    {"configSource":{"uri":"git+https://h.test/r@v1","digest":{"sha1":"c"},"entryPoint":"e"}},
    "metadata":{"buildInvocationId":"i","buildStartedOn":"s"},"materials":[{"uri":"m"}]})");
  CHECK(v02.build_type == "t");
  CHECK(v02.source_repository == "https://h.test/r");
  CHECK(v02.source_ref == "v1");
  CHECK(v02.source_digest == "c");
  CHECK(v02.entry_point == "e");
  CHECK(v02.dependencies.size() == 1);
  const SlsaProvenance v01 = read("0.1", R"({"builder":{"id":"b"},"recipe":{"type":"t",
    "definedInMaterial":1,"entryPoint":"e"},"materials":[{"uri":"m"},
    {"uri":"git+https://h.test/r","digest":{"sha1":"c"}}]})");
  CHECK(v01.build_type == "t");
  CHECK(v01.source_repository == "https://h.test/r");
  CHECK(v01.source_digest == "c");
  CHECK(read("0.1", R"({"recipe":{"definedInMaterial":9}})").source_repository.empty());
  CHECK(read("0.1", R"({"recipe":{"definedInMaterial":-1},"materials":[{}]})").builder_id.empty());
}

TEST_CASE("only the Hub itself makes a dependency a model or a data set") {
  const auto kind = [](std::string_view uri) { return to_string(kind_of_dependency(uri)); };
  for (const char* model :
       {"https://huggingface.co/org/name", "git+https://huggingface.co/org/name@main",
        "hf://org/name", "pkg:huggingface/org/name@1", "https://user@HuggingFace.co:443/gpt2",
        "https://hf.co/gpt2"}) {
    CAPTURE(model);
    CHECK(kind(model) == "base_model");
  }
  CHECK(kind("https://huggingface.co/datasets/org/name") == "dataset");
  CHECK(kind("hf://datasets/org/name") == "dataset");
  for (const char* other :
       {"https://huggingface.co.evil.test/org/name", "https://evilhuggingface.co/org/name",
        "https://evil.test/huggingface.co/x", "https://huggingface.co@evil.test/x",
        "https://huggingface.co/", "https://huggingface.co/spaces/a/b", "", "pkg:pypi/x",
        "file://huggingface.co/a"}) {
    CAPTURE(other);
    CHECK(kind(other) == "dependency");
  }
}

TEST_CASE("a source's address is parted from its branch") {
  const auto parts = [](std::string_view uri) {
    const SourceUri source = parse_source_uri(uri);
    return source.repository + " " + source.ref;
  };
  CHECK(parts("git+https://h.test/o/r@refs/heads/a@b") == "https://h.test/o/r refs/heads/a@b");
  CHECK(parts("git+ssh://git@h.test/o/r.git") == "ssh://git@h.test/o/r ");
  CHECK(parts("https://h.test/o/r/") == "https://h.test/o/r ");
  CHECK(parts("o/r@v") == "o/r v");
  CHECK(parts("") == " ");
}
