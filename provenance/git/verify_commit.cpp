#include "provenance/git/commit.h"
#include "provenance/git/object_id.h"
#include "provenance/git/verify.h"
#include "provenance/git/verify_openpgp.h"
#include "provenance/git/verify_ssh.h"
#include "provenance/sshsig/signature.h"

namespace assay::provenance::git {
namespace {

std::string text_of(const Identity& identity) { return identity.name + " <" + identity.mail + ">"; }

void describe(const Commit& commit, Evidence& evidence) {
  auto& properties = evidence.properties;
  properties.emplace_back("tree", commit.tree);
  for (const std::string& parent : commit.parents) properties.emplace_back("parent", parent);
  properties.emplace_back("author", text_of(commit.author));
  properties.emplace_back("committer", text_of(commit.committer));
  properties.emplace_back("committer_time", std::to_string(commit.committer.seconds));
}

}  // namespace

Evidence verify_commit(Bytes object, const GitKeys& keys,
                       const std::optional<std::string>& principal, std::int64_t now) {
  Evidence evidence;
  evidence.kind = "git-commit";
  evidence.properties.emplace_back("commit", object_id("commit", object));
  const auto commit = parse_commit(object);
  if (!commit) {
    evidence.checks.fail("git.commit.parse", commit.error().message);
    return evidence;
  }
  evidence.checks.pass("git.commit.parse");
  describe(*commit, evidence);
  if (!commit->signature) {
    evidence.checks.cannot("git.unsigned", "the commit carries no signature");
  } else if (commit->signature->starts_with(sshsig::kArmorBegin)) {
    verify_ssh(*commit, keys.ssh, principal, evidence);
  } else if (commit->signature->starts_with("-----BEGIN PGP SIGNATURE-----")) {
    verify_openpgp(*commit, keys.openpgp, principal, now, evidence);
  } else {
    evidence.checks.cannot("git.method", "signed by a method that is not checked");
  }
  return evidence;
}

}  // namespace assay::provenance::git
