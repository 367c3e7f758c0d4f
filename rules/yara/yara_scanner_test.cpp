#include "rules/yara/yara_scanner.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/support/hex.h"

namespace assay {
namespace {

constexpr std::string_view kMarker = R"(
rule marker {
  meta:
    severity = "high"
    description = "the marker"
  strings:
    $a = "MARKER-STRING"
  condition:
    $a
}
)";

YaraRules with(std::string_view source) {
  YaraRules rules = YaraRules::built_in().value();
  const auto added = rules.add("user.yar", source);
  REQUIRE(added.has_value());
  return rules;
}

struct Scan {
  Scan(YaraScanner& scanner, ByteSource& source, std::vector<Region> regions, Budget& budget) {
    result = scanner.scan(source, regions, budget, [this](Fact fact) { facts.push_back(fact); });
  }
  std::vector<std::string> rules() const {
    std::vector<std::string> names;
    for (const Fact& fact : facts) names.push_back(std::get<Match>(fact.value).rule);
    return names;
  }
  std::vector<Fact> facts;
  Parsed<void> result;
};

Scan scan(std::string_view rules_text, const std::string& text, const Limits& limits = {}) {
  const YaraRules rules = with(rules_text);
  YaraScanner scanner(rules);
  MemorySource source(as_bytes(text));
  Budget budget(limits);
  return Scan(scanner, source, {{0, text.size()}}, budget);
}

// Remembers what was read of it.
class WatchedSource final : public ByteSource {
 public:
  explicit WatchedSource(std::string text) : text_(std::move(text)) {}
  std::uint64_t size() override { return text_.size(); }
  ByteView view(std::uint64_t offset, std::uint64_t size) override {
    lowest = std::min(lowest, offset);
    highest = std::max(highest, offset + size);
    return {clip(as_bytes(text_), offset, size), nullptr};
  }
  std::uint64_t lowest = ~0ULL;
  std::uint64_t highest = 0;

 private:
  std::string text_;
};

// Ends before its time.
class FailingSource final : public ByteSource {
 public:
  explicit FailingSource(std::string text) : text_(std::move(text)) {}
  std::uint64_t size() override { return 1 << 20; }
  ByteView view(std::uint64_t offset, std::uint64_t size) override {
    failed_ = offset + size > text_.size();
    return {clip(as_bytes(text_), offset, size), nullptr};
  }
  std::optional<ParseError> error() const override {
    if (!failed_) return std::nullopt;
    return ParseError{ParseErrc::unreadable, text_.size(), "read failed"};
  }

 private:
  std::string text_;
  bool failed_ = false;
};

}  // namespace

TEST_CASE("a match says the rule, where it is, its bytes, and the rule's meta") {
  const Scan found = scan(kMarker, "0123456789 MARKER-STRING, and MARKER-STRING");
  REQUIRE(found.result.has_value());
  REQUIRE(found.facts.size() == 1);
  CHECK(found.facts[0].offset == 11);
  CHECK(found.facts[0].size == 13);
  CHECK(std::get<Match>(found.facts[0].value) ==
        Match{"marker", "MARKER-STRING", "high", "the marker"});
}

TEST_CASE("an excerpt is short however long the match is") {
  const Scan found = scan("rule long { strings: $a = /MARK[a]{500}/ condition: $a }",
                          "MARK" + std::string(500, 'a'));
  REQUIRE(found.facts.size() == 1);
  CHECK(found.facts[0].size == 504);
  CHECK(std::get<Match>(found.facts[0].value).excerpt == "MARK" + std::string(92, 'a'));
}

TEST_CASE("a private string is no evidence") {
  const Scan found = scan(
      R"(rule two { strings: $a = "FIRST-ONE" private $b = "SECOND-ONE" condition: all of them })",
      "FIRST-ONE SECOND-ONE");
  REQUIRE(found.facts.size() == 1);
  CHECK(found.facts[0].offset == 10);
}

