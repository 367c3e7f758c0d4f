#include "rules/catalog.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <optional>

namespace assay::rules {
namespace {

namespace dom = simdjson::dom;

constexpr std::array<std::string_view, 11> kKeys{"id",      "severity", "title",      "match",
                                                 "why",     "fix",      "references", "tags",
                                                 "samples", "fallback", "comment"};

// Why an entry is refused; empty when it is fine.
using Complaint = std::string;

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view part : parts) out += part;
  return out;
}

std::optional<std::string_view> text_of(dom::element value) {
  std::string_view text;
  if (value.get_string().get(text)) return std::nullopt;
  return text;
}

std::optional<std::string_view> text_at(dom::object entry, std::string_view key) {
  dom::element value;
  if (entry[key].get(value)) return std::nullopt;
  return text_of(value);
}

// A string or a list of strings.
bool read_words(dom::element value, std::vector<std::string>& words) {
  if (const auto text = text_of(value)) {
    words.emplace_back(*text);
    return true;
  }
  dom::array list;
  if (value.get_array().get(list)) return false;
  for (const dom::element item : list) {
    const auto text = text_of(item);
    if (!text) return false;
    words.emplace_back(*text);
  }
  return true;
}

// {"glob": ...} and {"not": ...} around the words, each at most once in a row.
Complaint read_condition(dom::element value, Condition& condition) {
  for (int level = 0; level < 3; ++level) {
    if (bool flag = false; !value.get_bool().get(flag)) {
      condition.words = {flag ? "true" : "false"};
      return {};
    }
    dom::object wrapper;
    if (value.get_object().get(wrapper)) {
      return read_words(value, condition.words) && !condition.words.empty()
                 ? ""
                 : "a condition is a word, a list of words, true or false";
    }
    if (wrapper.size() != 1) return "a condition holds one of \"glob\" and \"not\"";
    const dom::key_value_pair inner = *wrapper.begin();
    if (inner.key == "not" && !condition.glob) {
      condition.negated = !condition.negated;
    } else if (inner.key == "glob" && !condition.glob) {
      condition.glob = true;
    } else {
      return joined({"unknown condition '", inner.key, "'"});
    }
    value = inner.value;
  }
  return "conditions nest too deeply";
}

Complaint read_match(dom::object entry, Rule& rule) {
  dom::object match;
  if (entry["match"].get_object().get(match)) return "no \"match\"";
  const auto fact = text_at(match, "fact");
  if (!fact || !is_fact_kind(*fact)) return "\"match\" names no known kind of fact";
  rule.fact = *fact;
  for (const dom::key_value_pair pair : match) {
    if (pair.key == "fact") continue;
    Condition condition{.field = find_field(rule.fact, pair.key), .words = {}};
    if (!condition.field) {
      return joined({"a fact '", rule.fact, "' has no field '", pair.key, "'"});
    }
    if (Complaint what = read_condition(pair.value, condition); !what.empty()) return what;
    rule.conditions.push_back(std::move(condition));
  }
  return {};
}

Complaint read_severity(dom::object entry, Rule& rule) {
  dom::element value;
  if (entry["severity"].get(value)) return "no \"severity\"";
  if (const auto word = text_of(value)) {
    return severity_from(*word, rule.info.severity) ? "" : "unknown severity";
  }
  dom::object from;
  if (value.get_object().get(from)) return "unknown severity";
  const auto source = text_at(from, "from");
  rule.info.severity = Severity::critical;
  if (source == "gadget" && (rule.fact == "call" || rule.fact == "import")) {
    rule.severity_source = SeveritySource::gadget;
  } else if (source == "fact" && find_field(rule.fact, "severity")) {
    rule.severity_source = SeveritySource::fact;
  } else {
    return joined({"a fact '", rule.fact, "' gives no such severity"});
  }
  return {};
}

// AREA-KIND-NNN, upper case.
bool is_rule_id(std::string_view id) {
  const auto upper = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  return std::ranges::count(id, '-') == 2 && id.front() != '-' && id.back() != '-' &&
         std::ranges::all_of(id, [&](char c) { return c == '-' || upper(c); });
}

Complaint read_texts(dom::object entry, RuleInfo& info) {
  const auto id = text_at(entry, "id");
  if (!id || !is_rule_id(*id)) return "\"id\" is not of the form AREA-KIND-NNN";
  info.id = *id;
  for (const auto& [key, target] :
       {std::pair{"title", &info.title}, {"why", &info.why}, {"fix", &info.fix}}) {
    const auto text = text_at(entry, key);
    if (!text || text->empty()) return joined({"no \"", key, "\""});
    *target = *text;
  }
  for (const auto& [key, target] :
       {std::pair{"references", &info.references}, {"tags", &info.tags}}) {
    dom::element value;
    if (!entry[key].get(value) && !read_words(value, *target)) {
      return joined({"\"", key, "\" is no list of words"});
    }
  }
  return {};
}

// Every placeholder must be a field, or a report would show its braces.
Complaint check_title(const Rule& rule) {
  std::string_view rest = rule.info.title;
  for (;;) {
    const std::size_t open = rest.find('{');
    if (open == std::string_view::npos) return {};
    const std::size_t close = rest.find('}', open);
    if (close == std::string_view::npos) return "an open brace in \"title\"";
    const std::string_view name = rest.substr(open + 1, close - open - 1);
    if (!find_field(rule.fact, name)) {
      return joined({"a fact '", rule.fact, "' has no field '", name, "'"});
    }
    rest.remove_prefix(close + 1);
  }
}

