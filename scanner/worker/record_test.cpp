#include "scanner/worker/record.h"

#include <catch2/catch.hpp>

#include "scanner/artifact_assembler.h"
#include "tests/support/hex.h"
#include "tests/support/test_listener.h"

using namespace assay;
using wire::RecordReader;
using wire::RecordWriter;

namespace {

struct Text final : wire::ByteSink {
  void append(std::string_view bytes) override { text.append(bytes); }
  std::string text;
};

provenance::Evidence evidence() {
  provenance::Evidence evidence;
  evidence.kind = "oms";
  evidence.method = "key";
  evidence.checks.pass("tlog.set", "well");
  evidence.checks.fail("signature", "not so well");
  evidence.signer = provenance::Signer{"a@b", "https://issuer", "00ff", {{"claim", "value"}}};
  evidence.signer_checked = true;
  evidence.times = {{"rekor", "https://log", -7}};
  evidence.coverage = {{"a/b", provenance::CoverageState::extra}};
  evidence.properties = {{"log_index", "7"}};
  return evidence;
}

// One fact of each kind, no field left empty.
std::vector<FactValue> all_kinds() {
  const Import import{"os", "system"};
  const Call call{.callee = import,
                  .kind = CallKind::newobj,
                  .arguments = {{ArgumentKind::global, "os.system", import},
                                {ArgumentKind::constant, std::string("'a\0b'", 5), {}}},
                  .passes = {import, {"builtins", "eval"}},
                  .expression = "os.system('a')",
                  .callee_unknown = true,
                  .opcodes = {"0: GLOBAL 'os system'", "11: REDUCE"}};
  return {import,
          call,
          CodeBlob{"python", "import os"},
          Reference{"external-data", "../x"},
          Member{"data.pkl", "stored", 10, 20},
          Tensor{"w", "F32", {2, 3}, 24},
          Metadata{"key", "value"},
          Embedded{"elf"},
          Anomaly{"zip.odd", "detail"},
          Match{"RULE", "excerpt", "high", "what"},
          Signature{"pgp", "rejected", "somebody", "signature", "why"},
          Instruction{"GLOBAL", "'os system'", "os.system", 1, 2},
          evidence(),
          ContentDigest{1, std::string("\0\x7f", 2)}};
}

std::string greeting() {
  Text out;
  RecordWriter(out).ready({{"seccomp", true, "29 calls"}});
  return out.text;
}

void say_everything(AnalysisSink& sink) {
  sink.begin_artifact("a.zip");
  sink.begin_attempt("zip");
  sink.begin_artifact("m");
  for (const FactValue& value : all_kinds()) sink.fact({3, 4, value});
  sink.gap({ParseErrc::encrypted, 7, "locked"});
  sink.end_artifact(9, std::string(64, 'a'));
  sink.accept("torch-zip");
  sink.begin_attempt("tar");
  sink.reject();
  sink.end_artifact(100, "");
}

}  // namespace

TEST_CASE("what a worker says arrives as it was said, however the bytes are cut") {
  STATIC_REQUIRE(std::variant_size_v<FactValue> == 14);
  ArtifactAssembler direct;
  say_everything(direct);
  const Artifact expected = direct.take();
  Text out;
  RecordWriter writer(out);
  writer.ready({{"landlock", false, "ENOSYS"}});
  say_everything(writer);
  writer.done(5);
  const std::size_t step = GENERATE(1U, 2U, 7U, 64U, 1U << 20);
  CAPTURE(step);
  test::Listener listener;
  RecordReader reader(listener, test::kRoomy);
  for (std::size_t at = 0; at < out.text.size(); at += step) {
    REQUIRE(reader.feed(as_bytes(std::string_view(out.text).substr(at, step))));
  }
  CHECK(reader.is_ready());
  REQUIRE(listener.done.size() == 1);
  CHECK(listener.done[0].first == 5);
  const Artifact& got = listener.done[0].second;
  CHECK(got.formats == expected.formats);
  REQUIRE(got.members.size() == 1);
  CHECK(got.members[0].facts == expected.members[0].facts);
  CHECK(got.members[0].facts.size() == 14);
  CHECK(got.members[0].gaps == expected.members[0].gaps);
  CHECK(got.members[0].sha256 == std::string(64, 'a'));
  CHECK(got.size == 100);
}

