#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/scan_result.h"
#include "scanner/policy/evaluate.h"
#include "scanner/policy/objection.h"
#include "scanner/policy/toml_document.h"

// Who signed what when it was first seen: trust on first use.
namespace assay::policy {

// One signer of one piece of evidence. All text is in the lock's own spelling: escaped,
// and what is too long in part by its digest.
struct Pin {
  std::string repository;  // empty: none was named
  std::string path;        // of the evidence
  std::string kind;
  std::string method;
  std::string identity;  // with `issuer`, of signers by Sigstore ...
  std::string issuer;
  std::string fingerprint;  // ... of all others: of the key
  std::string root_digest;  // of what was signed, where the evidence has one; not compared
  Date first_seen;

  auto operator<=>(const Pin&) const = default;
};

struct Lock {
  std::vector<Pin> pins;  // sorted, each once
  bool operator==(const Lock&) const = default;
};

inline constexpr std::size_t kMaxPins = 10'000;

// The lock in `text`. Fails like read_policy().
Parsed<Lock> read_lock(std::string_view text);

// The text that read_lock() makes the same lock of: the same for the same pins, in order.
std::string write_lock(const Lock& lock);

struct LockComparison {
  std::vector<Objection> objections;
  Lock updated;
};

// What the lock has against the evidence of a scan: a signer that is not among those of
// the same evidence in the same repository, and evidence that once held and does no more,
// or is gone. `updated` has the signers of now for this repository, with the days that
// they were first seen on, and all other repositories' as they were. Evidence counts when
// it is "signed" or "verified".
LockComparison compare(const Lock& lock, const std::vector<EvidenceRecord>& records,
                       const Context& context);

}  // namespace assay::policy
