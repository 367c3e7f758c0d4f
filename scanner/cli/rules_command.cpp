#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>

#include "core/text.h"
#include "rules/evaluator.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/terminal.h"
#include "scanner/version.h"

namespace assay::cli {
namespace {

const RuleInfo* find_rule(const Rules& rules, const std::string& id) {
  const auto catalog = rules.catalog.catalog();
  const auto found = std::find_if(catalog.begin(), catalog.end(), [&](const RuleInfo& rule) {
    return to_lower(rule.id) == to_lower(id);
  });
  return found == catalog.end() ? nullptr : &*found;
}

std::string listed(std::string_view heading, const std::vector<std::string>& items) {
  if (items.empty()) return "";
  std::string text(heading);
  for (const std::string& item : items) text += "\n  " + escaped(item);
  return text + "\n";
}

// The bytes of a sample; nothing for a corpus file that is not here.
std::optional<std::string> sample_bytes(const RuleSample& sample) {
  if (sample.file.empty()) return sample.bytes;
  std::ifstream in(sample.file, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

std::vector<Finding> findings_of(const std::string& name, const RuleSample& sample,
                                 std::string_view bytes, const Rules& rules) {
  if (sample.anomaly.empty() && !sample.signature) {
    return scan_bytes(name, as_bytes(bytes), rules, {}).findings;
  }
  Artifact artifact;
  artifact.path = name;
  if (sample.signature) {
    artifact.facts.push_back({0, 0, *sample.signature});
  } else {
    artifact.facts.push_back({0, 0, Anomaly{sample.anomaly, ""}});
  }
  std::vector<Finding> findings;
  judge(artifact, rules.catalog, findings);
  return findings;
}

bool fires(const std::string& id, const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const Finding& finding) { return finding.rule == id; });
}

// Tests one rule over its samples and says what is wrong with it.
struct SampleTally {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t skipped = 0;

  void run(const RuleInfo& rule, const RuleSample& sample, const Rules& rules) {
    const auto bytes = sample_bytes(sample);
    const std::string name = sample.name.empty() ? std::string("sample") : sample.name;
    if (!bytes) {
      ++skipped;
      complain(rule.id + ": skipped, no file " + sample.file, 0);
      return;
    }
    if (fires(rule.id, findings_of(name, sample, *bytes, rules)) == sample.fires) {
      ++passed;
      return;
    }
    ++failed;
    complain(rule.id +
                 (sample.fires ? ": silent on a sample it should fire on: "
                               : ": fires on a sample it should be silent on: ") +
                 (sample.file.empty() ? shortened(*bytes, 60) : sample.file),
             0);
  }
};

}  // namespace

int run_rules_list(const Arguments& arguments) {
  const auto rules = rules_of(arguments);
  if (!rules) return kExitUsage;
  std::string out;
  for (const RuleInfo& rule : rules->catalog.catalog()) {
    out += rule.id + "  " + std::string(to_string(rule.severity)) + "  " + rule.title + "\n";
  }
  print(out);
  return kExitPass;
}

int run_rules_show(const Arguments& arguments) {
  const auto rules = rules_of(arguments);
  if (!rules) return kExitUsage;
  const RuleInfo* rule = find_rule(*rules, arguments.rule_id);
  if (!rule) return complain("no rule has the id " + arguments.rule_id, kExitUsage);
  print(rule->id + "  " + std::string(to_string(rule->severity)) + "\n" + rule->title + "\n\n" +
        "Why it matters\n  " + rule->why + "\n\nWhat to do\n  " + rule->fix + "\n\n" +
        listed("References", rule->references) + listed("Tags", rule->tags));
  return kExitPass;
}

int run_rules_test(const Arguments& arguments) {
  const auto rules = rules_of(arguments);
  if (!rules) return kExitUsage;
  SampleTally tally;
  for (const RuleInfo& rule : rules->catalog.catalog()) {
    const auto samples = rules->catalog.samples(rule.id);
    if (samples.empty()) {
      ++tally.failed;
      complain(rule.id + ": has no samples", 0);
    }
    for (const RuleSample& sample : samples) tally.run(rule, sample, *rules);
  }
  print(std::to_string(tally.passed) + " passed, " + std::to_string(tally.failed) + " failed, " +
        std::to_string(tally.skipped) + " skipped\n");
  return tally.failed == 0 ? kExitPass : kExitFail;
}

int run_version(const Arguments& arguments) {
  const auto rules = rules_of(arguments);
  if (!rules) return kExitUsage;
  if (arguments.json) {
    print("{\"name\":\"assay\",\"version\":\"" + std::string(kVersion) + "\",\"rules_digest\":\"" +
          rules->digest() + "\",\"rules\":" + std::to_string(rules->catalog.catalog().size()) +
          "}\n");
  } else {
    print("assay " + std::string(kVersion) + "\nrules " + rules->digest() + "\n");
  }
  return kExitPass;
}

}  // namespace assay::cli
