#include "sbom/sarif_rules.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/error.h"
#include "core/text.h"
#include "sbom/references.h"
#include "sbom/sha256.h"

namespace assay::sbom {
namespace {

constexpr std::size_t kMaxTags = 10;  // what GitHub shows of a rule

// By Severity. GitHub reads security-severity: over 9 critical, 7 high, 4 medium.
struct Level {
  std::string_view level;
  std::string_view rank;
  std::string_view security_severity;
  std::string_view problem;
};
constexpr std::array<Level, 5> kLevels{{{"note", "5.0", "0.0", "recommendation"},
                                        {"note", "20.0", "3.0", "recommendation"},
                                        {"warning", "50.0", "5.5", "warning"},
                                        {"error", "80.0", "8.0", "error"},
                                        {"error", "95.0", "9.8", "error"}}};

const Level& level_of(Severity severity) { return kLevels.at(std::to_underlying(severity)); }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "Unpickling runs {callee}" to "UnpicklingRunsCallee".
std::string pascal_case(std::string_view title) {
  std::string name;
  bool starts_word = true;
  for (const char c : title) {
    if (!is_letter(c) && (!is_digit(c) || name.empty())) {
      starts_word = true;
      continue;
    }
    name += starts_word && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    starts_word = false;
  }
  return name;
}

std::string without_braces(std::string_view title) {
  std::string text;
  for (const char c : title) {
    if (c != '{' && c != '}') text += c;
  }
  return text;
}

std::string rule_title(const RuleInfo& rule) {
  return sentence(without_braces(rule.title.empty() ? rule.id : rule.title));
}

void write_text(JsonWriter& out, const char* name, std::string_view text) {
  out.object(name).member("text", text).end_object();
}

void write_help(JsonWriter& out, const RuleInfo& rule) {
  std::string text = rule_title(rule);
  std::string markdown = "**What:** " + text;
  const auto add = [&](std::string_view heading, std::string_view body) {
    if (body.empty()) return;
    text += " " + sentence(body);
    markdown += "\n\n**" + std::string(heading) + ":** " + sentence(body);
  };
  add("Why it matters", rule.why);
  add("What to do", rule.fix);
  std::string links;
  for (const int cwe : cwes_of(rule.references)) {
    links += "\n- [CWE-" + std::to_string(cwe) + "](" + cwe_url(cwe) + ")";
  }
  for (const std::string& url : urls_of(rule.references)) links += "\n- <" + url + ">";
  if (!links.empty()) markdown += "\n\n**See:**\n" + links;
  out.object("help").member("text", text).member("markdown", markdown).end_object();
}

void write_help_uri(JsonWriter& out, const RuleInfo& rule) {
  const auto urls = urls_of(rule.references);
  const auto cwes = cwes_of(rule.references);
  if (!urls.empty()) {
    out.member("helpUri", urls.front());
  } else if (!cwes.empty()) {
    out.member("helpUri", cwe_url(cwes.front()));
  }
}

void write_relationships(JsonWriter& out, const std::vector<int>& cwes) {
  if (cwes.empty()) return;
  out.array("relationships");
  for (const int cwe : cwes) {
    const std::string id = "CWE-" + std::to_string(cwe);
    out.begin_object().object("target").member("id", id).member("guid", uuid_of(id));
    out.object("toolComponent").member("name", "CWE").member("index", 0).end_object().end_object();
    out.array("kinds").value("superset").end_array().end_object();
  }
  out.end_array();
}

void write_properties(JsonWriter& out, const RuleInfo& rule) {
  std::vector<std::string> tags{"security"};
  for (const int cwe : cwes_of(rule.references)) {
    tags.push_back("external/cwe/cwe-" + std::to_string(cwe));
  }
  for (const std::string& tag : rule.tags) {
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(tag);
  }
  tags.resize(std::min(tags.size(), kMaxTags));
  out.object("properties").array("tags");
  for (const std::string& tag : tags) out.value(tag);
  out.end_array().member("precision", rule.id.starts_with("YAR-") ? "medium" : "high");
  out.member("security-severity", level_of(rule.severity).security_severity);
  out.member("problem.severity", level_of(rule.severity).problem).end_object();
}

void write_rule(JsonWriter& out, const RuleInfo& rule) {
  const std::string name = pascal_case(without_braces(rule.title));
  out.begin_object().member("id", rule.id);
  out.member("name", name.empty() ? pascal_case(rule.id) : name);
  write_text(out, "shortDescription", rule_title(rule));
  write_text(out, "fullDescription", rule.why.empty() ? rule_title(rule) : sentence(rule.why));
  write_help(out, rule);
  write_help_uri(out, rule);
  out.object("defaultConfiguration").member("level", sarif_level(rule.severity));
  out.key("rank").literal(sarif_rank(rule.severity)).end_object();
  out.object("messageStrings").object("default").member("text", "{0}.").end_object().end_object();
  write_relationships(out, cwes_of(rule.references));
  write_properties(out, rule);
  out.end_object();
}

}  // namespace

SarifRules::SarifRules(const ScanResult& result) {
  for (const RuleInfo& rule : result.rules) add(rule);
  for (const auto* findings : {&result.findings, &result.suppressed}) {
    for (const Finding& finding : *findings) {
      RuleInfo rule;
      rule.id = to_utf8(finding.rule);
      rule.severity = finding.severity;
      add(std::move(rule));
    }
  }
  std::sort(cwes_.begin(), cwes_.end());
  cwes_.erase(std::unique(cwes_.begin(), cwes_.end()), cwes_.end());
}

void SarifRules::add(RuleInfo rule) {
  if (!places_.try_emplace(rule.id, rules_.size()).second) return;
  const std::vector<int> cwes = cwes_of(rule.references);
  cwes_.insert(cwes_.end(), cwes.begin(), cwes.end());
  rules_.push_back(std::move(rule));
}

void SarifRules::write(JsonWriter& out) const {
  out.array("rules");
  for (const RuleInfo& rule : rules_) write_rule(out, rule);
  out.end_array();
  if (cwes_.empty()) return;
  out.array("supportedTaxonomies").begin_object().member("name", "CWE").member("index", 0);
  out.member("guid", uuid_of("CWE")).end_object().end_array();
}

void SarifRules::write_taxonomies(JsonWriter& out) const {
  if (cwes_.empty()) return;
  out.array("taxonomies").begin_object().member("name", "CWE").member("guid", uuid_of("CWE"));
  out.member("organization", "MITRE").member("informationUri", "https://cwe.mitre.org/");
  write_text(out, "shortDescription", "The MITRE Common Weakness Enumeration.");
  out.member("isComprehensive", false).array("taxa");
  for (const int cwe : cwes_) {
    const std::string id = "CWE-" + std::to_string(cwe);
    out.begin_object().member("id", id).member("guid", uuid_of(id));
    if (const auto name = cwe_name(cwe); !name.empty()) {
      out.member("name", pascal_case(name));
      write_text(out, "shortDescription", std::string(name) + ".");
    }
    out.member("helpUri", cwe_url(cwe)).end_object();
  }
  out.end_array().end_object().end_array();
}

std::string_view sarif_level(Severity severity) { return level_of(severity).level; }
std::string_view sarif_rank(Severity severity) { return level_of(severity).rank; }

std::string sarif_text(std::string_view text) {
  std::string out;
  for (const char c : escaped(text)) {
    const bool makes_link = c == '(' && out.ends_with(']');
    const bool makes_placeholder = is_digit(c) && out.ends_with('{');
    if (makes_link || makes_placeholder) out += ' ';
    out += c;
  }
  return out;
}

std::string sentence(std::string_view text) {
  std::string out = sarif_text(text);
  while (out.ends_with('.') || out.ends_with(' ')) out.pop_back();
  return out + ".";
}

}  // namespace assay::sbom
