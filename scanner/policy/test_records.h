#pragma once

#include <string>
#include <vector>

#include "core/scan_result.h"
#include "scanner/policy/policy.h"

// Made-up scans and what policies have against them.
namespace assay::policy::test {

inline constexpr const char* kIdentity = "me@x.test";
inline constexpr const char* kIssuer = "https://issuer.test";
inline constexpr std::int64_t kNow = 1'780'000'000;  // 2026-05-28

inline EvidenceRecord record(std::string path, std::vector<std::string> covered,
                             std::string kind = "oms", std::string method = "sigstore") {
  EvidenceRecord out{.path = std::move(path), .evidence = {}};
  out.evidence.kind = std::move(kind);
  out.evidence.method = std::move(method);
  out.evidence.checks.pass("signature");
  out.evidence.signer = provenance::Signer{
      .identity = kIdentity, .issuer = kIssuer, .fingerprint = std::string(64, 'a'), .claims = {}};
  out.evidence.signer_checked = true;
  for (std::string& file : covered) {
    out.evidence.coverage.push_back({std::move(file), provenance::CoverageState::covered});
  }
  return out;
}

inline EvidenceRecord listing(std::string path, std::vector<std::string> covered) {
  EvidenceRecord out = record(std::move(path), std::move(covered), "hub-listing", "listing");
  out.evidence.signer.reset();
  out.evidence.signer_checked = false;
  return out;
}

inline ScanResult scan_of(std::vector<std::string> files, std::vector<EvidenceRecord> records) {
  ScanResult result;
  for (std::string& file : files) {
    result.files.push_back({.path = std::move(file), .sha256 = std::string(64, '1')});
  }
  result.provenance = std::move(records);
  return result;
}

}  // namespace assay::policy::test
