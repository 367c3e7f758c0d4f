#include "provenance/intoto/verify.h"

#include <catch2/catch.hpp>

#include "provenance/intoto/attestation_maker.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::intoto;
using namespace assay::provenance::testing;

TEST_CASE("provenance signed by a key tells builder, source and what a model was made from") {
  const Evidence evidence = about(subject("a.bin", sha256("hello")));
  CHECK(evidence.state() == "verified");
  CHECK(evidence.kind == "slsa");
  CHECK(evidence.method == "key");
  CHECK(states(evidence) == "a.bin=covered sub/b.bin=extra");
  const auto one = [&](std::string_view name) { return properties(evidence, name).at(0); };
  CHECK(one("builder_id") == kBuilder);
  CHECK(one("build_type") == "https://t.test/b");
  CHECK(one("source_repository") == "https://github.com/o/r");
  CHECK(one("source_ref") == "refs/heads/main");
  CHECK(one("source_digest") == "abc");
  CHECK(one("entry_point") == ".github/workflows/w.yml");
  CHECK(one("invocation_id") == "https://i.test/1");
  CHECK(one("started_on") == "2026-01-01T00:00:00Z");
  CHECK(one("base_model") == "https://huggingface.co/org/base gitCommit:def");
  CHECK(one("dataset") == "hf://datasets/org/data");
  CHECK(one("dependency") == "git+https://github.com/o/r@refs/heads/main gitCommit:abc");
  CHECK(warning_of(evidence) == "slsa.builder");  // a key says nothing of a builder
}

TEST_CASE("a statement about other content, or about nothing, is rejected") {
  const Evidence changed = about(subject("a.bin", sha256("HELLO")));
  CHECK(problem_of(changed) == "artifact.digest");
  CHECK(states(changed) == "a.bin=changed sub/b.bin=extra");
  CHECK(states(about(subject("./a.bin", sha256("x")))) == "a.bin=changed sub/b.bin=extra");
  CHECK(states(about(subject("b.bin", sha256("x")))) == "a.bin=extra sub/b.bin=changed");
  CHECK(problem_of(about(subject("c.bin", sha256("x")))) == "artifact.digest");
  CHECK(problem_of(about("")) == "artifact.digest");
  CHECK(problem_of(about(subject("a.bin", "zz"))) == "artifact.digest");
  CHECK(problem_of(about(subject("a.bin", ""))) == "artifact.digest");
}

TEST_CASE("one changed file among covered ones rejects") {
  const Evidence evidence =
      about(subject("a.bin", sha256("hello")) + "," + subject("sub/b.bin", sha256("x")));
  CHECK(problem_of(evidence) == "artifact.digest");
  CHECK(states(evidence) == "a.bin=covered sub/b.bin=changed");
}

TEST_CASE("a file is covered by its content under any name, and swapped names are told") {
  const Evidence renamed = about(subject("elsewhere.bin", sha256("hello")));
  CHECK(renamed.state() == "verified");
  CHECK(states(renamed) == "a.bin=covered sub/b.bin=extra");
  const Evidence swapped =
      about(subject("a.bin", sha256("other")) + "," + subject("sub/b.bin", sha256("hello")));
  CHECK(states(swapped) == "a.bin=covered sub/b.bin=covered");
  CHECK(warning_of(swapped) == "artifact.name");
}

TEST_CASE("of two subjects with one name either may be the file") {
  const std::string right = subject("a.bin", sha256("hello"));
  const std::string wrong = subject("a.bin", sha256("x"));
  for (const std::string& both : {right + "," + wrong, wrong + "," + right}) {
    const Evidence evidence = about(both);
    CHECK(evidence.state() == "verified");
    CHECK(warning_of(evidence) == "slsa.builder");
  }
}

TEST_CASE("digests of a subject must all agree, and unknown ones cannot be compared") {
  const std::string digests =
      R"({"name":"a.bin","digest":{"sha256":")" + sha256("hello") + R"(","sha512":"00"}})";
  std::vector<NamedArtifact> files = kFiles;
  CHECK(Signed(slsa_statement(digests)).verify(files).state() == "verified");
  files[0].digests.digests[HashKind::sha512] = digest_of(HashKind::sha512, as_bytes("hello"));
  CHECK(problem_of(Signed(slsa_statement(digests)).verify(files)) == "artifact.digest");

  for (const char* algorithm : {"md5", "sha512", "gitCommit", "SHA256"}) {
    const Evidence evidence = about(subject("a.bin", sha256("hello"), algorithm));
    CAPTURE(algorithm);
    CHECK(evidence.state() == "unchecked");
    CHECK(problem_of(evidence) == "artifact.digest");
    CHECK(states(evidence) == "a.bin=not-covered sub/b.bin=extra");
  }
}

