#include "provenance/foreign/recognise.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "provenance/base64.h"
#include "provenance/git/commit.h"
#include "tests/support/hex.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::foreign;

namespace {

// A blob of minisign: algorithm, the key's id 0807060504030201, a signature of nothing.
std::string blob(std::string_view algorithm) {
  ByteString bytes;
  for (const char c : algorithm) bytes.push_back(static_cast<std::byte>(c));
  for (int i = 1; i <= 8; ++i) bytes.push_back(static_cast<std::byte>(i));
  bytes.resize(74);
  return to_base64(bytes);
}

std::string minisign(std::string_view algorithm) {
  return "untrusted comment: signature\n" + blob(algorithm) +
         "\ntrusted comment: timestamp:1\tfile:model.bin\n" + to_base64(ByteString(64)) + "\n";
}

std::string kind(std::string_view document) {
  const auto found = recognise(as_bytes(document));
  return found ? std::string(to_string(found->kind)) : "";
}

std::string property(const ForeignSignature& signature, std::string_view name) {
  for (const auto& [key, value] : signature.properties) {
    if (key == name) return value;
  }
  return "";
}

// The signature in a commit of the corpus, as gpg wrote it.
std::string armored() {
  std::ifstream in(ASSAY_SOURCE_DIR "/corpus/git/in-time.commit", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return git::parse_commit(as_bytes(text)).value().signature.value();
}

std::string base64_url(std::string_view text) {
  std::string base64 = to_base64(as_bytes(text));
  while (base64.ends_with('=')) base64.pop_back();
  return base64;
}

}  // namespace

TEST_CASE("minisign and signify are told apart, with their keys as their tools show them") {
  const auto found = recognise(as_bytes(minisign("ED")));
  REQUIRE(found.has_value());
  CHECK(found->kind == Kind::minisign);
  CHECK(found->key_id == "0807060504030201");
  CHECK(property(*found, "algorithm") == "ed25519-blake2b");
  CHECK(property(*found, "comment") == "timestamp:1\tfile:model.bin");
  CHECK(property(*recognise(as_bytes(minisign("Ed"))), "algorithm") == "ed25519");
  const std::string signify = "untrusted comment: verify with k.pub\n" + blob("Ed") + "\n";
  CHECK(kind(signify) == "signify");
  CHECK(recognise(as_bytes(signify))->key_id == "0102030405060708");
}

TEST_CASE("what only begins like a signature is none") {
  CHECK(kind("").empty());
  CHECK(kind("untrusted comment: x").empty());
  CHECK(kind("untrusted comment: x\nAAAA\n").empty());
  CHECK(kind("untrusted comment: x\n" + blob("XX") + "\n").empty());
  CHECK(kind("untrusted comment: x\n" + blob("ED") + "\n") == "minisign");  // cut
  CHECK(kind("-----BEGIN PGP SIGNATURE-----\n").empty());
  CHECK(kind("-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n").empty());
  CHECK(kind("-----BEGIN PGP SIGNED MESSAGE-----\n\ntext\n").empty());
  CHECK(kind("eyJh.b.c").empty());
  CHECK(kind("a.b.c").empty());
  CHECK(kind("{}").empty());
  CHECK(kind(R"({"payloadType":"t","payload":"","signatures":[{"sig":""}]})").empty());
  CHECK(kind("plain text").empty());
  CHECK(kind("\xD2\x84").empty());
  CHECK(kind(std::string(2U << 20, 'a')).empty());
}

TEST_CASE("OpenPGP is recognised with armour, without, and around a text") {
  const std::string text = armored();
  const auto found = recognise(as_bytes(text));
  REQUIRE(found.has_value());
  CHECK(found->kind == Kind::openpgp);
  CHECK(found->key_id.size() == 40);
  CHECK(property(*found, "signature_version") == "4");
  CHECK(kind("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\ntext\n" + text) == "openpgp");
  const auto begin = text.find("\n\n") + 2;
  const auto end = text.find("\n=", begin);
  const ByteString binary = from_base64(text.substr(begin, end - begin)).value();
  CHECK(recognise(binary)->key_id == found->key_id);
}

TEST_CASE("C2PA, JWS and COSE are recognised") {
  const ByteString store = test::bytes(
      "00 00 00 30 6a 75 6d 62 00 00 00 1e 6a 75 6d 64 63 32 70 61 00 11 00 10 80 00 00 aa 00 38 "
      "9b 71 03 63 32 70 61 00");
  CHECK(recognise(store)->kind == Kind::c2pa);
  const std::string header = base64_url(R"({"alg":"ES256","kid":"k1"})");
  const auto compact = recognise(as_bytes(header + "..c2ln"));
  REQUIRE(compact.has_value());
  CHECK(compact->kind == Kind::jws);
  CHECK(compact->key_id == "k1");
  CHECK(property(*compact, "algorithm") == "ES256");
  CHECK(kind(R"({"payload":"","protected":")" + header + R"(","signature":"c2ln"})") == "jws");
  CHECK(kind(R"({"payload":"","signatures":[{"protected":")" + header +
             R"(","signature":"c2ln"}]})") == "jws");
  CHECK(recognise(test::bytes("d2 84 43 a1 01 26 a0 f6 40"))->kind == Kind::cose);
  CHECK(recognise(test::bytes("d8 62 84 40 a0 f6 80"))->kind == Kind::cose);
}

TEST_CASE("a signature that is not verified is never called verified") {
  const Evidence evidence = present_and_unchecked(*recognise(as_bytes(minisign("ED"))));
  CHECK(evidence.kind == "minisign");
  CHECK(evidence.state() == "unchecked");
  CHECK(evidence.checks.list().size() == 1);
  CHECK(evidence.checks.list()[0].name == "signature.unchecked");
  CHECK(evidence.properties.front() ==
        std::pair<std::string, std::string>("key_id", "0807060504030201"));
}

TEST_CASE("a bare signature in base64 is recognised, and nothing that resembles one") {
  const auto base64_of = [](std::string_view head, std::size_t size) {
    ByteString bytes(size, std::byte{7});
    for (std::size_t i = 0; i < head.size(); ++i) bytes[i] = static_cast<std::byte>(head[i]);
    return to_base64(bytes) + "\n";
  };
  CHECK(kind(base64_of("\x30\x45\x02", 71)) == "raw");
  CHECK(kind(base64_of("\x30\x45\x02", 70)).empty());
  CHECK(kind(base64_of("\x30\x45\x03", 71)).empty());
  CHECK(kind(base64_of("\x30\x03\x02", 5)).empty());
}
