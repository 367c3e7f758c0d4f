#include "provenance/sshsig/allowed_signers.h"

#include <catch2/catch.hpp>

using namespace assay;
using namespace assay::provenance;

namespace {
const std::string kKey =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
}

TEST_CASE("a line of allowed signers names principals, options and a key") {
  const auto signers = sshsig::parse_allowed_signers(
      "# people\n\n\"a@b.c,*@d.e\" Namespaces=\"git,file\",valid-after=\"20260101Z\","
      "valid-before=202601020304 " +
      kKey + " a comment\nca@x cert-authority " + kKey + "\r\n");
  REQUIRE(signers.has_value());
  REQUIRE(signers->size() == 2);
  const auto& first = signers->front();
  CHECK(first.principals == "a@b.c,*@d.e");
  CHECK(first.namespaces == "git,file");
  CHECK(first.valid_after == 1767225600);
  CHECK(first.valid_before == 1767225600 + 86400 + 3 * 3600 + 4 * 60);
  CHECK(first.key_blob.size() == 51);
  CHECK_FALSE(first.cert_authority);
  CHECK(signers->back().cert_authority);
}

TEST_CASE("a line that is none is refused, with where it begins") {
  for (const std::string& line :
       {std::string("a@b"), "a@b " + kKey.substr(0, 20), "a@b ssh-rsa" + kKey.substr(11),
        "a@b unknown=1 " + kKey, "a@b valid-after=\"2026\" " + kKey,
        "a@b valid-after=20261301 " + kKey, "a@b namespaces=\"git " + kKey,
        "a@b namespaces=git,namespaces=file " + kKey, "\"\" " + kKey}) {
    CAPTURE(line);
    const auto signers = sshsig::parse_allowed_signers("#\n" + line + "\n");
    REQUIRE_FALSE(signers.has_value());
    CHECK(signers.error().offset == 2);
  }
}

TEST_CASE("patterns match whole names, and a negated one rules out") {
  CHECK(sshsig::matches_patterns("a@b", "a@b"));
  CHECK_FALSE(sshsig::matches_patterns("a@b", "a@bc"));
  CHECK(sshsig::matches_patterns("x,*@b?d", "me@bcd"));
  CHECK_FALSE(sshsig::matches_patterns("*@b,!me@b", "me@b"));
  CHECK_FALSE(sshsig::matches_patterns("!me@b", "you@b"));
  CHECK_FALSE(sshsig::matches_patterns("", ""));
  CHECK_FALSE(sshsig::matches_patterns("*a*a*a*a*a*a*a*b", std::string(200, 'a')));
}
