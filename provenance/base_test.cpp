#include <catch2/catch.hpp>

#include "core/text.h"
#include "provenance/base64.h"
#include "provenance/dsse.h"
#include "provenance/json.h"

using namespace assay;
using namespace assay::provenance;

namespace {

std::string decoded(std::string_view text) {
  const auto bytes = from_base64(text);
  return bytes ? std::string(as_text(*bytes)) : "refused";
}

}  // namespace

TEST_CASE("base64 is taken in both alphabets, unpadded and over several lines") {
  CHECK(decoded("aGk+") == "hi>");
  CHECK(decoded("aGk-") == "hi>");
  CHECK(decoded("aA==") == "h");
  CHECK(decoded("aA") == "h");
  CHECK(decoded("aG\nk+\r\n") == "hi>");
  CHECK(decoded("").empty());
}

TEST_CASE("what is not exactly one base64 text is refused") {
  for (const char* text : {"a", "aA=", "aA===", "aA==aA", "=", "a*==", "aGk+=", "aB==", "aGl="}) {
    CAPTURE(text);
    CHECK_FALSE(from_base64(text).has_value());
  }
}

TEST_CASE("base64 there and back is the same") {
  for (const std::string_view text : {"", "a", "ab", "abc", "abcd", "\xff\xfe\x00z"}) {
    CHECK(decoded(to_base64(as_bytes(text))) == text);
  }
}

TEST_CASE("a name that stands twice in an object is refused at any depth") {
  CHECK_FALSE(parse_json(as_bytes(R"({"a":1,"a":1})")).has_value());
  CHECK_FALSE(parse_json(as_bytes(R"([{"b":{"a":1,"\u0061":2}}])")).has_value());
  CHECK(parse_json(as_bytes(R"([{"a":1},{"a":1}])")).has_value());
}

TEST_CASE("JSON that is cut, deep or followed by something is refused") {
  CHECK_FALSE(parse_json(as_bytes("{")).has_value());
  CHECK_FALSE(parse_json({}).has_value());
  CHECK_FALSE(parse_json(as_bytes("{} {}")).has_value());
  CHECK_FALSE(parse_json(as_bytes(std::string(100, '[') + std::string(100, ']'))).has_value());
  CHECK_FALSE(parse_json(as_bytes(R"({"n":123456789012345678901234567890})")).has_value());
}

TEST_CASE("whole numbers are read from integers and from whole reals") {
  const auto value = parse_json(as_bytes(R"({"a":1000.0,"b":-7,"c":1.5,"d":"7","e":null})"));
  REQUIRE(value.has_value());
  CHECK(value->find("a")->integer() == 1000);
  CHECK(value->find("b")->integer() == -7);
  CHECK_FALSE(value->find("c")->integer().has_value());
  CHECK_FALSE(value->find("d")->integer().has_value());
  CHECK(value->find("e") == nullptr);
}

TEST_CASE("the encoding of DSSE names sizes in bytes") {
  // Example of the DSSE v1 protocol.
  CHECK(as_text(pre_authentication_encoding("http://example.com/HelloWorld",
                                            as_bytes("hello world"))) ==
        "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
}
