#include "scanner/artifact_assembler.h"

#include <catch2/catch.hpp>

using namespace assay;

namespace {

Fact oddity(std::uint64_t offset) { return {offset, 0, Anomaly{"x.odd", ""}}; }

}  // namespace

TEST_CASE("what a rejected reading said does not count, what an accepted one said does") {
  ArtifactAssembler assembler;
  assembler.begin_artifact("a.zip");
  assembler.begin_attempt("pickle");
  assembler.fact(oddity(1));
  assembler.gap({ParseErrc::malformed, 1, "no"});
  assembler.reject();
  assembler.begin_attempt("zip");
  assembler.fact(oddity(9));
  assembler.begin_artifact("m");
  assembler.gap({ParseErrc::unsupported, 0, "unknown"});
  assembler.end_artifact(3, "ab");
  assembler.fact(oddity(5));
  assembler.accept("torch-zip");
  assembler.end_artifact(10, "cd");
  REQUIRE(assembler.is_complete());
  CHECK(assembler.is_consistent());
  const Artifact artifact = assembler.take();
  CHECK(artifact.format == "torch-zip");
  CHECK(artifact.facts == std::vector{oddity(5), oddity(9)});
  CHECK(artifact.gaps.empty());
  REQUIRE(artifact.members.size() == 1);
  CHECK(artifact.members[0].path == "a.zip!/m");
  CHECK(artifact.members[0].gaps ==
        std::vector{Gap{"a.zip!/m", ParseErrc::unsupported, "unknown", 0}});
  CHECK(artifact.members[0].format == "unknown");
  CHECK(artifact.size == 10);
}

TEST_CASE("an artifact cut off in the middle keeps what was found in every open reading") {
  ArtifactAssembler assembler;
  assembler.begin_artifact("a");
  assembler.begin_attempt("zip");
  assembler.fact(oddity(1));
  assembler.begin_artifact("b");
  assembler.begin_attempt("pickle");
  assembler.fact(oddity(2));
  CHECK_FALSE(assembler.is_complete());
  const Artifact artifact = assembler.take();
  CHECK(artifact.formats == std::vector<std::string>{"zip"});
  CHECK(artifact.facts == std::vector{oddity(1)});
  REQUIRE(artifact.members.size() == 1);
  CHECK(artifact.members[0].facts == std::vector{oddity(2)});
}

TEST_CASE("words out of order change nothing and are remembered") {
  using Say = void (*)(ArtifactAssembler&);
  const auto say = GENERATE(values<Say>({
      [](ArtifactAssembler& b) { b.fact(oddity(0)); },
      [](ArtifactAssembler& b) { b.gap({}); },
      [](ArtifactAssembler& b) { b.accept("zip"); },
      [](ArtifactAssembler& b) { b.reject(); },
      [](ArtifactAssembler& b) { b.begin_attempt("zip"); },
      [](ArtifactAssembler& b) { b.end_artifact(1, ""); },
      [](ArtifactAssembler& b) { b.begin_artifact("a"), b.begin_artifact("b"); },
      [](ArtifactAssembler& b) {
        b.begin_artifact("a"), b.begin_attempt("x"), b.begin_attempt("y");
      },
      [](ArtifactAssembler& b) {
        b.begin_artifact("a"), b.begin_attempt("x"), b.end_artifact(1, "");
      },
      [](ArtifactAssembler& b) {
        b.begin_artifact("a"), b.end_artifact(1, ""), b.begin_artifact("b");
      },
  }));
  ArtifactAssembler assembler;
  say(assembler);
  CHECK_FALSE(assembler.is_consistent());
  CHECK(assembler.take().facts.empty());
}
