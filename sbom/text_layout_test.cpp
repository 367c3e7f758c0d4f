#include "sbom/text_layout.h"

#include <catch2/catch.hpp>

#include "core/text.h"
#include "sbom/fact_summary.h"
#include "sbom/references.h"
#include "sbom/sha256.h"

using namespace assay;
using namespace assay::sbom;

TEST_CASE("columns are those of a terminal") {
  CHECK(columns("abc") == 3);
  CHECK(columns("é") == 1);
  CHECK(columns("e\u0301") == 1);
  CHECK(columns("模型.bin") == 8);
  CHECK(columns("😀") == 2);
}

TEST_CASE("what is too wide loses its middle and keeps whole characters") {
  CHECK(shortened_in_middle("short", 10) == "short");
  CHECK(shortened_in_middle("models/a/very/long/model.bin", 16) == "models...del.bin");
  const auto width = GENERATE(range<std::size_t>(0, 24));
  for (const char* text :
       {"模型模型模型模型模型模型", "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301"}) {
    const std::string cut = shortened_in_middle(text, width);
    CHECK(columns(cut) <= width);
    CHECK(is_utf8(cut));
  }
}

TEST_CASE("text wraps at spaces, and a long word anywhere") {
  CHECK(wrapped("one two three", 8, 2) == "one two\n  three");
  CHECK(wrapped("abcdefghij", 4, 1) == "abcd\n efgh\n ij");
  CHECK(wrapped("", 4, 1).empty());
  CHECK(wrapped("模型", 1, 0) == "模\n型");
}

TEST_CASE("sizes and counts are for people") {
  CHECK(human_size(0) == "0 B");
  CHECK(human_size(999) == "999 B");
  CHECK(human_size(1'250) == "1.2 kB");
  CHECK(human_size(999'999) == "999 kB");
  CHECK(human_size(~std::uint64_t{0}) == "18 EB");
  CHECK(counted(1, "file") == "1 file");
  CHECK(counted(1'234'567, "file") == "1,234,567 files");
}

TEST_CASE("an excerpt never grows when it is cut again") {
  for (const std::string& text : {std::string(300, 'x'), std::string(254, 'x') + "模型",
                                  std::string(255, 'x') + "\xff\xff", std::string(256, '\xff')}) {
    const std::string once = excerpt(text, 256);
    CHECK(once.size() <= 256);
    CHECK(is_utf8(once));
    CHECK(excerpt(once, 256) == once);
  }
}

TEST_CASE("digests are SHA-256 of FIPS 180-4") {
  CHECK(short_digest("") == "e3b0c44298fc1c149afbf4c8996fb924");
  CHECK(short_digest("abc") == "ba7816bf8f01cfea414140de5dae2223");
  CHECK(short_digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039");
  CHECK(short_digest(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67");
  CHECK(uuid_of("abc") == "ba7816bf-8f01-5fea-8141-40de5dae2223");
}

TEST_CASE("a path becomes a relative URI whatever it holds") {
  CHECK(relative_uri("a b/模.bin") == "a%20b/%E6%A8%A1.bin");
  CHECK(relative_uri("/etc/passwd") == "%2Fetc/passwd");
  CHECK(relative_uri("c:x?y#z%") == "c%3Ax%3Fy%23z%25");
  CHECK(relative_uri("\xff") == "%5Cxff");
  CHECK(relative_uri("") == ".");
}

TEST_CASE("a source is labelled without the place where it lay") {
  CHECK(source_label({"hf://acme/tiny@main/x", "hub", ""}) == "acme/tiny");
  CHECK(source_label({"hf://models/acme/tiny/a/b", "hub", ""}) == "acme/tiny");
  CHECK(source_label({"/home/someone/model/", "path", ""}) == "model");
  CHECK(source_label({".", "path", ""}) == "path");
  CHECK(source_label({"-", "stdin", ""}) == "stdin");
}

TEST_CASE("references are told apart, and what only looks like one is none") {
  const std::vector<std::string> references{"CWE-502",       "CWE-502",
                                            "CWE-0",         "CWE-5x",
                                            "CVE-2025-1944", "https://a.example/x?y#z",
                                            "https://a b",   "javascript:alert(1)",
                                            "https://"};
  CHECK(cwes_of(references) == std::vector{502});
  CHECK(advisories_of(references) == std::vector<std::string>{"CVE-2025-1944"});
  CHECK(urls_of(references) == std::vector<std::string>{"https://a.example/x?y#z"});
}
