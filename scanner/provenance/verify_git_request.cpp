#include <map>
#include <utility>

#include "core/text.h"
#include "scanner/provenance/verifiers.h"
#include "scanner/provenance/work_files.h"

namespace assay {

namespace git = provenance::git;

namespace {

git::GitKeys keys_of(const VerifyRequest& request, provenance::Checks& checks) {
  git::GitKeys keys;
  if (!request.openpgp_keys.empty()) {
    auto read = provenance::openpgp::parse_keys(as_bytes(request.openpgp_keys));
    if (read) {
      keys.openpgp = std::move(*read);
    } else {
      checks.fail("openpgp.parse", "the public keys: " + read.error().message);
    }
  }
  keys.ssh = read_allowed_signers(request, checks);
  return keys;
}

std::optional<std::string> principal_of(const VerifyRequest& request) {
  if (!request.expected) return std::nullopt;
  return request.expected->identity;
}

}  // namespace

Evidence verify_git_request(const VerifyRequest& request) {
  provenance::Checks checks;
  const git::GitKeys keys = keys_of(request, checks);
  return with_first(std::move(checks), git::verify_commit(as_bytes(request.evidence), keys,
                                                          principal_of(request), request.now));
}

git::CloneAnswer clone_of(const VerifyRequest& request) {
  provenance::Checks checks;
  const git::CloneCheck check{.store = request.store,
                              .parts = request.store_parts,
                              .keys = keys_of(request, checks),
                              .principal = principal_of(request),
                              .now = request.now};
  git::CloneAnswer answer = git::check_clone(check, work_files_of(request));
  answer.evidence = with_first(std::move(checks), std::move(answer.evidence));
  return answer;
}

void plan_clone(const VerifyRequest& request, AnalysisSink& sink) {
  const git::CloneAnswer answer = clone_of(request);
  for (const StoreNeed& need : answer.needs) sink.fact(fact_of(need));
  if (!answer.needs.empty()) return;
  std::map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < request.files.size(); ++i) places[request.files[i].path] = i;
  const auto tell = [&](const std::vector<std::string>& paths,
                        const provenance::DigestRequest& how) {
    for (const std::string& path : paths) {
      sink.fact(fact_of(DigestNeed{.file = places.at(path), .request = how}));
    }
  };
  tell(answer.work.sha256, {.hash = provenance::HashKind::sha256});
  tell(answer.work.blob_id, {.hash = provenance::HashKind::sha1, .is_git_blob = true});
}

}  // namespace assay
