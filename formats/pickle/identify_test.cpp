#include <catch2/catch.hpp>
#include <random>

#include "core/text.h"
#include "formats/pickle/test_support.h"

using namespace assay;
using namespace assay::pickle::test;

namespace {

Confidence bid(std::string_view head, std::string_view name = "", std::uint64_t more = 0) {
  const auto bytes = raw(head);
  return pickle::format.identify({.head = bytes, .size = bytes.size() + more, .name = name});
}

}  // namespace

TEST_CASE("text and data that begin with an opcode are no pickles") {
  const std::string_view texts[] = {
      "",
      "N.B. This is a note.\nIt goes on.\n",
      "I am a text file\nwith lines\n",
      "(defun f (x)\n  (+ x 1))\n",
      "cat\ndog\nelephant\n",
      "copy a\nb c\n",
      "Some words.\nMore words.\n",
      "Variables\nare\nhere\n",
      "}\n]\n",
      "[1, 2, 3]\n",
      "{\"a\": 1}",
      "a,b,c\n1,2,3\n",
      "#!/bin/sh\necho CANARY\n",
      "import os\nos.getcwd()\n",
      "class A:\n    pass\n",
      "PK\x03\x04\n",
      "GIF89a",
      "Line one\n",
      "From: a\nTo: b\n",
      "0\n",
  };
  for (const std::string_view text : texts) {
    CAPTURE(text);
    CHECK(bid(text) == Confidence::none);
    CHECK(bid(text, "model.pkl") != Confidence::certain);
  }
}

TEST_CASE("random bytes are hardly ever taken for a pickle, and then show no import") {
  std::mt19937 random(1);
  int bids = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(200, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    const Confidence confidence = bid(bytes);
    CAPTURE(hex(assay::as_bytes(bytes)));
    CHECK(confidence != Confidence::certain);
    if (confidence == Confidence::none) continue;
    ++bids;
    const Parse parsed = parse(bytes);
    CHECK(parsed.context.all<Import>().empty());
    CHECK(parsed.context.all<Call>().empty());
  }
  CHECK(bids < 20);
}

TEST_CASE("pickles of every protocol are known") {
  const std::string_view certain[] = {
      lit("\x80\x02N."),
      lit("\x80\x05\x95\x02\0\0\0\0\0\0\0N."),
      lit("\x80\x04\x95\x02\0\0\0\0\0\0\0\x8c\x05"),  // cut off
      lit("cos\nsystem\n(S'echo hi'\ntR."),
      lit("(S'echo hi'\nios\nsystem\n."),
      lit("\x8c\x02os\x8c\x06system\x93)R."),
  };
  for (const std::string_view head : certain) {
    CAPTURE(head);
    CHECK(bid(head) == Confidence::certain);
  }
  CHECK(bid(lit("\x80\x02X\x05"), "a.pkl") == Confidence::certain);
  CHECK(bid(lit("\x80\x02X\x05")) == Confidence::possible);
  CHECK(bid(lit("(lp0\nI1\na.")) == Confidence::possible);
  CHECK(bid(lit("(I1\nI2\nI3\nI4\nI5\nl.\xff\xff")) == Confidence::possible);
  CHECK(bid(lit("cos\nsystem\n(S'echo hi'\ntR")) == Confidence::possible);
  CHECK(bid("S'" + std::string(4094, 'x'), "", 5000) == Confidence::possible);
}

TEST_CASE("behind many small pickles in a row, the last one and what is no pickle are told") {
  std::string row;
  for (int i = 0; i < 100'000; ++i) row += lit("\x80\x02N.");
  const Parse evil = parse(row + std::string(lit("\x80\x02"
                                                 "cos\nsystem\nU\x01x\x85R.")));
  CHECK(evil.result.has_value());
  CHECK(calls(evil) == std::vector<std::string>{"os.system('x')"});
  CHECK(evil.context.facts.size() < 20);
  CHECK(parse(row + "\xff\xff").context.has_anomaly("pickle.trailing-data"));
}
