#include "rules/evaluator.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>

#include "rules/fingerprint.h"
#include "rules/judgement.h"
#include "rules/loaders.h"
#include "rules/render.h"

namespace assay {
namespace {

using namespace rules;

constexpr std::size_t kMaxFindingsOfRule = 200;

// A rule that fits a fact, before what it repeats is taken away.
struct Candidate {
  const Rule* rule = nullptr;
  const Fact* fact = nullptr;
  std::optional<Judgement> judgement;
  Severity severity = Severity::info;

  Subject subject() const { return {*fact, judgement ? &*judgement : nullptr}; }
};

bool asks_the_tables(const Rule& rule) {
  return std::ranges::any_of(rule.conditions, [](const Condition& c) {
    return c.field->name == "class" || c.field->name == "effect";
  });
}

// The rules by the kind of fact they read.
class RuleIndex {
 public:
  explicit RuleIndex(const RuleSet& set) {
    for (const bool fallback : {false, true}) {
      for (const Rule& rule : set.rules()) {
        if (rule.fallback == fallback) by_kind_[rule.fact].push_back(&rule);
      }
    }
  }
  const std::vector<const Rule*>& of(std::string_view kind) const {
    static const std::vector<const Rule*> none;
    const auto at = by_kind_.find(kind);
    return at == by_kind_.end() ? none : at->second;
  }

 private:
  std::map<std::string_view, std::vector<const Rule*>> by_kind_;
};

Severity severity_of(const Rule& rule, const Subject& subject) {
  Severity severity = rule.info.severity;
  if (rule.severity_source == SeveritySource::gadget && subject.judgement) {
    return subject.judgement->severity;
  }
  if (rule.severity_source == SeveritySource::fact) {
    Values values;
    find_field(rule.fact, "severity")->get(subject, values);
    if (!severity_from(values.views().front(), severity)) severity = Severity::medium;
  }
  return severity;
}

// How much a use says of a name; what says less is left out beside it.
int weight(const Candidate& c) {
  return kind_of(c.fact->value) == "call" ? 1 + static_cast<int>(c.judgement->use) : 0;
}

std::string culprit_of(const Candidate& c) { return dotted(c.judgement->culprit); }

// Collects what the rules find in one artifact.
class ArtifactJudge {
 public:
  ArtifactJudge(Artifact& artifact, const Artifact* parent, const RuleIndex& index, Judge& names)
      : artifact_(artifact), carrier_(carrier_of(artifact, parent)), index_(index), names_(names) {}

  void run(std::vector<Finding>& findings) {
    for (const Fact& fact : artifact_.facts) match(fact);
    drop_subsumed();
    for (const Candidate& c : candidates_) report(c, findings);
    for (const auto& [key, entry] : reported_) finish(findings[entry.index], entry.count);
    for (const auto& [rule, entry] : rules_reported_) {
      if (entry.more > 0) {
        findings[entry.last].evidence.push_back({"more", std::to_string(entry.more)});
      }
    }
    list_imports();
  }

 private:
  struct Reported {
    std::size_t index = 0;
    std::uint64_t count = 0;
  };
  struct RuleReported {
    std::size_t distinct = 0;
    std::size_t last = 0;
    std::uint64_t more = 0;
  };

  std::optional<Judgement> judgement_of(const Fact& fact) {
    if (const auto* import = std::get_if<Import>(&fact.value)) return names_.import(*import);
    if (const auto* call = std::get_if<Call>(&fact.value)) return names_.call(*call);
    return std::nullopt;
  }

  bool fits(const Rule& rule, const Subject& subject) {
    return std::ranges::all_of(rule.conditions,
                               [&](const Condition& c) { return c.holds(subject, scratch_); });
  }

  void match(const Fact& fact) {
    const auto& asked = index_.of(kind_of(fact.value));
    if (asked.empty()) return;
    Candidate candidate{.fact = &fact, .judgement = judgement_of(fact)};
    std::optional<Candidate> by_table;
    std::size_t fired = 0;
    for (const Rule* rule : asked) {
      if (rule->fallback && (fired > 0 || by_table)) continue;
      if (!fits(*rule, candidate.subject())) continue;
      candidate.rule = rule;
      candidate.severity = severity_of(*rule, candidate.subject());
      if (!asks_the_tables(*rule)) {
        candidates_.push_back(candidate);
        ++fired;
      } else if (!by_table || candidate.severity > by_table->severity) {
        by_table = candidate;
      }
    }
    if (by_table) candidates_.push_back(*by_table);
  }

