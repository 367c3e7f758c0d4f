#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "scanner/policy/policy.h"
#include "scanner/policy/text_file.h"
#include "tests/support/temporary_folder.h"

using namespace assay;
using namespace assay::policy;

namespace {

constexpr const char* kKeyPem =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
    "-----END PUBLIC KEY-----\n";

std::string digest(char digit) { return std::string(64, digit); }

std::string entry(const std::string& more) {
  return "version = 1\n[[provenance]]\nrequire = \"oms\"\n" + more;
}

std::string signer(const std::string& lines) { return entry("[[provenance.signer]]\n" + lines); }

std::string complaint(const std::string& text) {
  const auto policy = read_policy(text);
  return policy ? "" : policy.error().message;
}

// What stands between the fences "```toml" and "```" of a page.
std::string example_of(const std::string& page) {
  const auto text = read_text_file(page, 1U << 20);
  REQUIRE(text);
  const std::size_t begin = text->find("```toml\n");
  REQUIRE(begin != std::string::npos);
  const std::size_t end = text->find("\n```", begin);
  return text->substr(begin + 8, end - begin - 7);
}

}  // namespace

TEST_CASE("a policy that is not understood is refused by line, with what was expected") {
  struct Row {
    std::string text;
    const char* message;
  };
  const std::string v = "version = 1\n";
  const std::vector<Row> rows{
      {"", "line 1: the policy has no 'version'"},
      {"version = 2\n", "line 1: the policy: 'version': expected an integer from 1 to 1"},
      {"version = \"1\"\n", "line 1: the policy: 'version': expected an integer"},
      {v + "fail_on = \"hihg\"\n", "'fail_on': expected \"none\", \"low\""},
      {v + "fail_on = 3\n", "line 2: the policy: 'fail_on': expected a string"},
      {v + "\nfial_on = \"high\"\n", "line 3: the policy: unknown key 'fial_on'; expected one of"},
      {v + "version = 1\n", "line 2: "},
      {v + "allow_incomplete = \"yes\"\n", "'allow_incomplete': expected true or false"},
      {v + "max_trust_root_age_days = 0\n", "expected an integer from 1 to 36500"},
      {v + "max_trust_root_age_days = 1.5\n", "line 2: expected a string, an integer"},
      {v + "[suppress]\nrule = \"A-B-1\"\n", "'suppress': expected tables, each headed [[...]]"},
      {v + "suppress = [1]\n", "line 2: the policy: 'suppress': expected tables"},
      {v + "[[suppress]]\n", "line 2: [[suppress]] has no 'rule'"},
      {v + "[[suppress]]\nrule = \"PKL-EXEC-001\"\npath = \"*\"\nexpires = 2027-01-01\n",
       "[[suppress]] has no 'reason'"},
      {v + "[[suppress]]\nrule = \"PKL-EXEC-001\"\npath = \"*\"\nreason = \"\"\n",
       "line 5: [[suppress]]: 'reason': expected a string that is not empty"},
      {v + "[[suppress]]\nrule = \"PKL-EXEC-001\"\npath = \"*\"\nreason = \"x\"\n",
       "[[suppress]] has no 'expires': a date like 2027-03-01"},
      {v + "[[suppress]]\nrule = \"PKL-EXEC-001\"\npath = \"*\"\nreason = \"x\"\n"
           "expires = \"2027-01-01\"\n",
       "line 6: [[suppress]]: 'expires': expected a date without quotes"},
      {v + "[[suppress]]\nrule = \"PKL-*-001\"\npath = \"*\"\nreason = \"x\"\n"
           "expires = 2027-01-01\n",
       "'rule': expected the id of one rule"},
      {v + "[[suppress]]\nrule = \"POL-SUPP-001\"\npath = \"*\"\nreason = \"x\"\n"
           "expires = 2027-01-01\n",
       "cannot be suppressed"},
      {v + "[[provenance]]\npath = \"**\"\n", "expected 'require' or 'require_any'"},
      {v + "[[provenance]]\nrequire = []\n", "'require': expected 1 to 1,000 strings"},
      {v + "[[provenance]]\nrequire = [\"oms\", \"oms\"]\n", "'require' has 'oms' twice"},
      {v + "[[provenance]]\nrequire = \"signed\"\n",
       "unknown evidence 'signed'; expected signature"},
      {entry("path = \"\"\n"), "line 4: [[provenance]]: 'path': expected a string, or a list"},
      {entry("path = [\"a\", \"\"]\n"), "'path': expected a string, or a list of them, none empty"},
      {entry("path = \"/models\"\n"), "'path': expected patterns relative to the source"},
      {entry("patth = \"a\"\n"), "line 4: [[provenance]]: unknown key 'patth'"},
      {entry("min_logs = 0\n"), "'min_logs': expected an integer from 1 to 32"},
      {entry("time_sources = \"clock\"\n"), "'time_sources': expected \"rekor\" or \"rfc3161\""},
      {entry("builder = \"b\"\n"), "speaks of builds, but does not require \"slsa\""},
      {v + "[[provenance]]\nrequire = \"slsa\"\ndependencies = \"abc\"\n",
       "'dependencies': expected"},
      {v + "[[provenance]]\nrequire = \"hub-listing\"\n[[provenance.signer]]\nfingerprint = \"" +
           digest('a') + "\"\n",
       "says who or when, but requires nothing that is signed"},
      {signer(""), "line 4: [[signer]] expected exactly one of"},
      {signer("identity = \"a\"\n"), "[[signer]] expected exactly one of"},
      {signer("issuer = \"a\"\n"), "'issuer' has no 'identity'"},
      {signer("fingerprint = \"" + digest('A') + "\"\n"), "'fingerprint': expected a SHA-256"},
      {signer("fingerprint = \"" + digest('a') + "\"\nkey = \"k\"\n"), "expected exactly one of"},
      {signer("fingerprint = \"" + digest('a') + "\"\nidentity = \"k\"\n"), "'identity' has no"},
      {signer("identity = \"a\"\nissuer = \"b\"\nclaims = { source = \"x\" }\n"),
       "certificates make no claim of the name 'source'"},
      {signer("identity = \"a\"\nissuer = \"b\"\nclaims = {}\n"), "expected at least one name"},
      {signer("key = \"a\"\nclaims = { build_trigger = \"x\" }\n"), "'claims' go with 'identity'"},
      {signer("key = \"a\"\nfrom = 2026-02-01\nuntil = 2026-01-01\n"), "'until' is before 'from'"},
      {signer("key = \"a\"\nfrom = 2026-02-01T00:00:00Z\n"), "expected a string, an integer"},
      {v + "[[deny]]\nreason = \"x\"\n", "[[deny]] expected exactly one of"},
      {v + "[[deny]]\nidentity = \"a\"\nsha256 = \"" + digest('b') + "\"\nreason = \"x\"\n",
       "[[deny]] expected exactly one of"},
      {v + "[[deny]]\nlog_index = 5\nreason = \"x\"\n", "'log_index': expected a string"},
      {v + "[[deny]]\nlog_index = \"-5\"\nreason = \"x\"\n", "expected a decimal number in quotes"},
      {v + "[[deny]]\nidentity = \"a\"\n", "[[deny]] has no 'reason'"},
      {v + "[[deny]]\nsha256 = \"" + digest('b') + "\"\nreason = \"x\"\nsince = 2026-01-01\n",
       "'since': a file's content has no date"},
      {v + "fail_on = \"high\" # \xff\n", "line 2: "},
      {v + "a = \n", "line 2: "},
      {v + "[[suppress]\n", "line 2: "},
      // What the TOML library would stumble over.
      {v + "\n [=]\n", "line 3: this is no TOML; expected a key behind '['"},
      {v + "a = 1 \xc3\xa9\n", "line 2: "},
      {v + "\xc3\xa9 = 1\n", "line 2: "},
      {v + "~ = 1\n", "line 2: "},
      {v + "'\xc3\xa9~' = 1\n", "line 2: the policy: unknown key '\xc3\xa9~'"},
      {v + "fail_on = \"\\u007E\"\n", "line 2: expected UTF-8"},
      {v + "[[ #]]\n", "line 2: this is no TOML"},
      {v + std::string("[\0", 2), "line 2: this is no TOML"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text, complaint(row.text));
    CHECK(complaint(row.text).contains(row.message));
  }
}

