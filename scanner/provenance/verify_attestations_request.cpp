#include <algorithm>
#include <array>

#include "core/text.h"
#include "provenance/intoto/verify.h"
#include "provenance/oms/manifest.h"
#include "scanner/provenance/verifiers.h"

namespace assay {
namespace {

namespace intoto = provenance::intoto;
using provenance::HashKind;

constexpr std::array kComparable{HashKind::sha256, HashKind::sha384, HashKind::sha512};

bool is_model(const std::optional<intoto::Statement>& statement) {
  return statement && (statement->predicate_type == provenance::oms::kPredicateType ||
                       statement->predicate_type == provenance::oms::kOldPredicateType);
}

// The same request about one of the attestations alone.
VerifyRequest about(const VerifyRequest& request, Bytes attestation) {
  VerifyRequest one = request;
  one.evidence = std::string(as_text(attestation));
  return one;
}

std::vector<intoto::AttestedFile> files_of(const VerifyRequest& request) {
  std::vector<intoto::AttestedFile> files;
  for (const ObservedFile& observed : request.files) {
    if (observed.path == request.path) continue;
    intoto::AttestedFile& file = files.emplace_back();
    file.path = observed.path;
    for (const HashKind hash : kComparable) {
      if (auto digest = digest_of(observed, {.hash = hash}))
        file.digests[hash] = std::move(*digest);
    }
  }
  return files;
}

}  // namespace

std::vector<DigestNeed> plan_attestations(const VerifyRequest& request) {
  std::vector<DigestNeed> needs;
  for (const Bytes attestation : intoto::split_attestations(as_bytes(request.evidence))) {
    const auto statement = intoto::unverified_statement(attestation);
    if (!statement) continue;
    if (is_model(statement)) {
      const auto more = plan_model(about(request, attestation));
      needs.insert(needs.end(), more.begin(), more.end());
      continue;
    }
    for (const HashKind hash : intoto::hashes_of(*statement)) {
      for (std::size_t i = 0; i < request.files.size(); ++i) {
        const ObservedFile& file = request.files[i];
        if (file.is_file && file.path != request.path) {
          needs.push_back({.file = i, .request = {.hash = hash}});
        }
      }
    }
  }
  return needs;
}

std::vector<Evidence> verify_attestations_request(const VerifyRequest& request) {
  std::vector<Evidence> all;
  provenance::Checks checks;
  const Trust trust = read_trust(request, checks);
  intoto::AttestationVerification how{.key = trust.key,
                                      .anchors = trust.anchors,
                                      .seconds = request.now,
                                      .root = trust.root ? &*trust.root : nullptr,
                                      .strict = request.strict};
  if (request.expected) how.identity = {request.expected->identity, request.expected->issuer};
  const std::vector<intoto::AttestedFile> files = files_of(request);
  for (const Bytes attestation : intoto::split_attestations(as_bytes(request.evidence))) {
    if (is_model(intoto::unverified_statement(attestation))) {
      all.push_back(verify_model_request(about(request, attestation)));
      continue;
    }
    Evidence evidence = intoto::verify_attestation(attestation, files, how);
    provenance::Checks both = checks;
    both.append(evidence.checks);
    evidence.checks = std::move(both);
    all.push_back(std::move(evidence));
  }
  if (all.empty()) {
    Evidence& empty = all.emplace_back();
    empty.kind = "in-toto";
    empty.checks.fail("bundle.parse", "the file holds no attestation");
  }
  return all;
}

}  // namespace assay
