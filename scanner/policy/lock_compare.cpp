#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <tuple>

#include "core/text.h"
#include "provenance/sha256.h"
#include "scanner/policy/lock.h"

namespace assay::policy {
namespace {

using provenance::Evidence;

constexpr std::size_t kMaxTextSize = 1000;

// One spelling that a lock can hold, whatever the bytes are.
std::string spelt(std::string_view text) {
  std::string out = escaped(text);
  if (out.size() <= kMaxTextSize) return out;
  return shortened(out, kMaxTextSize) + " sha256:" + sha256_hex(as_bytes(text));
}

std::string property(const Evidence& evidence, std::string_view key) {
  for (const auto& [name, value] : evidence.properties) {
    if (name == key) return value;
  }
  return {};
}

bool holds(const Evidence& evidence) {
  const std::string_view state = evidence.state();
  return evidence.signer && (state == "signed" || state == "verified");
}

// Where a pin belongs; what is pinned there is a set of signers.
auto place(const Pin& pin) { return std::tie(pin.repository, pin.path, pin.kind); }
auto signer(const Pin& pin) {
  return std::tie(pin.method, pin.identity, pin.issuer, pin.fingerprint);
}

std::string shown(const Pin& pin) {
  if (pin.identity.empty()) return "the key sha256:" + pin.fingerprint;
  return "'" + pin.identity + "' of '" + pin.issuer + "'";
}

// Keys of Sigstore's signers live for minutes: the identity is what stays. What any other
// certificate says of itself proves nothing: its key is what stays.
std::optional<Pin> pin_of(const EvidenceRecord& record, const Context& context) {
  const Evidence& evidence = record.evidence;
  if (!holds(evidence)) return std::nullopt;
  Pin pin{.repository = spelt(context.repository.value_or("")),
          .path = spelt(record.path),
          .kind = spelt(evidence.kind),
          .method = spelt(evidence.method),
          .identity = {},
          .issuer = {},
          .fingerprint = {},
          .root_digest = spelt(property(evidence, "root_digest")),
          .first_seen = std::chrono::floor<std::chrono::days>(
              std::chrono::sys_seconds{std::chrono::seconds{context.now}})};
  if (evidence.method == "sigstore") {
    pin.identity = spelt(evidence.signer->identity);
    pin.issuer = spelt(evidence.signer->issuer);
    if (pin.identity.empty() || pin.issuer.empty()) return std::nullopt;
  } else {
    pin.fingerprint = spelt(evidence.signer->fingerprint);
    if (pin.fingerprint.empty()) return std::nullopt;
  }
  if (pin.path.empty() || pin.kind.empty() || pin.method.empty()) return std::nullopt;
  return pin;
}

// Why evidence that the lock knows does not count now.
std::string reason_of_loss(const Pin& pin, const std::vector<EvidenceRecord>& records) {
  for (const EvidenceRecord& record : records) {
    if (spelt(record.path) != pin.path || spelt(record.evidence.kind) != pin.kind) continue;
    return "is " + std::string(record.evidence.state()) + " now";
  }
  return "is gone";
}

std::vector<Pin> sorted(std::vector<Pin> pins) {
  std::ranges::sort(pins);
  pins.erase(std::ranges::unique(pins).begin(), pins.end());
  return pins;
}

}  // namespace

LockComparison compare(const Lock& lock, const std::vector<EvidenceRecord>& records,
                       const Context& context) {
  LockComparison out;
  const std::string repository = spelt(context.repository.value_or(""));
  using Place = std::tuple<std::string, std::string, std::string>;
  std::map<Place, std::vector<const Pin*>> known;
  for (const Pin& pin : lock.pins) {
    if (pin.repository == repository) {
      known[place(pin)].push_back(&pin);
    } else {
      out.updated.pins.push_back(pin);
    }
  }
  std::set<Place> present;
  for (const EvidenceRecord& record : records) {
    auto pin = pin_of(record, context);
    if (!pin) continue;
    present.insert(place(*pin));
    if (const auto at = known.find(place(*pin)); at != known.end()) {
      const auto& pins = at->second;
      const auto same = std::ranges::find_if(
          pins, [&](const Pin* known_pin) { return signer(*known_pin) == signer(*pin); });
      if (same != pins.end()) {
        pin->first_seen = (*same)->first_seen;
      } else {
        out.objections.push_back({record.path, "policy.signer-changed",
                                  shown(*pin) + " instead of " + shown(*pins.front())});
      }
    }
    out.updated.pins.push_back(std::move(*pin));
  }
  for (const auto& [where, pins] : known) {
    if (present.contains(where)) continue;
    const Pin& pin = *pins.front();
    out.objections.push_back({std::string(kWholeSource), "policy.signature-gone",
                              "the " + pin.kind + " " + pin.path + " of " + shown(pin) + " " +
                                  reason_of_loss(pin, records)});
  }
  out.updated.pins = sorted(std::move(out.updated.pins));
  return out;
}

}  // namespace assay::policy
