#include "provenance/sigstore/statement.h"

#include <catch2/catch.hpp>

#include "core/text.h"

using namespace assay;
using namespace assay::provenance;

namespace {

const ArtifactDigests kHello{{}, as_bytes("hello")};
const std::string kSha256 = hex(digest_of(HashKind::sha256, as_bytes("hello")));
const std::string kSha512 = hex(digest_of(HashKind::sha512, as_bytes("hello")));

SubjectMatch matched(const std::string& subjects, const ArtifactDigests& artifact = kHello) {
  const auto statement = parse_statement(as_bytes(R"({"subject":[)" + subjects + "]}"));
  REQUIRE(statement.has_value());
  return match_subjects(*statement, artifact);
}

std::string subject(const std::string& digests) {
  return R"({"name":"a","digest":{)" + digests + "}}";
}

std::string sha256(const std::string& value) { return R"("sha256":")" + value + '"'; }
std::string sha512(const std::string& value) { return R"("sha512":")" + value + '"'; }

}  // namespace

TEST_CASE("what is no statement is refused") {
  for (const char* text :
       {"", "[]", "7", R"({"subject":{}})", R"({"subject":[7]})", R"({"subject":[{"name":"a"}]})",
        R"({"subject":[{"digest":{"sha256":7}}]})", R"({"subject":[],"subject":[]})"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_statement(as_bytes(text)).has_value());
  }
}

TEST_CASE("only known types of statements are statements") {
  CHECK(is_statement_type("https://in-toto.io/Statement/v1"));
  CHECK(is_statement_type("https://in-toto.io/Statement/v0.1"));
  for (const char* type :
       {"", "https://in-toto.io/Statement/v2", "https://in-toto.io/Statement/v1/",
        "https://in-toto.io/Statement/V1", "http://in-toto.io/Statement/v1"}) {
    CHECK_FALSE(is_statement_type(type));
  }
}

TEST_CASE("an artifact matches a subject whose comparable digests all agree") {
  const std::string wrong(64, '0');
  CHECK(matched("") == SubjectMatch::different);
  CHECK(matched(subject(sha256(wrong))) == SubjectMatch::different);
  CHECK(matched(subject(sha256("zz"))) == SubjectMatch::different);
  CHECK(matched(subject(sha256(kSha256) + "," + sha512(wrong))) == SubjectMatch::different);
  CHECK(matched(subject(sha256(wrong) + "," + sha512(kSha512))) == SubjectMatch::different);
  CHECK(matched(subject(sha256(kSha256))) == SubjectMatch::same);
  CHECK(matched(subject(sha256(to_lower(kSha256)) + R"(,"gitCommit":"00")")) == SubjectMatch::same);
  CHECK(matched(subject(sha256(wrong)) + "," + subject(sha512(kSha512))) == SubjectMatch::same);
}

TEST_CASE("digests of kinds that nobody can compare are no match and no mismatch") {
  const ArtifactDigests digest_only{{{HashKind::sha256, digest_of(HashKind::sha256, {})}}, {}};
  CHECK(matched(subject(R"("gitCommit":"00")")) == SubjectMatch::not_comparable);
  CHECK(matched(subject(R"("sha1":"00")")) == SubjectMatch::not_comparable);
  CHECK(matched(subject(sha512(kSha512)), digest_only) == SubjectMatch::not_comparable);
  CHECK(matched(subject("")) == SubjectMatch::not_comparable);
}
