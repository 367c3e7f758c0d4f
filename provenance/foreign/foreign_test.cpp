#include "provenance/foreign/foreign.h"

#include <catch2/catch.hpp>

#include "core/text.h"
#include "provenance/base64.h"
#include "tests/support/hex.h"

using namespace assay;
using namespace assay::provenance;

namespace {

std::string kind(std::string_view text) {
  const auto evidence = foreign::recognize(as_bytes(text));
  if (!evidence) return "";
  CHECK(evidence->state() == "unchecked");
  return evidence->kind;
}

std::string base64_of(std::size_t size, std::string_view head) {
  ByteString bytes(size, std::byte{7});
  for (std::size_t i = 0; i < head.size(); ++i) bytes[i] = static_cast<std::byte>(head[i]);
  return to_base64(bytes);
}

}  // namespace

TEST_CASE("what only resembles a signature of another kind is none") {
  for (const std::string& text :
       {std::string(), std::string("{}"), std::string("hello"), std::string("untrusted comment: x"),
        "untrusted comment: x\n" + base64_of(73, "Ed"),
        "untrusted comment: x\n" + base64_of(74, "XX"),
        std::string("-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n"),
        std::string("-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n"),
        std::string("\x88\x01\x04", 3), base64_of(70, "\x30\x45\x02")}) {
    CAPTURE(text);
    CHECK(kind(text).empty());
  }
}

TEST_CASE("signatures of other kinds are recognised, with the key that they name") {
  const std::string minisign =
      "untrusted comment: x\n" + base64_of(74, "ED\x01\x02\x03\x04\x05\x06\x07\x08") + "\nmore\n";
  CHECK(kind(minisign) == "minisign");
  CHECK(foreign::recognize(as_bytes(minisign))->properties[0].second == "0807060504030201");
  CHECK(kind(std::string("\0\0\1\0jumb", 8)) == "c2pa");
  CHECK(kind(base64_of(71, "\x30\x45\x02") + "\n") == "raw");
}
