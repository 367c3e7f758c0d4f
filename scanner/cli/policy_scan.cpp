#include "scanner/cli/policy_scan.h"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "provenance/roots/public_good.h"
#include "provenance/sigstore/trusted_root.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/signing.h"
#include "scanner/cli/trust.h"
#include "scanner/policy/evaluate.h"
#include "scanner/policy/lock.h"
#include "scanner/policy/policy.h"
#include "scanner/policy/text_file.h"

namespace assay::cli {
namespace {

// What a file can date: until the end of the year 9999.
constexpr std::int64_t kLastSecond = 253'402'300'799;

// A root given by the user says nowhere when it was published: not before the last key
// in it came into use.
std::optional<policy::Date> date_of_root(const std::string& name) {
  if (name.empty()) return policy::Date{provenance::kPublicGoodRootDate};
  const auto text = read_named(name, provenance::kMaxTrustedRootSize);
  provenance::Checks ignored;
  const auto root = text ? provenance::parse_trusted_root(as_bytes(*text), ignored) : std::nullopt;
  if (!root) return std::nullopt;
  std::optional<std::int64_t> last;
  const auto take = [&](const auto& list) {
    for (const auto& item : list) last = std::max(last.value_or(0), item.valid_for.start.seconds);
  };
  take(root->tlogs);
  take(root->ctlogs);
  take(root->certificate_authorities);
  take(root->timestamp_authorities);
  if (!last) return std::nullopt;
  return std::chrono::floor<std::chrono::days>(
      std::chrono::sys_seconds{std::chrono::seconds{std::min(*last, kLastSecond)}});
}

bool names_repositories(const policy::Policy& policy) {
  return std::ranges::any_of(policy.provenance, [](const policy::ProvenanceRule& rule) {
    return !rule.repositories.empty();
  });
}

bool denies_content(const policy::Policy& policy) {
  return std::ranges::any_of(policy.denials, [](const policy::Denial& denial) {
    return denial.by == policy::DeniedBy::sha256;
  });
}

}  // namespace

struct PolicyScan::State {
  PolicyOptions options;
  const RuleSet* rules = nullptr;
  std::optional<policy::Policy> policy;
  policy::Context context;
  std::optional<policy::Lock> lock;
  std::optional<policy::Lock> updated;

  bool read_policy(const Arguments& arguments) {
    if (options.policy.empty()) return true;
    auto read = policy::load_policy(options.policy);
    if (!read) {
      complain(options.policy + ": " + read.error().message, 0);
      return false;
    }
    if (names_repositories(*read) && options.repository.empty()) {
      complain(options.policy + ": has entries by repository: give --repository NAME", 0);
      return false;
    }
    if (denies_content(*read) && !arguments.scan.examine.hash) {
      complain(options.policy + ": denies files by their digest, which --no-hash leaves out", 0);
      return false;
    }
    policy = std::move(*read);
    context.trust_root_date = date_of_root(arguments.trust.trusted_root);
    return true;
  }

  bool read_lock() {
    if (options.lock.empty()) return true;
    std::error_code error;
    if (options.update_lock && !std::filesystem::exists(options.lock, error)) {
      lock.emplace();
      return true;
    }
    const auto text = policy::read_text_file(options.lock, policy::kMaxTomlSize);
    auto read = text ? policy::read_lock(*text) : std::unexpected(text.error());
    if (!read) {
      complain((text ? options.lock + ": " : "") + read.error().message, 0);
      return false;
    }
    lock = std::move(*read);
    return true;
  }

  void before_verdict(ScanResult& result) {
    if (lock) {
      auto comparison = policy::compare(*lock, result.provenance, context);
      updated = std::move(comparison.updated);
      std::ranges::move(policy::judge_objections(comparison.objections, *rules),
                        std::back_inserter(result.findings));
    }
    if (policy) policy::apply(*policy, context, *rules, result);
  }
};

std::optional<PolicyScan> PolicyScan::prepare(const Arguments& arguments, const Rules& rules) {
  PolicyScan scan;
  scan.state_ = std::make_shared<State>();
  State& state = *scan.state_;
  state.options = arguments.policy;
  state.rules = &rules.catalog;
  state.context.now = std::clamp<std::int64_t>(current_seconds(), 0, kLastSecond);
  if (!state.options.repository.empty()) state.context.repository = state.options.repository;
  if (!state.read_policy(arguments) || !state.read_lock()) return std::nullopt;
  return scan;
}

void PolicyScan::configure(ScanOptions& options) const {
  State& state = *state_;
  if (state.policy) {
    options.verdict.allow_incomplete =
        options.verdict.allow_incomplete || state.policy->allow_incomplete;
    if (state.policy->fail_on && !state.options.fail_on_given) {
      options.verdict.fail_on = state.policy->fail_on->severity;
    }
    options.provenance.known_signers =
        policy::known_signers(*state.policy, state.context.repository);
  }
  options.before_verdict = [state = state_](ScanResult& result) { state->before_verdict(result); };
}

bool PolicyScan::write_lock() const {
  const State& state = *state_;
  if (!state.options.update_lock || !state.updated) return true;
  const std::string text = policy::write_lock(*state.updated);
  if (const auto again = policy::read_lock(text); !again) {
    complain(state.options.lock + ": the signers do not fit into a lock: " + again.error().message,
             0);
    return false;
  }
  if (write_whole(state.options.lock, text)) return true;
  complain(state.options.lock + ": cannot be written", 0);
  return false;
}

}  // namespace assay::cli
