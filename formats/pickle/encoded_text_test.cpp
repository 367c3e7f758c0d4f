#include "formats/pickle/encoded_text.h"

#include <catch2/catch.hpp>

#include "formats/pickle/test_support.h"

using namespace assay;
using namespace assay::pickle;
using namespace assay::pickle::test;

namespace {

// The pickle of an empty dict and its base64.
const std::string kPickle(lit("\x80\x04\x95\x02\0\0\0\0\0\0\0}."));
constexpr std::string_view kBase64 = "gASVAgAAAAAAAAB9Lg==";
constexpr std::string_view kHex = "80049502000000000000007d2e";

Parse pushed(std::string_view text) {
  return parse("\x80\x02" + std::string("X") + static_cast<char>(text.size()) +
               std::string(3, '\0') + std::string(text) + ".");
}

}  // namespace

TEST_CASE("base64 and hex are decoded up to what does not belong to them") {
  CHECK(decoded(Encoding::base64, kBase64) == kPickle);
  CHECK(decoded(Encoding::base64, "gASV\nAgAAAAAA\r\nAAB9Lg") == kPickle);
  CHECK(decoded(Encoding::base64, "-_-_") == decoded(Encoding::base64, "+/+/"));
  CHECK(decoded(Encoding::base64, "QUJD!QUJD") == "ABC");
  CHECK(decoded(Encoding::hex, kHex) == kPickle);
  CHECK(decoded(Encoding::hex, "4a4B4") == "JK");
  CHECK(decoded(Encoding::rot13, "Uryyb 1") == "Hello 1");
  CHECK(decoded(Encoding::base64, "").empty());
}

TEST_CASE("encodings have the names that codecs.lookup() knows") {
  for (const char* name : {"base64", "base_64", "BASE64_CODEC"}) {
    CHECK(encoding_named(name) == Encoding::base64);
  }
  CHECK(encoding_named("hex_codec") == Encoding::hex);
  CHECK(encoding_named("rot-13") == Encoding::rot13);
  CHECK(encoding_named("iso-8859-1") == Encoding::latin1);
  CHECK(encoding_named("utf-16") == Encoding::none);
}

TEST_CASE("text is encoded when an artifact comes out of it, in any number of layers") {
  CHECK(encoding_of(kBase64) == Encoding::base64);
  CHECK(encoding_of(kHex) == Encoding::hex);
  CHECK(encoding_of("Z0FTVkFnQUFBQUFBQUFCOUxnPT0=") == Encoding::base64);
  CHECK(without_encodings("Z0FTVkFnQUFBQUFBQUFCOUxnPT0=") == kPickle);
  CHECK(without_encodings("plain text") == "plain text");
  for (const char* text : {"transformer_h_0_attn_c_attn_weight", "aaaaaaaaaaaaaaaaaaaaaaaa",
                           "0123456789012345678901234567890123456789", "gASV", ""}) {
    CAPTURE(text);
    CHECK(encoding_of(text) == Encoding::none);
  }
}

TEST_CASE("a text that is an artifact is examined though nothing is seen to load it") {
  for (const std::string_view text : {std::string_view(kPickle), kBase64, kHex}) {
    const Parse parsed = pushed(text);
    REQUIRE(parsed.context.members.size() == 1);
    CHECK(parsed.context.members[0].bytes == kPickle);
    CHECK(parsed.context.members[0].info.raw_data);
  }
  CHECK(pushed("cos\nsystem\n(S'x'\ntR.").context.members.size() == 1);
  CHECK(pushed("a line\nof text\n").context.members.empty());
  CHECK(pushed("cat\n, dog\n").context.members.empty());
}

TEST_CASE("bytes that a pickler wrote as characters are those bytes") {
  CHECK(decoded(Encoding::latin1, lit("\xc2\x80\x04\xc3\xbf.")) == lit("\x80\x04\xff."));
  CHECK(decoded(Encoding::latin1, lit("a\xe2\x82\xac")) == "a");
  CHECK(decoded(Encoding::latin1, lit("a\xc2")) == "a");
  const Parse standing = pushed(lit("\xc2\x80\x02N."));
  REQUIRE(standing.context.members.size() == 1);
  CHECK(standing.context.members[0].bytes == lit("\x80\x02N."));
  const Parse given = parse(lit("cpickle\nloads\n(c_codecs\nencode\n(V\x80\x02N.\nVlatin1\ntRtR."));
  REQUIRE(given.context.members.size() == 1);
  CHECK(given.context.members[0].bytes == lit("\x80\x02N."));
}

TEST_CASE("a line longer than any name is examined as well") {
  const Parse parsed = parse("V" + std::string(kHex) + std::string(100'000, '0') + "\n.");
  REQUIRE(parsed.context.members.size() == 1);
  CHECK(parsed.context.members[0].size == kPickle.size() + 50'000);
}

TEST_CASE("a text that ends in an error is examined all the same") {
  const Parse parsed = parse("\x80\x02" + std::string("U\x14") + std::string(kBase64) + "00");
  CHECK_FALSE(parsed.result.has_value());
  CHECK(parsed.context.members.size() == 1);
}

TEST_CASE("what a loader is given is decoded by the calls on the way") {
  const Parse parsed =
      parse("cpickle\nloads\n(cbase64\nb64decode\n(V" + std::string(kBase64) + "\ntRtR.");
  REQUIRE(parsed.context.members.size() == 1);
  CHECK(parsed.context.members[0].bytes == kPickle);
  CHECK_FALSE(parsed.context.members[0].info.raw_data);
  const Parse named = parse("cpickle\nloads\n(cio\nBytesIO\n(ccodecs\ndecode\n(V" +
                            std::string(kHex) + "\nVhex\ntRtRtR.");
  REQUIRE(named.context.members.size() == 1);
  CHECK(named.context.members[0].bytes == kPickle);
}

TEST_CASE("source text that is decoded before exec gets it is told as source text") {
  const Parse parsed = parse("cbuiltins\nexec\n(cbase64\nb64decode\n(VcHJpbnQoMSk=\ntRtR.");
  const auto blobs = parsed.context.all<CodeBlob>();
  REQUIRE(blobs.size() == 1);
  CHECK(blobs[0].text == "print(1)");
  CHECK(parsed.context.texts == std::vector<std::string>{"print(1)"});
  CHECK(calls(parsed)[1].ends_with("# decoded: 'print(1)'"));
}

TEST_CASE("of a marshalled code object the names and constants are told") {
  const Parse parsed =
      parse(lit("\x80\x03"
                "cmarshal\nloads\nC\x12\xe3\0\xda\x06system\xda\x06"
                "CANARY\x85R."));
  const auto blobs = parsed.context.all<CodeBlob>();
  REQUIRE(blobs.size() == 1);
  CHECK(blobs[0].language == "marshal");
  CHECK(blobs[0].text == "system CANARY");
}
