#include "scanner/policy/evaluate.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

#include "core/text.h"
#include "scanner/policy/acceptance.h"
#include "scanner/policy/evidence_words.h"
#include "scanner/policy/glob.h"
#include "scanner/policy/suppress.h"

namespace assay::policy {
namespace {

using provenance::Coverage;
using provenance::CoverageState;

constexpr std::size_t kMaxObjectionsOfDemand = 1000;
constexpr std::string_view kSuppressionRan = "POL-SUPP-001";

Date day_of(std::int64_t seconds) {
  return std::chrono::floor<std::chrono::days>(
      std::chrono::sys_seconds{std::chrono::seconds{seconds}});
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : std::string(between)) + word;
  return out;
}

bool fits_any(const std::vector<std::string>& patterns, std::string_view path) {
  return std::ranges::any_of(
      patterns, [&](const std::string& pattern) { return glob_matches(pattern, path); });
}

// One entry of the policy against one scan.
class RuleCheck {
 public:
  RuleCheck(const Policy& policy, const ProvenanceRule& rule, const ScanResult& result,
            std::vector<Objection>& objections)
      : policy_(policy), rule_(rule), result_(result), objections_(objections) {
    for (const Artifact& file : result.files) {
      if (rule.paths.empty() || fits_any(rule.paths, file.path)) files_.insert(file.path);
    }
  }

  void run() {
    if (!rule_.paths.empty() && files_.empty()) return;
    for (const std::string& word : rule_.require) demand({word});
    if (!rule_.require_any.empty()) demand(rule_.require_any);
  }

 private:
  struct Refused {
    const EvidenceRecord* record;
    Refusal refusal;
  };

  // One of the kinds that `words` name must be there, and cover every file.
  void demand(const std::vector<std::string>& words) {
    std::set<std::string_view> covered;
    std::vector<Refused> refused;
    bool any_accepted = false;
    for (const EvidenceRecord& record : result_.provenance) {
      if (!is_asked_for(record, words)) continue;
      if (auto refusal = refuse_all(record, words)) {
        refused.push_back({&record, std::move(*refusal)});
      } else {
        any_accepted = true;
        take_covered(record, covered);
      }
    }
    if (!any_accepted) return object_to_all(words, refused);
    object_to_uncovered(words, covered, refused);
  }

  bool is_asked_for(const EvidenceRecord& record, const std::vector<std::string>& words) const {
    const bool of_kind = std::ranges::any_of(
        words, [&](const std::string& word) { return is_of_kind(record.evidence, word); });
    const auto& coverage = record.evidence.coverage;
    return of_kind && (rule_.paths.empty() || coverage.empty() ||
                       std::ranges::any_of(
                           coverage, [&](const Coverage& c) { return files_.contains(c.path); }));
  }

  // Nothing when it will do for one of the words.
  std::optional<Refusal> refuse_all(const EvidenceRecord& record,
                                    const std::vector<std::string>& words) const {
    if (denial_of(record.evidence, policy_.denials)) {
      return Refusal{"policy.evidence-missing",
                     "the " + escaped(record.evidence.kind) + " is of somebody denied"};
    }
    std::optional<Refusal> first;
    for (const std::string& word : words) {
      if (!is_of_kind(record.evidence, word)) continue;
      auto refusal = refuse(record.evidence, word, rule_);
      if (!refusal) return std::nullopt;
      if (!first) first = std::move(refusal);
    }
    return first;
  }

  static void take_covered(const EvidenceRecord& record, std::set<std::string_view>& covered) {
    covered.insert(record.path);
    for (const Coverage& file : record.evidence.coverage) {
      if (file.state == CoverageState::covered) covered.insert(file.path);
    }
  }

  void object_to_all(const std::vector<std::string>& words, const std::vector<Refused>& refused) {
    if (refused.empty()) {
      const std::string where(files_.size() == 1 ? *files_.begin() : kWholeSource);
      object(where, "policy.evidence-missing", demanded(words) + ", and there is none");
    }
    object_to_refused(words, refused);
  }

  void object_to_refused(const std::vector<std::string>& words,
                         const std::vector<Refused>& refused) {
    for (std::size_t i = 0; i < refused.size() && i < kMaxObjectionsOfDemand; ++i) {
      const auto& [record, refusal] = refused[i];
      object(record->path, refusal.code, refusal.detail + " (" + demanded(words) + ")");
    }
  }

