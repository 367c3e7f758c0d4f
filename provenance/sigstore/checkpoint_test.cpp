#include "provenance/sigstore/checkpoint.h"

#include <catch2/catch.hpp>

#include "core/text.h"
#include "provenance/sigstore/bundle_maker.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::testing;

namespace {

const std::string kRoot = to_base64(ByteString(32, std::byte{7}));
const std::string kText = "log.test - 42\n5\n" + kRoot + "\n";
const std::string kLine = "\xe2\x80\x94 log.test AAAAAAA=\n";

bool is_read(const std::string& note) { return parse_checkpoint(note).has_value(); }

}  // namespace

TEST_CASE("notes that are not one checkpoint with signatures are refused") {
  CHECK(is_read(kText + "\n" + kLine));
  const std::string size_and_root = "5\n" + kRoot + "\n";
  for (const std::string& note :
       {std::string(), kText, kText + "\n", kText + kLine, kText + "\n\n" + kLine,
        kText + "\n" + kLine + "\n" + kLine, size_and_root + "\n" + kLine,
        "\n" + size_and_root + "\n" + kLine, "log.test\n5\n\n" + kLine, "log.test\n\n" + kLine,
        kText + "\n" + kLine + "- x y\n", kText + "\n" + kLine.substr(0, kLine.size() - 1),
        kText + "\n\xe2\x80\x94 log.test\n", kText + "\n\xe2\x80\x94  AAAAAAA=\n",
        kText + "\n\xe2\x80\x94 log.test AAAAAA==\n", kText + "\n\xe2\x80\x94 log.test AAAAAAA\n",
        kText + "\n\xe2\x80\x94 log.test AAAA*AA=\n", "a\r\n" + size_and_root + "\n" + kLine,
        "a\n5\nAAAA\n\n" + kLine}) {
    CAPTURE(note);
    CHECK_FALSE(is_read(note));
  }
}

TEST_CASE("a size has one spelling and is natural") {
  for (const char* size : {"", "-1", "+1", "05", " 5", "5 ", "0x5", "9223372036854775808", "5.0"}) {
    CAPTURE(size);
    CHECK_FALSE(is_read("log.test\n" + std::string(size) + "\n" + kRoot + "\n\n" + kLine));
  }
  CHECK(is_read("log.test\n0\n" + kRoot + "\n\n" + kLine));
}

TEST_CASE("a note with more signatures than are looked at is refused") {
  std::string note = kText + "\n";
  for (std::size_t i = 0; i < kMaxNoteSignatures; ++i) note += kLine;
  CHECK(is_read(note));
  CHECK_FALSE(is_read(note + kLine));
}

TEST_CASE("the parts of a checkpoint are read, further lines are part of the text") {
  const auto checkpoint = parse_checkpoint(kText + "more\n\n" + kLine);
  REQUIRE(checkpoint.has_value());
  CHECK(checkpoint->origin == "log.test - 42");
  CHECK(checkpoint->name() == "log.test");
  CHECK(checkpoint->size == 5);
  CHECK(hex(checkpoint->root_hash) == hex(ByteString(32, std::byte{7})));
  CHECK(checkpoint->text == kText + "more\n");
  CHECK(checkpoint->signatures.at(0).name == "log.test");
  CHECK(hex(checkpoint->signatures.at(0).key_hint) == "00000000");
}

TEST_CASE("only the log's own signature over the whole text counts") {
  const Log log;
  const LogKey trusted = log.trusted();
  const std::string good = log.signature_line(kText);
  const auto is_good = [&](const std::string& text, const std::string& lines) {
    const auto checkpoint = parse_checkpoint(text + "\n" + lines);
    REQUIRE(checkpoint.has_value());
    return is_signed_by(*checkpoint, trusted);
  };
  CHECK_FALSE(is_good(kText, kLine));
  CHECK_FALSE(is_good(kText, log.signature_line(kText + "more\n")));
  CHECK_FALSE(is_good(kText + "more\n", good));
  CHECK_FALSE(is_good(kText, Log().signature_line(kText)));
  CHECK_FALSE(is_good(kText, log.signature_line(kText, "witness.test")));
  CHECK_FALSE(is_good("other.test - 42\n5\n" + kRoot + "\n", good));
  CHECK(is_good(kText, good));
  CHECK(is_good(kText, kLine + log.signature_line(kText, "witness.test") + good));
}

TEST_CASE("a key that checkpoints name otherwise than the log does is found by that name") {
  const Log log;
  LogKey trusted = log.trusted();
  const auto checkpoint = parse_checkpoint(kText + "\n" + log.signature_line(kText));
  REQUIRE(checkpoint.has_value());
  trusted.checkpoint_id = trusted.id;
  trusted.id = ByteString(32, std::byte{1});
  CHECK(is_signed_by(*checkpoint, trusted));
  trusted.checkpoint_id = {};
  CHECK_FALSE(is_signed_by(*checkpoint, trusted));
}
