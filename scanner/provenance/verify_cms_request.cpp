#include "core/text.h"
#include "provenance/cms/verify.h"
#include "scanner/provenance/verifiers.h"

namespace assay {

namespace cms = provenance::cms;

// Of a signature over one file; a folder has no digest that CMS could name.
std::vector<DigestNeed> plan_cms(const VerifyRequest& request) {
  std::vector<DigestNeed> needs;
  if (!request.single_file || request.files.empty()) return needs;
  for (const auto hash : cms::hashes_of(as_bytes(request.evidence))) {
    needs.push_back({.file = 0, .request = {.hash = hash}});
  }
  return needs;
}

Evidence verify_cms_request(const VerifyRequest& request) {
  provenance::Checks checks;
  const Trust trust = read_trust(request, checks);
  cms::CmsVerification how{.key = trust.key, .anchors = trust.anchors, .seconds = request.now};
  if (request.single_file && !request.files.empty()) {
    for (const ObservedDigests& observed : request.files.front().digests) {
      if (observed.request.is_git_blob || observed.request.shard_size > 0) continue;
      const Bytes digest = as_bytes(observed.digests);
      how.digests[observed.request.hash] = {digest.begin(), digest.end()};
    }
  }
  Evidence evidence = cms::verify_cms(as_bytes(request.evidence), how);
  checks.append(evidence.checks);
  evidence.checks = std::move(checks);
  return evidence;
}

}  // namespace assay