TEST_CASE("a match over the border of two blocks is found, once, at its offset") {
  for (const std::uint64_t before : {13U, 12U, 6U, 1U, 0U}) {
    const std::uint64_t at = RegionBlocks::kBlockSize - before;
    std::string text(RegionBlocks::kBlockSize + 100'000, 'x');
    text.replace(at, 13, "MARKER-STRING");
    CAPTURE(before);
    const Scan found =
        scan(R"(rule once { strings: $a = "MARKER-STRING" condition: #a == 1 })", text);
    REQUIRE(found.result.has_value());
    REQUIRE(found.facts.size() == 1);
    CHECK(found.facts[0].offset == at);
  }
}

TEST_CASE("strings in different blocks hold together in one condition") {
  std::string text(3 * RegionBlocks::kBlockSize, 'x');
  text.replace(0, 9, "FIRST-ONE");
  text.replace(text.size() - 10, 10, "SECOND-ONE");
  const Scan found = scan(
      R"(rule two { strings: $a = "FIRST-ONE" $b = "SECOND-ONE" condition: all of them and uint8(@a[1]) == 0x46 and filesize == 3MB })",
      text);
  REQUIRE(found.result.has_value());
  CHECK(found.facts.size() == 1);
}

TEST_CASE("bytes outside the regions are not read") {
  WatchedSource source("MARKER-STRING" + std::string(87, 'x') + "MARKER-STRING");
  const YaraRules rules = with(kMarker);
  YaraScanner scanner(rules);
  Budget budget;
  const Scan outside(scanner, source, {{13, 40}, {60, 40}}, budget);
  CHECK(outside.result.has_value());
  CHECK(outside.facts.empty());
  CHECK(source.lowest == 13);
  CHECK(source.highest == 100);
  const Scan inside(scanner, source, {{60, 80}, {13, 40}}, budget);
  REQUIRE(inside.facts.size() == 1);
  CHECK(inside.facts[0].offset == 100);
}

TEST_CASE("a string that two separate regions have a half of is no match") {
  WatchedSource source("MARKER-xxxxSTRING");
  const YaraRules rules = with(kMarker);
  YaraScanner scanner(rules);
  Budget budget;
  CHECK(Scan(scanner, source, {{0, 7}, {11, 6}}, budget).facts.empty());
}

TEST_CASE("no regions, nothing to scan") {
  MemorySource source(test::raw("MARKER-STRING"));
  const YaraRules rules = with(kMarker);
  YaraScanner scanner(rules);
  Budget budget;
  const Scan found(scanner, source, {}, budget);
  CHECK(found.result.has_value());
  CHECK(found.facts.empty());
}

TEST_CASE("text that was decoded elsewhere is reported where it stands") {
  const YaraRules rules = with(kMarker);
  YaraScanner scanner(rules);
  Budget budget;
  std::vector<Fact> facts;
  const auto scanned = scanner.scan_text("a MARKER-STRING", 77, budget,
                                         [&](Fact fact) { facts.push_back(std::move(fact)); });
  REQUIRE(scanned.has_value());
  REQUIRE(facts.size() == 1);
  CHECK(facts[0].offset == 77);
  CHECK(facts[0].size == 0);
}

TEST_CASE("two scans of the same bytes agree, and what was scanned between is forgotten") {
  const YaraRules rules =
      with(std::string(kMarker) + "rule many { strings: $z = { 00 00 } condition: #z > 3 }");
  YaraScanner scanner(rules);
  const std::string text = "os.system('x') MARKER-STRING";
  MemorySource source(as_bytes(text));
  MemorySource zeros(std::vector<std::byte>(3 << 20));
  Budget budget;
  const Scan first(scanner, source, {{0, text.size()}}, budget);
  const Scan between(scanner, zeros, {{0, 3 << 20}}, budget);
  CHECK_FALSE(between.result.has_value());
  CHECK(between.rules() == std::vector<std::string>{"many"});
  const Scan second(scanner, source, {{0, text.size()}}, budget);
  CHECK(first.facts == second.facts);
  CHECK(first.rules() == std::vector<std::string>{"python_starts_process", "marker"});
  const Scan again(scanner, zeros, {{0, 3 << 20}}, budget);
  CHECK(again.facts == between.facts);
  REQUIRE_FALSE(again.result.has_value());
  CHECK(again.result.error().message == between.result.error().message);
}

TEST_CASE("too many matches of a string are an error that names it, and other rules still hold") {
  const Scan found =
      scan(std::string(kMarker) + "rule many { strings: $z = { 7A 7A } condition: #z > 2000000 }",
           std::string(2 << 20, 'z') + "MARKER-STRING");
  REQUIRE_FALSE(found.result.has_value());
  CHECK(found.result.error().code == ParseErrc::over_budget);
  CHECK(found.result.error().message.find("rule many, string $z") != std::string::npos);
  CHECK(found.rules() == std::vector<std::string>{"marker"});
}

TEST_CASE("each match is paid for") {
  Limits limits;
  limits.matches = 1;
  const Scan found =
      scan(std::string(kMarker) + R"(rule other { strings: $a = "MARKER" condition: $a })",
           "MARKER-STRING", limits);
  CHECK(found.facts.size() == 1);
  REQUIRE_FALSE(found.result.has_value());
  CHECK(found.result.error().code == ParseErrc::over_budget);
  CHECK(found.result.error().message.find("matches") != std::string::npos);
}

TEST_CASE("the engine's stop ends the scan as a timeout") {
  const std::atomic<bool> stop = true;
  Limits limits;
  limits.stop = &stop;
  const Scan found = scan(kMarker, "MARKER-STRING", limits);
  CHECK(found.facts.empty());
  REQUIRE_FALSE(found.result.has_value());
  CHECK(found.result.error().code == ParseErrc::timeout);
}

TEST_CASE("a source that fails keeps what was found before and says why it ended") {
  FailingSource source("MARKER-STRING");
  const YaraRules rules = with(kMarker);
  YaraScanner scanner(rules);
  Budget budget;
  const Scan found(scanner, source, {{0, 1 << 20}}, budget);
  CHECK(found.facts.size() == 1);
  REQUIRE_FALSE(found.result.has_value());
  CHECK(found.result.error().code == ParseErrc::unreadable);
}

TEST_CASE("an exception out of the callback comes through and leaves the scanner usable") {
  const YaraRules rules = with(kMarker);
  YaraScanner scanner(rules);
  MemorySource source(test::raw("MARKER-STRING"));
  const Region whole{0, 13};
  Budget budget;
  CHECK_THROWS_AS(scanner.scan(source, std::span(&whole, 1), budget,
                               [](const Fact&) { throw std::runtime_error("full"); }),
                  std::runtime_error);
  CHECK(Scan(scanner, source, {whole}, budget).facts.size() == 1);
}

TEST_CASE("an error in a user's rule names file and line, and adds nothing") {
  YaraRules rules = YaraRules::built_in().value();
  const std::size_t before = rules.identifiers().size();
  const auto added =
      rules.add("mine.yar", "rule fine { condition: true }\nrule bad {\n  condition: )\n}\n");
  REQUIRE_FALSE(added.has_value());
  CHECK(added.error().code == ParseErrc::malformed);
  CHECK(added.error().message.starts_with("mine.yar:3: "));
  CHECK(added.error().offset == 41);
  CHECK(rules.identifiers().size() == before);
}

TEST_CASE("user rules may not read other files, look outside the bytes or take a built-in name") {
  const auto [source, line] = GENERATE(table<std::string, std::string>({
      {"include \"/etc/passwd\"\n", "mine.yar:1:"},
      {"rule a { condition: true }\nimport \"cuckoo\"\nrule b { condition: true }\n",
       "mine.yar:2:"},
      {"import \"time\"\nrule a { condition: time.now() > 0 }\n", "mine.yar:1:"},
      {"import \"console\"\nrule a { condition: console.log(\"x\") }\n", "mine.yar:1:"},
      {"rule eicar_test_file { condition: true }\n", "YARA rule eicar_test_file"},
      {std::string("rule a { condition: true }\n\0rule b { condition: true }", 53), "mine.yar:2:"},
  }));
  CAPTURE(source);
  YaraRules rules = YaraRules::built_in().value();
  const auto added = rules.add("mine.yar", source);
  REQUIRE_FALSE(added.has_value());
  CHECK(added.error().message.starts_with(line));
}

TEST_CASE("modules over the scanned bytes work in user rules") {
  const Scan found =
      scan("import \"math\"\nrule flat { condition: math.entropy(0, filesize) < 0.1 }",
           std::string(1000, 'a'));
  CHECK(found.rules() == std::vector<std::string>{"flat"});
}

TEST_CASE("rule files of the user do not see each other's names") {
  YaraRules rules = YaraRules::built_in().value();
  const std::vector<libyara::Source> sources{{"a.yar", "rule same { condition: true }"},
                                             {"b.yar", "rule same { condition: true }"}};
  REQUIRE(rules.add(sources).has_value());
  REQUIRE(rules.add("c.yar", "rule third { condition: true }").has_value());
  YaraScanner scanner(rules);
  MemorySource source(test::raw("x"));
  Budget budget;
  CHECK(Scan(scanner, source, {{0, 1}}, budget).rules() ==
        std::vector<std::string>{"same", "same", "third"});
}

TEST_CASE("a global rule of the user does not silence the built-in rules") {
  const Scan found = scan("global rule never { condition: false }", "os.system('echo hi')");
  CHECK(found.rules() == std::vector<std::string>{"python_starts_process"});
}

TEST_CASE("damaged compiled rules are refused") {
  const Bytes image = YaraRules::built_in_image();
  REQUIRE(libyara::Rules::load(image).has_value());
  CHECK_FALSE(libyara::Rules::load(clip(image, 0, image.size() / 2)).has_value());
  CHECK_FALSE(libyara::Rules::load(clip(image, 8, image.size())).has_value());
  CHECK_FALSE(libyara::Rules::load({}).has_value());
}

}  // namespace assay
