#include "provenance/sigstore/proto_json.h"

#include <catch2/catch.hpp>

#include "core/text.h"

using namespace assay;
using namespace assay::provenance;

namespace {

// One message, kept alive with what was found wrong in it.
struct Read {
  explicit Read(std::string_view json) : value(parse_json(as_bytes(json)).value()) {}
  JsonValue value;
  ProtoError error;
  ProtoMessage message{&value, error};
  bool refused() const { return !error.message.empty(); }
};

}  // namespace

TEST_CASE("a field in both spellings is refused, each alone is read") {
  Read both(R"({"logIndex":"1","log_index":"2"})");
  both.message.number("log_index");
  CHECK(both.refused());
  for (const char* json :
       {R"({"logIndex":"7"})", R"({"log_index":7})", R"({"logIndex":null,"log_index":7.0})"}) {
    CAPTURE(json);
    Read one(json);
    CHECK(one.message.number("log_index") == 7);
    CHECK_FALSE(one.refused());
  }
}

TEST_CASE("integers that are negative, too large or no decimal digits are refused") {
  for (const char* json :
       {R"({"n":-1})", R"({"n":"-1"})", R"({"n":"9223372036854775808"})",
        R"({"n":9223372036854775808})", R"({"n":"1 "})", R"({"n":"+1"})", R"({"n":"01"})",
        R"({"n":""})", R"({"n":1.5})", R"({"n":true})", R"({"n":"0x1"})", R"({"n":[]})"}) {
    CAPTURE(json);
    Read read(json);
    CHECK(read.message.number("n") == 0);
    CHECK(read.refused());
  }
  Read large(R"({"n":"9223372036854775807"})");
  CHECK(large.message.number("n") == 9223372036854775807);
}

TEST_CASE("a field of another type is refused and reads as the default") {
  Read read(R"({"a":[],"b":"?","c":{"d":1}})");
  CHECK_FALSE(read.message.message("a").present());
  CHECK(read.refused());
  CHECK(Read(R"({"b":"?"})").message.bytes("b").empty());
  Read text(R"({"c":1})");
  CHECK(text.message.text("c").empty());
  CHECK(text.refused());
  Read list(R"({"c":[1]})");
  CHECK_FALSE(list.message.messages("c").at(0).present());
  CHECK(list.refused());
  Read hashes(R"({"c":["AA==",null]})");
  CHECK(hashes.message.bytes_list("c").size() == 2);
  CHECK(hashes.refused());
}

TEST_CASE("what is absent or null reads as the default and is not wrong") {
  Read read(R"({"a":null,"unknown":{"x":[1]}})");
  CHECK(read.message.text("a").empty());
  CHECK(read.message.bytes("b").empty());
  CHECK(read.message.number("c") == 0);
  CHECK(read.message.messages("d").empty());
  CHECK_FALSE(read.message.message("e").message("f").present());
  CHECK_FALSE(read.message.moment("g").has_value());
  CHECK_FALSE(read.refused());
}

TEST_CASE("times that RFC 3339 does not know are refused") {
  for (const char* text :
       {"", "2021-03-07", "2021-02-29T00:00:00Z", "2021-13-01T00:00:00Z", "2021-01-01T24:00:00Z",
        "2021-01-01T00:60:00Z", "2021-01-01T00:00:60Z", "2021-01-01T00:00:00",
        "0000-01-01T00:00:00Z", "2021-01-01T00:00:00.Z", "2021-01-01T00:00:00.1234567890Z",
        "2021-01-01T00:00:00Zx", "2021-01-01 00:00:00Z", "2021-1-01T00:00:00Z",
        "2021-01-01T00:00:00+24:00"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_rfc3339(text).has_value());
  }
}

TEST_CASE("times are read with decimals and offsets") {
  CHECK(parse_rfc3339("1970-01-01T00:00:00Z") == Moment{0, 0});
  CHECK(parse_rfc3339("2022-12-31T23:59:59.999Z") == Moment{1672531199, 999'000'000});
  CHECK(parse_rfc3339("1970-01-01T01:00:00.000000001+01:00") == Moment{0, 1});
  CHECK(parse_rfc3339("1969-12-31T23:30:00-00:30") == Moment{0, 0});
}

TEST_CASE("enumerators are read by name and by number") {
  Read read(R"({"a":"SHA2_256","b":1})");
  CHECK(read.message.enumerator("a") == "SHA2_256");
  CHECK(read.message.enumerator("b") == "1");
}
