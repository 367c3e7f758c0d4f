#include "sbom/json_writer.h"

#include <catch2/catch.hpp>

using namespace assay::sbom;

namespace {
std::string quoted(std::string_view text) {
  std::string json = JsonWriter(JsonWriter::Style::one_line).value(text).take();
  json.pop_back();
  return json;
}
}  // namespace

TEST_CASE("text of any bytes becomes valid JSON that is safe to show") {
  CHECK(quoted("a\"b\\c\n\t\x1b\x7f") == R"("a\"b\\c\n\u0009\u001b\u007f")");
  CHECK(quoted(std::string_view("\0", 1)) == R"("\u0000")");
  CHECK(quoted("\xff\xc0\xaf\xed\xa0\x80") == R"("\\xff\\xc0\\xaf\\xed\\xa0\\x80")");
  CHECK(quoted("\xc2\x9b\xe2\x80\xae\xef\xbb\xbf") == R"("\u009b\u202e\ufeff")");
  CHECK(quoted("\xf3\xa0\x81\x81") == R"("\udb40\udc41")");
  CHECK(quoted("模型 é 😀 </script>") == "\"模型 é 😀 </script>\"");
}

TEST_CASE("members stand in the order they are given, in both styles") {
  const auto write = [](JsonWriter out) {
    out.begin_object().member("b", 1).member("a", true).array("list").value("x").value(-2);
    out.begin_object().end_object().end_array().object("empty").end_object();
    out.key("n").literal("9.8").end_object();
    return out.take();
  };
  CHECK(write(JsonWriter(JsonWriter::Style::one_line)) ==
        "{\"b\":1,\"a\":true,\"list\":[\"x\",-2,{}],\"empty\":{},\"n\":9.8}\n");
  CHECK(write(JsonWriter()) ==
        "{\n  \"b\": 1,\n  \"a\": true,\n  \"list\": [\n    \"x\",\n    -2,\n    {}\n  ],\n"
        "  \"empty\": {},\n  \"n\": 9.8\n}\n");
}

TEST_CASE("the largest numbers keep every digit") {
  JsonWriter out(JsonWriter::Style::one_line);
  CHECK(out.value(~std::uint64_t{0}).take() == "18446744073709551615\n");
}