  // An import says less than the building of the same name, and that less than
  // its call. Rules that do not ask the tables speak for themselves.
  void drop_subsumed() {
    std::unordered_map<std::string, int> heaviest;
    for (const Candidate& c : candidates_) {
      if (!c.judgement || !asks_the_tables(*c.rule)) continue;
      int& most = heaviest[culprit_of(c)];
      most = std::max(most, weight(c));
    }
    std::erase_if(candidates_, [&](const Candidate& c) {
      return c.judgement && asks_the_tables(*c.rule) && weight(c) < heaviest[culprit_of(c)];
    });
  }

  void report(const Candidate& c, std::vector<Finding>& findings) {
    const std::vector<Evidence> identity = render_identity(c.subject());
    const std::string print = fingerprint(c.rule->info.id, artifact_.path, identity);
    std::string key = c.rule->info.id;
    for (const Evidence& e : identity) ((key += '\0') += e.key + '=') += e.value;
    const auto [at, is_new] = reported_.try_emplace(std::move(key));
    if (!is_new) {
      ++at->second.count;
      take_earlier(findings[at->second.index], c);
      return;
    }
    RuleReported& of_rule = rules_reported_[c.rule->info.id];
    if (of_rule.distinct == kMaxFindingsOfRule) {
      reported_.erase(at);
      ++of_rule.more;
      take_earlier(findings[of_rule.last], c, false);
      return;
    }
    ++of_rule.distinct;
    of_rule.last = findings.size();
    at->second = {findings.size(), 1};
    findings.push_back(build(c, print));
  }

  Finding build(const Candidate& c, std::string print) const {
    const Subject subject = c.subject();
    Finding finding{.rule = c.rule->info.id,
                    .severity = c.severity,
                    .title = render_title(*c.rule, subject),
                    .message = {},
                    .path = artifact_.path,
                    .offset = c.fact->offset,
                    .size = c.fact->size,
                    .evidence = render_evidence(subject),
                    .fix = c.rule->info.fix,
                    .references = c.rule->info.references,
                    .fingerprint = std::move(print)};
    finding.message = render_message(finding.title, subject, finding.path);
    if (c.judgement) {
      for (Evidence& entry : loader_evidence(carrier_))
        finding.evidence.push_back(std::move(entry));
    }
    return finding;
  }

  // A repetition that is worse makes the finding worse; one that stands earlier
  // gives it its place and words.
  void take_earlier(Finding& finding, const Candidate& c, bool same_cause = true) const {
    const Severity severity = std::max(finding.severity, c.severity);
    if (same_cause && c.fact->offset < finding.offset) finding = build(c, finding.fingerprint);
    finding.severity = severity;
  }

  static void finish(Finding& finding, std::uint64_t count) {
    if (count > 1) finding.evidence.push_back({"count", std::to_string(count)});
  }

  void list_imports() {
    std::map<std::pair<std::string, std::string>, std::string_view> found;
    for (const Fact& fact : artifact_.facts) {
      const auto* import = std::get_if<Import>(&fact.value);
      if (!import) continue;
      const auto [at, is_new] = found.try_emplace({import->module, import->name});
      if (is_new) at->second = safety_of(names_.import(*import).name_class);
    }
    artifact_.imports.clear();
    for (const auto& [name, safety] : found) {
      artifact_.imports.push_back({{name.first, name.second}, std::string(safety)});
    }
  }

  static std::string_view safety_of(NameClass name_class) {
    if (name_class == NameClass::harmless) return "innocuous";
    return name_class == NameClass::gadget ? "dangerous" : "suspicious";
  }

  Artifact& artifact_;
  Carrier carrier_;
  const RuleIndex& index_;
  Judge& names_;
  Values scratch_;
  std::vector<Candidate> candidates_;
  std::map<std::string, Reported> reported_;
  std::map<std::string_view, RuleReported> rules_reported_;
};

auto order(const Finding& f) { return std::tie(f.path, f.offset, f.rule, f.fingerprint); }

}  // namespace

void judge(Artifact& artifact, const RuleSet& set, std::vector<Finding>& findings) {
  const RuleIndex index(set);
  Judge names(set.tables());
  const std::size_t first = findings.size();
  std::vector<std::pair<Artifact*, const Artifact*>> open{{&artifact, nullptr}};
  while (!open.empty()) {
    const auto [current, parent] = open.back();
    open.pop_back();
    for (Artifact& member : current->members) open.emplace_back(&member, current);
    ArtifactJudge(*current, parent, index, names).run(findings);
  }
  std::sort(findings.begin() + static_cast<std::ptrdiff_t>(first), findings.end(),
            [](const Finding& a, const Finding& b) { return order(a) < order(b); });
}

}  // namespace assay