TEST_CASE("depth and size of a policy are bounded before they are parsed") {
  const auto refused = [](const std::string& text) { return !read_policy("version = 1\n" + text); };
  CHECK(refused("a" + std::string(100'000, '[') + "\n"));
  CHECK(refused("a = " + std::string(100'000, '[') + "\n"));
  std::string dotted = "a";
  for (int i = 0; i < 100'000; ++i) dotted += ".a";
  CHECK(complaint("version = 1\n" + dotted + " = 1\n") ==
        "line 2: more than 64 dots in one line; spread it over several");
  CHECK(refused("[" + dotted + "]\n"));
  std::string inline_tables;
  for (int i = 0; i < 10'000; ++i) inline_tables += "{a = ";
  CHECK(refused("a = " + inline_tables + "\n"));
  CHECK(refused("a = [[[[[[[[[1]]]]]]]]]\n"));
  CHECK(complaint(std::string(kMaxTomlSize + 1, '\n')).contains("larger than 1 MiB"));
}

TEST_CASE("the template and the documented example are policies") {
  const auto begun = read_policy(policy_template());
  REQUIRE(begun);
  CHECK(begun->fail_on->severity == Severity::high);
  CHECK(begun->suppressions.empty());
  CHECK(begun->provenance.empty());
  CHECK(begun->denials.empty());

  // With the comments taken away it still is one: what it explains is right.
  std::string uncommented;
  std::string_view rest = policy_template();
  while (!rest.empty()) {
    std::string_view line = rest.substr(0, rest.find('\n') + 1);
    rest.remove_prefix(line.size());
    const bool is_code = line.starts_with("# ") && (line.contains(" = ") || line.contains("[["));
    uncommented += is_code ? line.substr(2) : line;
  }
  CAPTURE(uncommented);
  const auto whole = read_policy(uncommented);
  CAPTURE(complaint(uncommented));
  REQUIRE(whole);
  CHECK(whole->suppressions.size() == 1);
  CHECK(whole->provenance.at(0).signers.size() == 2);
  CHECK(whole->denials.size() == 1);
  CHECK(whole->max_trust_root_age_days == 400);

  const std::string example = example_of(ASSAY_SOURCE_DIR "/docs/policy.md");
  CAPTURE(complaint(example));
  const auto documented = read_policy(example);
  REQUIRE(documented);
  CHECK(documented->provenance.size() == 3);
  CHECK(documented->denials.size() == 4);
}

TEST_CASE("what a policy says is read as it stands") {
  const auto policy = read_policy(
      "version = 1\nfail_on = \"none\"\n[[provenance]]\nname = \"n\"\npath = \"a/**\"\n"
      "require = [\"oms\", \"slsa\"]\nrequire_any = \"hub-listing\"\nbuilder = \"b\"\n"
      "[[provenance.signer]]\nidentity = \"i\"\nissuer = \"u\"\nfrom = 2026-01-02\n"
      "claims = { build_trigger = \"push\" }\n"
      "[[provenance.signer]]\nfingerprint = \"sha256:" +
      digest('a') + "\"\n");
  REQUIRE(policy);
  REQUIRE(policy->fail_on);
  CHECK_FALSE(policy->fail_on->severity);
  const ProvenanceRule& rule = policy->provenance.at(0);
  CHECK(rule.require == std::vector<std::string>{"oms", "slsa"});
  CHECK(rule.require_any == std::vector<std::string>{"hub-listing"});
  CHECK(rule.build.builders == std::vector<std::string>{"b"});
  CHECK(rule.signers.at(0).claims.at(0).second == "push");
  CHECK(to_string(*rule.signers.at(0).from) == "2026-01-02");
  CHECK(rule.signers.at(1).fingerprint == digest('a'));
  // Not given: what nobody signs. Given, it is the whole list.
  CHECK(rule.may_be_uncovered.front() == ".git/**");
}

TEST_CASE("text in a policy is UTF-8, in every kind of string") {
  const std::string text = "\xc3\xa9~C3 \xf0\x9f\x98\x80";
  for (const std::string quote : {"\"", "'", "\"\"\"", "'''"}) {
    const auto policy = read_policy(
        "\xef\xbb\xbfversion = 1 # \xc3\xa9\n[[suppress]]\nrule = \"A-B-1\"\npath = \"*\"\nreason "
        "= " +
        quote + text + quote + "\nexpires = 2027-01-01\n");
    CAPTURE(quote);
    REQUIRE(policy);
    CHECK(policy->suppressions.at(0).reason == text);
  }
  const auto spelt = read_policy(
      "version = 1\n[[suppress]]\nrule = \"A-B-1\"\npath = \"*\"\nreason = \"\\u00E9\"\n"
      "expires = 2027-01-01\n");
  REQUIRE(spelt);
  CHECK(spelt->suppressions.at(0).reason == "\xc3\xa9");
}

TEST_CASE("keys and anchors lie beside the policy") {
  const test::TemporaryFolder folder;
  folder.write("keys/release.pem", kKeyPem);
  folder.write("keys/broken.pem", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
  const auto load = [&](const std::string& lines) {
    return load_policy(folder.write("policy.toml", signer(lines)));
  };
  const auto good = load("key = \"keys/release.pem\"\n");
  REQUIRE(good);
  const SignerRule& rule = good->provenance.at(0).signers.at(0);
  CHECK(rule.pem == kKeyPem);
  CHECK(rule.fingerprint.size() == 64);
  const KnownSigners known = known_signers(*good, std::nullopt);
  CHECK(known.keys == std::vector<std::string>{kKeyPem});
  CHECK(known.fingerprints == std::vector<std::string>{rule.fingerprint});
  CHECK(known.anchors.empty());
  CHECK(load("key = \"keys/none.pem\"\n").error().message.contains("none.pem: "));
  CHECK(load("key = \"keys/broken.pem\"\n").error().message.starts_with("keys/broken.pem: "));
  CHECK(load("anchor = \"keys/release.pem\"\n").error().message.starts_with("keys/release.pem: "));
}

TEST_CASE("signers of entries for another repository are not known") {
  const auto policy = read_policy(
      "version = 1\n[[provenance]]\nrequire = \"oms\"\nrepository = \"acme/*\"\n"
      "[[provenance.signer]]\nidentity = \"i\"\nissuer = \"u\"\n");
  REQUIRE(policy);
  CHECK(known_signers(*policy, "acme/m").identities.size() == 1);
  CHECK(known_signers(*policy, "other/m").identities.empty());
}