Complaint read_rule(dom::element value, Rule& rule) {
  dom::object entry;
  if (value.get_object().get(entry)) return "a rule is an object";
  if (Complaint what = read_texts(entry, rule.info); !what.empty()) return what;
  for (const dom::key_value_pair pair : entry) {
    if (std::ranges::find(kKeys, pair.key) == kKeys.end()) {
      return joined({"unknown key '", pair.key, "'"});
    }
  }
  if (Complaint what = read_match(entry, rule); !what.empty()) return what;
  if (Complaint what = read_severity(entry, rule); !what.empty()) return what;
  dom::element fallback;
  if (!entry["fallback"].get(fallback) && fallback.get_bool().get(rule.fallback)) {
    return "\"fallback\" is neither true nor false";
  }
  return check_title(rule);
}

// "name:line: what"; the line is that of the rule's id, 1 if it has none.
std::unexpected<ParseError> catalog_error(std::string_view name, std::string_view text,
                                          std::string_view id, std::string_view what) {
  std::size_t at = id.empty() ? 0 : text.find(joined({"\"", id, "\""}));
  if (at == std::string_view::npos) at = 0;
  const auto line = 1 + std::ranges::count(text.substr(0, at), '\n');
  const std::string rule = id.empty() ? "" : joined({"rule ", id, ": "});
  return fail(ParseErrc::malformed, at,
              joined({name, ":", std::to_string(line), ": ", rule, what}));
}

// The entries of a catalog, alive as long as `parser`.
Parsed<dom::array> entries_of(dom::parser& parser, std::string_view name, std::string_view text) {
  dom::element root;
  if (const auto error = parser.parse(text.data(), text.size()).get(root)) {
    return catalog_error(name, text, "", simdjson::error_message(error));
  }
  dom::array entries;
  if (root["rules"].get_array().get(entries)) {
    return catalog_error(name, text, "", "no list \"rules\"");
  }
  return entries;
}

std::optional<std::string> from_hex(std::string_view digits) {
  std::string out;
  int high = -1;
  for (const char c : digits) {
    if (c == ' ') continue;
    const std::size_t digit = std::string_view("0123456789abcdef").find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    if (high < 0) {
      high = static_cast<int>(digit);
    } else {
      out += static_cast<char>(high * 16 + static_cast<int>(digit));
      high = -1;
    }
  }
  if (high >= 0) return std::nullopt;
  return out;
}

bool read_sample(dom::element value, RuleSample& sample) {
  if (const auto text = text_of(value)) {
    sample.bytes = *text;
    return true;
  }
  dom::object object;
  if (value.get_object().get(object)) return false;
  sample.name = text_at(object, "name").value_or("");
  if (const auto text = text_at(object, "text")) {
    sample.bytes = *text;
    return true;
  }
  if (const auto digits = text_at(object, "hex")) {
    auto bytes = from_hex(*digits);
    if (bytes) sample.bytes = std::move(*bytes);
    return bytes.has_value();
  }
  dom::object signature;
  if (object["signature"].get_object().get(signature) == simdjson::SUCCESS) {
    const auto field = [&](std::string_view name) {
      return std::string(text_at(signature, name).value_or(""));
    };
    sample.signature =
        Signature{field("kind"), field("state"), field("signer"), field("reason"), field("detail")};
    return true;
  }
  sample.anomaly = text_at(object, "anomaly").value_or("");
  sample.file = text_at(object, "file").value_or("");
  return !sample.file.empty() || !sample.anomaly.empty();
}

// The samples of an entry in the order fires, silent; nothing when they are not
// well formed. An entry without samples has none.
std::optional<std::vector<RuleSample>> samples_of(dom::element entry) {
  std::vector<RuleSample> out;
  dom::element samples;
  if (entry["samples"].get(samples)) return out;
  for (const bool fires : {true, false}) {
    dom::array items;
    if (samples[fires ? "fires" : "silent"].get_array().get(items)) return std::nullopt;
    for (const dom::element item : items) {
      RuleSample& sample = out.emplace_back();
      sample.fires = fires;
      if (!read_sample(item, sample)) return std::nullopt;
    }
  }
  return out;
}

}  // namespace

Parsed<std::vector<Rule>> read_catalog(std::string_view name, std::string_view text,
                                       SampleCheck check) {
  dom::parser parser;
  const auto entries = entries_of(parser, name, text);
  if (!entries) return std::unexpected(entries.error());
  std::vector<Rule> rules;
  for (const dom::element entry : *entries) {
    Rule& rule = rules.emplace_back();
    if (const Complaint what = read_rule(entry, rule); !what.empty()) {
      return catalog_error(name, text, rule.info.id, what);
    }
    if (check == SampleCheck::yes && !samples_of(entry)) {
      return catalog_error(name, text, rule.info.id,
                           "\"samples\" holds \"fires\" and \"silent\", lists of samples");
    }
  }
  return rules;
}

std::vector<RuleSample> read_samples(std::string_view text, std::string_view id) {
  dom::parser parser;
  const auto entries = entries_of(parser, {}, text);
  if (!entries) return {};
  for (const dom::element entry : *entries) {
    dom::object object;
    if (entry.get_object().get(object) || text_at(object, "id") != id) continue;
    return samples_of(entry).value_or(std::vector<RuleSample>{});
  }
  return {};
}

}  // namespace assay::rules
