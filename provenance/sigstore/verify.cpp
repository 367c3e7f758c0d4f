#include "provenance/sigstore/verify.h"

#include <algorithm>
#include <vector>

#include "core/text.h"
#include "provenance/crypto/certificate.h"
#include "provenance/crypto/chain.h"
#include "provenance/crypto/sct.h"
#include "provenance/crypto/timestamp.h"
#include "provenance/sigstore/log_entry.h"
#include "provenance/sigstore/log_evidence.h"
#include "provenance/sigstore/merkle.h"
#include "provenance/sigstore/signed_content.h"

namespace assay::provenance {
namespace {

const TrustedRoot kNobody;

// What was read of a certificate a second time may only say what is wrong.
void append_problems(const Checks& found, Checks& checks) {
  for (const Check& check : found.list()) {
    const auto& known = checks.list();
    if (check.outcome == Outcome::passed || std::ranges::find(known, check) != known.end())
      continue;
    Checks one;
    if (check.outcome == Outcome::failed) one.fail(check.name, check.message);
    if (check.outcome == Outcome::warned) one.warn(check.name, check.message);
    if (check.outcome == Outcome::unknown) one.cannot(check.name, check.message);
    checks.append(one);
  }
}

class Verification {
 public:
  Verification(const Bundle& bundle, const BundleVerification& how)
      : bundle_(bundle), how_(how), root_(how.root ? *how.root : kNobody) {
    evidence_.kind = "sigstore-bundle";
    evidence_.method = is_keyed() ? "key" : "sigstore";
    if (!bundle.log_entries.empty()) entry_ = &bundle.log_entries.front();
  }

  Evidence run() {
    property("bundle_version", std::string(to_string(bundle_.version)));
    check_material();
    check_log_and_times();
    if (leaf_) check_certificate();
    check_policy();
    check_signed_content(bundle_, key_ ? &*key_ : nullptr, artifact(), evidence_.checks);
    if (entry_) check_log_entry(bundle_, *entry_, given_key(), artifact(), evidence_.checks);
    check_envelope();
    if (how_.strict) reject_warnings();
    return std::move(evidence_);
  }

 private:
  Checks& checks() { return evidence_.checks; }
  bool is_keyed() const { return bundle_.material.kind == MaterialKind::public_key; }
  const PublicKey* given_key() const { return is_keyed() && key_ ? &*key_ : nullptr; }
  const ArtifactDigests* artifact() const { return how_.artifact ? &*how_.artifact : nullptr; }
  void property(std::string name, std::string value) {
    evidence_.properties.emplace_back(std::move(name), std::move(value));
  }

  void check_material() {
    if (is_keyed()) return check_key_material();
    check_material_of_version();
    if (how_.key) {
      checks().fail("bundle.material", "a key was given, but the bundle holds a certificate");
    }
    read_certificates();
    if (!leaf_) return;
    evidence_.signer = signer_of(*leaf_);
    if (auto key = leaf_->public_key()) {
      key_ = std::move(*key);
    } else {
      checks().fail("bundle.material", "the certificate's key: " + key.error().message);
    }
  }

  // The leaf, and what may help to find a path from it.
  void read_certificates() {
    for (std::size_t i = 0; i < bundle_.material.certificates.size(); ++i) {
      auto certificate = Certificate::from_der(bundle_.material.certificates[i]);
      if (!certificate) {
        checks().fail("bundle.material",
                      "a certificate of the bundle: " + certificate.error().message);
      } else if (i == 0) {
        leaf_ = std::move(*certificate);
      } else {
        intermediates_.push_back(std::move(*certificate));
      }
    }
  }

  void check_material_of_version() {
    const bool chain = bundle_.material.kind == MaterialKind::certificate_chain;
    if (chain && bundle_.version == BundleVersion::v0_3) {
      checks().fail("bundle.material", "a bundle 0.3 holds one certificate and no chain");
    } else if (!chain && bundle_.version != BundleVersion::v0_3) {
      checks().warn("bundle.material", "bundles before 0.3 hold a chain of certificates");
    }
  }

  void check_key_material() {
    if (how_.identity) {
      checks().fail("bundle.material",
                    "an identity was asked for, but the bundle holds no "
                    "certificate");
    }
    if (!how_.key) {
      return checks().cannot("bundle.material", "signed with a key that was not given");
    }
    key_ = how_.key;
    Signer& signer = evidence_.signer.emplace();
    signer.fingerprint = key_->fingerprint();
    evidence_.signer_checked = !how_.identity;
  }

  void check_log_and_times() {
    std::vector<VerifiedTime>& times = evidence_.times;
    if (!entry_ && is_keyed() && how_.allow_unlogged_key) {
      times = timestamps(true);
      return;
    }
    if (!entry_) {
      checks().fail("bundle.tlog", "the bundle holds no log entry");
      times = timestamps(false);
      return check_some_time();
    }
    const LogKey* log = find_log(*entry_, root_.tlogs, likely_time(), checks());
    Checks promise_checks;
    if (bundle_.version == BundleVersion::v0_1 && entry_->signed_entry_timestamp.empty()) {
      promise_checks.fail("tlog.set", "a bundle 0.1 needs the log's promise");
    }
    const auto promised = verify_promise(*entry_, log, promise_checks);
    times = timestamps(promised.has_value());
    checks().append(promise_checks);
    if (promised) times.insert(times.begin(), *promised);
    check_some_time();
    if (log && !times.empty()) check_log_validity(*log, times, checks());
    const bool legacy = bundle_.version == BundleVersion::v0_1 && how_.allow_legacy_v01 && promised;
    const auto checkpoint = verify_inclusion(*entry_, log, !legacy, checks());
    if (log) describe_entry(*log, promised.has_value(), checkpoint);
  }