TEST_CASE("bytes that no worker of ours writes end the reading for good") {
  const auto [what, hex] = GENERATE(table<std::string, std::string>({
      {"a second greeting",
       "0400000000"
       "00000000"},
      {"a kind that is none",
       "00000000"
       "09"},
      {"a record of more than 16 MiB",
       "01000001"
       "06"},
      {"a fact of no kind",
       "11000000"
       "06"
       "0000000000000000"
       "0000000000000000"
       "0b"},
      {"a fact that is cut short",
       "12000000"
       "06"
       "0000000000000000"
       "0000000000000000"
       "0001"},
      {"a text longer than its record",
       "15000000"
       "06"
       "0000000000000000"
       "0000000000000000"
       "07"
       "ffffffff"},
      {"a list longer than its record",
       "1d000000"
       "06"
       "0000000000000000"
       "0000000000000000"
       "05"
       "00000000"
       "00000000"
       "ffffffff"},
      {"a gap for a reason that is none",
       "0d000000"
       "07"
       "0a"
       "0000000000000000"
       "00000000"},
      {"a digest that is none",
       "10000000"
       "02"
       "0000000000000000"
       "04000000"
       "2e2e2f78"},
      {"an end with bytes left over",
       "0d000000"
       "02"
       "0000000000000000"
       "00000000"
       "00"},
      {"a format of 65 bytes",
       "41000000"
       "03" +
           std::string(130, '6')},
      {"a rejection with words",
       "01000000"
       "05"
       "00"},
      {"an end of another file",
       "08000000"
       "08"
       "0900000000000000"},
  }));
  CAPTURE(what);
  test::Listener listener;
  RecordReader reader(listener, test::kRoomy);
  REQUIRE(reader.feed(as_bytes(greeting())));
  CHECK_FALSE(reader.feed(test::bytes(hex)));
  CHECK_FALSE(reader.why().empty());
  CHECK_FALSE(reader.feed(as_bytes(greeting())));
}

TEST_CASE("nothing counts before the greeting") {
  test::Listener listener;
  RecordReader reader(listener, test::kRoomy);
  Text out;
  RecordWriter(out).begin_artifact("a");
  CHECK_FALSE(reader.feed(as_bytes(out.text)));
  CHECK(listener.depth() == 0);
}

TEST_CASE("more of anything than a file may bring ends the reading") {
  using Say = void (*)(RecordWriter&);
  const auto [what, say] = GENERATE(table<std::string, Say>({
      {"facts", [](RecordWriter& w) { w.fact({0, 0, Embedded{"elf"}}); }},
      {"gaps", [](RecordWriter& w) { w.gap({ParseErrc::malformed, 0, ""}); }},
      {"bytes", [](RecordWriter& w) { w.fact({0, 0, Embedded{std::string(2000, 'x')}}); }},
      {"artifacts",
       [](RecordWriter& w) {
         w.begin_attempt("x"), w.begin_artifact("m"), w.end_artifact(0, ""), w.accept("x");
       }},
      {"fact bytes", [](RecordWriter& w) { w.fact({0, 0, Tensor{.name = "w", .shape = {1, 2}}}); }},
      {"attempts", [](RecordWriter& w) { w.begin_attempt("x"), w.accept("x"); }},
      {"paths of gaps", [](RecordWriter& w) { w.gap({ParseErrc::malformed, 0, ""}); }},
      {"depth", [](RecordWriter& w) { w.begin_attempt("x"), w.begin_artifact("m"); }},
  }));
  CAPTURE(what);
  Text out;
  RecordWriter writer(out);
  writer.begin_artifact(std::string(100, 'a'));
  for (int i = 0; i < 10; ++i) say(writer);
  test::Listener listener;
  const bool is_by_path = what == "paths of gaps";
  RecordReader reader(listener, {.facts = what == "fact bytes" ? 50U : 5U,
                                 .fact_bytes = 1000,
                                 .gaps = is_by_path ? 50U : 5U,
                                 .artifacts = 5,
                                 .attempts = 8,
                                 .depth = 6,
                                 .bytes = is_by_path ? 1200U : 5000U});
  REQUIRE(reader.feed(as_bytes(greeting())));
  CHECK_FALSE(reader.feed(as_bytes(out.text)));
}

TEST_CASE("each member pays for the whole of its path, and no name in it is long") {
  Text out;
  RecordWriter writer(out);
  writer.begin_artifact("a");
  for (int level = 0; level < 3; ++level) {
    writer.begin_attempt("x");
    writer.begin_artifact(std::string(kMaxPathName, 'n'));
  }
  test::Listener listener;
  wire::RecordLimits limits = test::kRoomy;
  limits.fact_bytes = 3 + kMaxPathName + 5 + 2 * kMaxPathName;
  RecordReader reader(listener, limits);
  REQUIRE(reader.feed(as_bytes(greeting())));
  CHECK_FALSE(reader.feed(as_bytes(out.text)));
  CHECK(reader.why() == "too many bytes of paths");
  CHECK(listener.depth() == 6);
  out.text.clear();
  writer.begin_artifact("a"), writer.begin_attempt("x");
  writer.begin_artifact(std::string(kMaxPathName + 1, 'n'));
  test::Listener other;
  RecordReader anew(other, test::kRoomy);
  REQUIRE(anew.feed(as_bytes(greeting())));
  CHECK_FALSE(anew.feed(as_bytes(out.text)));
}

TEST_CASE("a fact that no record holds is told without its lists, and as a gap") {
  Call call{.callee = {"os", "system"}};
  call.passes.assign(300, Import{std::string(65'536, 'x'), "y"});
  Text out;
  RecordWriter writer(out);
  writer.begin_artifact("a");
  writer.fact({1, 2, call});
  test::Listener listener;
  RecordReader reader(listener, test::kRoomy);
  REQUIRE(reader.feed(as_bytes(greeting())));
  REQUIRE(reader.feed(as_bytes(out.text)));
  const Artifact artifact = listener.assembler.take();
  REQUIRE(artifact.facts.size() == 1);
  CHECK(std::get<Call>(artifact.facts[0].value).callee == call.callee);
  CHECK(artifact.gaps.size() == 1);
}