TEST_CASE("a repository is matched by its commit") {
  const std::vector<NamedArtifact> files{
      {.path = "", .digests = {}, .git_commit = "00112233445566778899aabbccddeeff00112233"}};
  const auto state = [&](std::string_view commit) {
    return std::string(
        Signed(slsa_statement(subject("r", commit, "gitCommit"))).verify(files).state());
  };
  CHECK(state("00112233445566778899AABBCCDDEEFF00112233") == "verified");
  CHECK(state("ff112233445566778899aabbccddeeff00112233") == "rejected");
}

TEST_CASE("a bundle must be signed by the key asked for, and logged if it says so") {
  Signed made(slsa_statement(subject("a.bin", sha256("hello"))));
  made.how.key = public_of(ec_key());
  CHECK(problem_of(made.verify(kFiles)) == "signature.dsse");
  made.how.key.reset();
  CHECK(made.verify(kFiles).state() == "unchecked");
  made.how.key = public_of(made.key);
  made.how.identity = IdentityPolicy{"a", "b"};
  CHECK(problem_of(made.verify(kFiles)) == "bundle.material");

  World world;
  const std::string kind = "dsse/0.0.1";
  world.bundle = envelope_bundle(world.key, slsa_statement(subject("a.bin", sha256("hello"))));
  log_in(world.bundle, world.log, kind, body_of(world.bundle, world.key, kind));
  const std::string document = json_of(world.bundle);
  AttestationVerification how{.root = &world.root, .identity = {}, .key = public_of(world.key)};
  CHECK(verify_attestations(as_bytes(document), kFiles, how).at(0).state() == "verified");
  how.root = nullptr;
  CHECK(problem_of(verify_attestations(as_bytes(document), kFiles, how).at(0)) ==
        "tlog.unknown-log");
}

TEST_CASE("many files and many subjects of one digest take no time to speak of") {
  std::string subjects = subject("s", sha256("same"));
  std::vector<NamedArtifact> files;
  for (int i = 0; i < 20'000; ++i) {
    subjects += "," + subject("s" + std::to_string(i), sha256("same"));
    files.push_back(file("f" + std::to_string(i), i % 2 == 0 ? "same" : "x"));
  }
  const Evidence evidence = Signed(slsa_statement(subjects)).verify(files);
  CHECK(evidence.state() == "verified");
  CHECK(evidence.coverage.size() == 10'000);
  CHECK(properties(evidence, "files_not_listed").at(0) == "10000");
  CHECK(properties(evidence, "subject_count").at(0) == "20001");
}

TEST_CASE("a bundle over a file itself is matched by the digest it names") {
  Signed made("{}");
  made.bundle = message_bundle(made.key, "other");
  const Evidence evidence = made.verify(kFiles);
  CHECK(evidence.state() == "verified");
  CHECK(evidence.kind == "sigstore-bundle");
  CHECK(states(evidence) == "sub/b.bin=covered");
  made.bundle = message_bundle(made.key, "absent");
  CHECK(problem_of(made.verify(kFiles)) == "artifact.digest");
}

TEST_CASE("other claims are recognised by name, and a failed summary is told") {
  const auto claim = [](std::string_view type, std::string_view predicate) {
    return Signed(R"({"_type":"https://in-toto.io/Statement/v1","predicateType":")" +
                  std::string(type) + R"(","subject":[)" + subject("a.bin", sha256("hello")) +
                  R"(],"predicate":)" + std::string(predicate) + "}")
        .verify(kFiles);
  };
  const Evidence bom = claim("https://cyclonedx.org/bom/v1.6", "{}");
  CHECK(bom.state() == "verified");
  CHECK(bom.kind == "in-toto");
  CHECK(properties(bom, "predicate_name").at(0) == "cyclonedx");
  CHECK(properties(bom, "predicate_type").at(0) == "https://cyclonedx.org/bom/v1.6");
  CHECK(properties(claim("https://unknown.test", "{}"), "predicate_name").empty());
  const Evidence failed = claim("https://slsa.dev/verification_summary/v1",
                                R"({"verifier":{"id":"v"},"verificationResult":"FAILED"})");
  CHECK(warning_of(failed) == "vsa.result");
  CHECK(properties(failed, "verifier_id").at(0) == "v");
  CHECK(properties(failed, "verification_result").at(0) == "FAILED");
  CHECK(problem_of(claim("https://slsa.dev/provenance/v0.2", R"({"builder":7})")) ==
        "slsa.predicate");
  CHECK(problem_of(claim("https://slsa.dev/provenance/v1",
                         R"({"buildDefinition":{"resolvedDependencies":[7]}})")) ==
        "slsa.predicate");
}