  void object_to_uncovered(const std::vector<std::string>& words,
                           const std::set<std::string_view>& covered,
                           const std::vector<Refused>& refused) {
    std::set<std::string_view> uncovered;
    for (const std::string_view file : files_) {
      if (covered.contains(file) || fits_any(rule_.may_be_uncovered, file)) continue;
      uncovered.insert(file);
      if (uncovered.size() > kMaxObjectionsOfDemand) continue;
      object(std::string(file), "policy.not-covered", demanded(words));
    }
    if (uncovered.size() > kMaxObjectionsOfDemand) {
      object(std::string(kWholeSource), "policy.not-covered",
             demanded(words) + ": " + std::to_string(uncovered.size()) + " files lack it");
    }
    std::vector<Refused> concerned;
    std::ranges::copy_if(refused, std::back_inserter(concerned), [&](const Refused& r) {
      return std::ranges::any_of(r.record->evidence.coverage, [&](const Coverage& file) {
        return uncovered.contains(file.path);
      });
    });
    object_to_refused(words, concerned);
  }

  std::string demanded(const std::vector<std::string>& words) const {
    std::string text = joined(words, " or ") + " is required";
    if (!rule_.paths.empty()) {
      text += " of " + escaped(shortened(joined(rule_.paths, ", "), 200));
    }
    if (!rule_.name.empty()) text += " by '" + escaped(shortened(rule_.name, 100)) + "'";
    return text;
  }

  void object(std::string path, std::string_view code, std::string detail) {
    objections_.push_back({std::move(path), std::string(code), std::move(detail)});
  }

  const Policy& policy_;
  const ProvenanceRule& rule_;
  const ScanResult& result_;
  std::vector<Objection>& objections_;
  std::set<std::string_view> files_;
};

void object_to_denied(const Policy& policy, const ScanResult& result,
                      std::vector<Objection>& objections) {
  for (const EvidenceRecord& record : result.provenance) {
    const Denial* denial = denial_of(record.evidence, policy.denials);
    if (!denial) continue;
    const bool by_log = denial->by == DeniedBy::log_index;
    objections.push_back({record.path, "policy.denied",
                          (by_log ? "log entry " + denial->value : shown_signer(record.evidence)) +
                              ": " + escaped(shortened(denial->reason, 200))});
  }
  std::vector<const Artifact*> open;
  for (const Artifact& file : result.files) open.push_back(&file);
  while (!open.empty()) {
    const Artifact& artifact = *open.back();
    open.pop_back();
    for (const Artifact& member : artifact.members) open.push_back(&member);
    for (const Denial& denial : policy.denials) {
      if (denial.by != DeniedBy::sha256 || artifact.sha256 != denial.value) continue;
      objections.push_back({artifact.path, "policy.denied",
                            "its content: " + escaped(shortened(denial.reason, 200))});
    }
  }
}

void object_to_root(const Policy& policy, const ScanResult& result, const Context& context,
                    std::vector<Objection>& objections) {
  const bool was_used = std::ranges::any_of(result.provenance, [](const EvidenceRecord& record) {
    return record.evidence.method == "sigstore";
  });
  if (!policy.max_trust_root_age_days || !was_used) return;
  const std::string at_most =
      "at most " + std::to_string(*policy.max_trust_root_age_days) + " days are allowed";
  const auto object = [&](std::string what) {
    objections.push_back({std::string(kWholeSource), "policy.trust-root-age", what + at_most});
  };
  if (!context.trust_root_date) return object("its date is not known, and ");
  const auto age = day_of(context.now) - *context.trust_root_date;
  if (age.count() <= *policy.max_trust_root_age_days) return;
  object("it is of " + to_string(*context.trust_root_date) + ", and ");
}

void object_to_expired(const Policy& policy, const Context& context,
                       std::vector<Objection>& objections) {
  for (const Suppression& suppression : policy.suppressions) {
    if (!is_expired(suppression, context.now)) continue;
    objections.push_back({std::string(kWholeSource), "policy.suppression-expired",
                          escaped(suppression.rule) + " in " +
                              escaped(shortened(suppression.path, 200)) + ", until " +
                              to_string(suppression.expires)});
  }
}

}  // namespace

std::vector<Objection> evaluate(const Policy& policy, const ScanResult& result,
                                const Context& context) {
  std::vector<Objection> objections;
  for (const ProvenanceRule& rule : policy.provenance) {
    if (!concerns_repository(rule, context.repository)) continue;
    RuleCheck(policy, rule, result, objections).run();
  }
  object_to_denied(policy, result, objections);
  object_to_root(policy, result, context, objections);
  object_to_expired(policy, context, objections);
  return objections;
}

void apply(const Policy& policy, const Context& context, const RuleSet& rules, ScanResult& result) {
  std::vector<Finding> own = judge_objections(evaluate(policy, result, context), rules);
  suppress(policy, context.now, result, own);
  result.policy_failed = result.policy_failed || std::ranges::any_of(own, [](const Finding& f) {
                           return f.rule != kSuppressionRan;
                         });
  suppress(policy, context.now, result, result.findings);
  std::ranges::move(own, std::back_inserter(result.findings));
  std::ranges::sort(result.suppressed, {}, [](const Finding& f) {
    return std::tie(f.path, f.offset, f.rule, f.fingerprint);
  });
}

}  // namespace assay::policy
