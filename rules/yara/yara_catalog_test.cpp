// Every entry of rules/catalog/yara.json against the rule it names.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "rules/yara/yara_scanner.h"
#include "tests/support/hex.h"

namespace assay {
namespace {

nlohmann::json catalog() {
  std::ifstream in(std::string(ASSAY_SOURCE_DIR) + "/rules/catalog/yara.json");
  return nlohmann::json::parse(in).at("rules");
}

// The YARA rule of an entry. The entry for rules of users names none; it has a
// built-in rule without an entry to be tried with.
std::string rule_of(const nlohmann::json& entry) {
  return entry.at("match").value("rule", "yara_self_test");
}

std::vector<std::byte> sample_bytes(const nlohmann::json& sample) {
  if (sample.is_string()) return test::raw(sample.get<std::string>());
  if (sample.contains("text")) return test::raw(sample.at("text").get<std::string>());
  return test::bytes(sample.at("hex").get<std::string>());
}

std::vector<Match> matches(const std::vector<std::byte>& bytes) {
  static const YaraRules rules = YaraRules::built_in().value();
  static YaraScanner scanner(rules);
  MemorySource source{Bytes(bytes)};
  Budget budget;
  const Region whole{0, bytes.size()};
  std::vector<Match> out;
  const auto scanned = scanner.scan(source, std::span(&whole, 1), budget, [&](Fact fact) {
    out.push_back(std::get<Match>(std::move(fact.value)));
  });
  CHECK(scanned.has_value());
  return out;
}

bool fires(const std::vector<Match>& found, const std::string& rule) {
  return std::ranges::any_of(found, [&](const Match& match) { return match.rule == rule; });
}

}  // namespace

TEST_CASE("a YARA rule fires on its samples and stays silent on its near misses") {
  for (const auto& entry : catalog()) {
    const auto rule = rule_of(entry);
    const auto& samples = entry.at("samples");
    REQUIRE_FALSE(samples.at("fires").empty());
    REQUIRE_FALSE(samples.at("silent").empty());
    for (const auto& sample : samples.at("fires")) {
      CAPTURE(rule, sample);
      CHECK(fires(matches(sample_bytes(sample)), rule));
    }
    for (const auto& sample : samples.at("silent")) {
      CAPTURE(rule, sample);
      CHECK_FALSE(fires(matches(sample_bytes(sample)), rule));
    }
  }
}

TEST_CASE("a YARA rule says the severity and the description of its catalog entry") {
  for (const auto& entry : catalog()) {
    const auto rule = rule_of(entry);
    CAPTURE(rule);
    const auto found = matches(sample_bytes(entry.at("samples").at("fires").at(0)));
    const auto match = std::ranges::find(found, rule, &Match::rule);
    REQUIRE(match != found.end());
    CHECK_FALSE(match->excerpt.empty());
    if (!entry.at("match").contains("rule")) continue;
    CHECK(match->severity == entry.at("severity").get<std::string>());
    CHECK(match->description == entry.at("title").get<std::string>());
  }
}

TEST_CASE("every built-in YARA rule has one catalog entry and every entry a rule") {
  std::multiset<std::string> named;
  for (const auto& entry : catalog()) named.insert(rule_of(entry));
  const auto identifiers = YaraRules::built_in().value().identifiers();
  const std::multiset<std::string> built_in(identifiers.begin(), identifiers.end());
  CHECK(named == built_in);
}

// What people and model repositories write every day.
TEST_CASE("ordinary text and code bring nothing above low") {
  const std::vector<std::string> ordinary{
      "# Install\n```\npip install transformers\ncurl -LsSf https://example.invalid/install.sh | "
      "sh\n"
      "wget https://example.invalid/model.bin && chmod +x run.sh && ./run.sh\n```\n",
      "FROM python:3.11\nRUN apt-get update && curl -fsSL https://example.invalid/key.asc | gpg "
      "--dearmor"
      " -o /k.gpg\nRUN pip install --extra-index-url https://example.invalid/whl torch\n"
      "HEALTHCHECK CMD curl -f http://localhost:8000/ || exit 1\n",
      "from setuptools import setup\nimport subprocess\n"
      "version = subprocess.check_output(['git', 'describe']).decode()\nsetup(name='x')\n",
      "class Model(nn.Module):\n    def forward(self, x):\n        self.eval()\n"
      "        return self.decoder(base64.b64decode(x))\n",
      "os.system('nvidia-smi')\nsubprocess.run('ls -l', shell=True)\n",
      "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] }}{% "
      "endfor %}",
      "until (echo > /dev/tcp/db/5432) >/dev/null 2>&1; do sleep 1; done\n",
      "echo 'export PATH=/opt/bin:$PATH' >> ~/.bashrc\nssh -i ~/.ssh/id_rsa host\n",
      "exec(open('version.py').read())\nexec(compile(source, name, 'exec'), ns)\n"};
  for (const std::string& text : ordinary) {
    for (const Match& match : matches(test::raw(text))) {
      CAPTURE(text, match.rule, match.excerpt);
      CHECK((match.severity == "info" || match.severity == "low"));
    }
  }
}

}  // namespace assay