  // A timestamp that does not count is only odd where there is another proof of time.
  std::vector<VerifiedTime> timestamps(bool has_other_time) {
    const auto verified = [&](bool strict, Checks& found) {
      return verify_timestamps(bundle_.timestamps, bundle_.signature(), root_.timestamp_authorities,
                               strict, found);
    };
    Checks found;
    auto times = verified(how_.strict, found);
    if (times.empty() && !has_other_time) {
      found = {};
      times = verified(true, found);
    }
    checks().append(found);
    return times;
  }

  // Only to tell two validities of one log apart.
  std::optional<std::int64_t> likely_time() const {
    if (entry_->integrated_time != 0) return entry_->integrated_time;
    return std::nullopt;
  }

  void check_some_time() {
    if (!evidence_.times.empty()) return;
    checks().fail("time.none", "nobody who is trusted says when this was signed");
  }

  void describe_entry(const LogKey& log, bool promised,
                      const std::optional<Checkpoint>& checkpoint) {
    property("log_url", log.base_url);
    property("log_id", hex(log.id));
    property("entry_hash", hex(merkle_leaf_hash(entry_->canonicalized_body)));
    if (promised) {
      property("log_index", std::to_string(entry_->log_index));
    } else if (checkpoint) {
      property("log_index", std::to_string(entry_->inclusion_proof->log_index));
    }
    if (!checkpoint) return;
    property("log_origin", checkpoint->origin);
    property("tree_size", std::to_string(checkpoint->size));
    property("checkpoint", entry_->inclusion_proof->checkpoint);
  }

  // At every verified time. Without one the evidence is rejected already, and the
  // start of the certificate serves to find further problems only.
  void check_certificate() {
    std::vector<std::int64_t> moments;
    for (const VerifiedTime& time : evidence_.times) moments.push_back(time.seconds);
    std::ranges::sort(moments);
    moments.erase(std::ranges::unique(moments).begin(), moments.end());
    const bool timed = !moments.empty();
    if (!timed) moments.push_back(leaf_->not_before());
    std::optional<Certificate> issuer;
    for (std::size_t i = 0; i < moments.size(); ++i) {
      Checks found;
      auto at = verify_chain(*leaf_, intermediates_, root_.certificate_authorities, moments[i],
                             LeafUse::code_signing, found);
      if (at) issuer = std::move(at);
      timed&& i == 0 ? checks().append(found) : append_problems(found, checks());
    }
    if (issuer) verify_scts(*leaf_, *issuer, root_.ctlogs, checks());
  }

  void check_policy() {
    if (!how_.identity || !leaf_) return;
    const Signer& signer = *evidence_.signer;
    const bool identity = !signer.identity.empty() && signer.identity == how_.identity->identity;
    const bool issuer = !signer.issuer.empty() && signer.issuer == how_.identity->issuer;
    pass_or_fail(identity, "policy.identity", "signed by '" + shown(signer.identity) + "'");
    pass_or_fail(issuer, "policy.issuer", "vouched for by '" + shown(signer.issuer) + "'");
    evidence_.signer_checked = identity && issuer;
  }

  void pass_or_fail(bool good, std::string_view name, std::string message) {
    good ? checks().pass(name) : checks().fail(name, std::move(message));
  }

  static std::string shown(std::string_view text) { return escaped(shortened(text, 300)); }

  void check_envelope() {
    if (!bundle_.envelope) return;
    property("payload_type", bundle_.envelope->payload_type);
    const auto statement = check_statement(*bundle_.envelope, artifact(), checks());
    if (statement) property("predicate_type", statement->predicate_type);
  }

  void reject_warnings() {
    const std::vector<Check> all = checks().list();
    for (const Check& check : all) {
      if (check.outcome == Outcome::warned) checks().fail(check.name, check.message);
    }
  }

  const Bundle& bundle_;
  const BundleVerification& how_;
  const TrustedRoot& root_;
  const LogEntry* entry_ = nullptr;
  std::optional<Certificate> leaf_;
  std::vector<Certificate> intermediates_;
  std::optional<PublicKey> key_;
  Evidence evidence_;
};

}  // namespace

Evidence verify_bundle(Bytes document, const BundleVerification& how) {
  Evidence evidence;
  const auto bundle = parse_bundle(document, evidence.checks);
  if (bundle) return verify_bundle(*bundle, how);
  evidence.kind = "sigstore-bundle";
  return evidence;
}

Evidence verify_bundle(const Bundle& bundle, const BundleVerification& how) {
  return Verification(bundle, how).run();
}

}  // namespace assay::provenance
