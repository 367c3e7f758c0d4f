#include "provenance/sigstore/trusted_root.h"

#include <catch2/catch.hpp>

#include "core/text.h"
#include "provenance/crypto/test_reference.h"

using namespace assay;
using namespace assay::provenance;

namespace {

constexpr std::string_view kType =
    R"("mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1")";
constexpr std::string_view kKey = "MCowBQYDK2VwAyEAt8rlp1knGwjfbcXAYPYAkn0XiLz1x8O4t0YkEhie244=";
constexpr std::string_view kValid = R"("validFor":{"start":"2025-01-01T00:00:00Z"})";

std::string log(std::string_view key, std::string_view validity, std::string_view more = "") {
  std::string text =
      R"({"baseUrl":"https://log.test","logId":{"keyId":"AQI="},"publicKey":{"rawBytes":")";
  text += key;
  text += R"(","keyDetails":"PKIX_ED25519")";
  if (!validity.empty()) text += "," + std::string(validity);
  return text + "}" + std::string(more) + "}";
}

std::string root(std::string_view members) {
  return "{" + std::string(kType) + "," + std::string(members) + "}";
}

bool is_refused(const std::string& text) {
  Checks checks;
  const auto read = parse_trusted_root(as_bytes(text), checks);
  const Check* failure = checks.first_failure();
  REQUIRE(read.has_value() == (failure == nullptr));
  if (failure) CHECK(failure->name == "trustroot.parse");
  return failure != nullptr;
}

}  // namespace

TEST_CASE("what is no trusted root of a known version is refused") {
  for (const char* text :
       {"", "[]", "{}", R"({"mediaType":"application/vnd.dev.sigstore.trustedroot.v0.3+json"})",
        R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"})"}) {
    CAPTURE(text);
    CHECK(is_refused(text));
  }
  for (const char* type : {"application/vnd.dev.sigstore.trustedroot+json;version=0.1",
                           "application/vnd.dev.sigstore.trustedroot.v0.1+json",
                           "application/vnd.dev.sigstore.trustedroot.v0.2+json"}) {
    CHECK_FALSE(is_refused(R"({"mediaType":")" + std::string(type) + "\"}"));
  }
}

TEST_CASE("a log or an authority without the start of its validity is malformed") {
  for (const char* validity :
       {"", R"("validFor":{})", R"("validFor":null)", R"("validFor":{"start":null})",
        R"("validFor":{"end":"2025-01-01T00:00:00Z"})"}) {
    CAPTURE(validity);
    CHECK(is_refused(root(R"("tlogs":[)" + log(kKey, validity) + "]")));
    CHECK(is_refused(root(R"("ctlogs":[)" + log(kKey, validity) + "]")));
    const std::string members = validity[0] == 0 ? "" : "," + std::string(validity);
    const std::string authority =
        R"([{"certChain":{"certificates":[{"rawBytes":"AA=="}]})" + members + "}]";
    CHECK(is_refused(root(R"("certificateAuthorities":)" + authority)));
    CHECK(is_refused(root(R"("timestampAuthorities":)" + authority)));
  }
}

TEST_CASE("an authority without certificates is malformed") {
  for (const char* chain : {"{}", R"({"certificates":[]})", R"({"certificates":[{}]})"}) {
    CHECK(is_refused(root(R"("certificateAuthorities":[{"certChain":)" + std::string(chain) + "," +
                          std::string(kValid) + "}]")));
  }
}

TEST_CASE("a log whose key cannot be read is left out with a warning") {
  Checks checks;
  const std::string text =
      root(R"("ctlogs":[)" + log("AAAA", kValid) + "," + log(kKey, kValid) + "],\"tlogs\":[" +
           log(kKey, kValid, R"(,"hashAlgorithm":"SHA2_512")") + "]");
  const auto read = parse_trusted_root(as_bytes(text), checks);
  REQUIRE(read.has_value());
  CHECK(read->ctlogs.size() == 1);
  CHECK(read->tlogs.empty());
  CHECK(checks.list().size() == 2);
  CHECK(checks.list().at(0).outcome == Outcome::warned);
}

TEST_CASE("the parts of a trusted root are read") {
  Checks checks;
  const std::string text = root(
      R"("tlogs":[)" +
      log(kKey, R"("validFor":{"start":"1970-01-01T00:00:01.5Z","end":"1970-01-01T00:00:03Z"})",
          R"(,"hashAlgorithm":"SHA2_256","checkpointKeyId":{"keyId":"Aw=="},"operator":"x")") +
      R"(],"timestamp_authorities":[{"uri":"https://tsa.test","validFor":{"start":
"2020-01-01T00:00:00Z","end":null},"certChain":{"certificates":[{"rawBytes":"BA=="}]}}])");
  const auto read = parse_trusted_root(as_bytes(text), checks);
  REQUIRE(read.has_value());
  const LogKey& key = read->tlogs.at(0);
  CHECK(key.base_url == "https://log.test");
  CHECK(hex(key.id) == "0102");
  CHECK(hex(key.checkpoint_id) == "03");
  CHECK_FALSE(key.valid_for.holds(1));
  CHECK(key.valid_for.holds(2));
  CHECK(key.valid_for.holds(3));
  CHECK_FALSE(key.valid_for.holds(4));
  const Authority& authority = read->timestamp_authorities.at(0);
  CHECK(authority.uri == "https://tsa.test");
  CHECK(hex(authority.chain.at(0)) == "04");
  CHECK_FALSE(authority.valid_for.end.has_value());
  CHECK(checks.list().empty());
}

TEST_CASE("the trusted roots in use are read whole, with keys of PKCS #1") {
  if (!testing::has_shared_material()) {
    WARN("the trusted roots are not here");
    return;
  }
  for (const auto& [name, tlogs, ctlogs] :
       {std::tuple("public-good", 2U, 2U), std::tuple("staging", 4U, 4U)}) {
    Checks checks;
    const std::string text =
        testing::read_shared("trust-roots/" + std::string(name) + "-trusted_root.json");
    const auto read = parse_trusted_root(as_bytes(text), checks);
    REQUIRE(read.has_value());
    CHECK(read->tlogs.size() == tlogs);
    CHECK(read->ctlogs.size() == ctlogs);
    CHECK(checks.list().empty());
  }
}
