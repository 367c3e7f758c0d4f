#include "provenance/sshsig/verify.h"

#include <catch2/catch.hpp>

#include "provenance/sigstore/bundle_maker.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::sshsig;
using provenance::testing::problem_of;

namespace {

// Made with `ssh-keygen -Y sign -n file` over "hello\n".
constexpr const char* kSha512 =
    "-----BEGIN SSH SIGNATURE-----\n"
    "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgl6j8/lfBNvojd1UynVGfr5JZSJ\n"
    "o3jx0tPdnfWL+htlkAAAAEZmlsZQAAAAAAAAAGc2hhNTEyAAAAUwAAAAtzc2gtZWQyNTUx\n"
    "OQAAAEAVW2jNKNXMB2MEJiCWQ6bJ6bQbCTDYl15u70tnpY/4XecZdIifggQn2C9KqEJmwH\n"
    "C1pYzuXgCeBVBe+oTGerUN\n"
    "-----END SSH SIGNATURE-----\n";
// The same with -O hashalg=sha256.
constexpr const char* kSha256 =
    "-----BEGIN SSH SIGNATURE-----\n"
    "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgl6j8/lfBNvojd1UynVGfr5JZSJ\n"
    "o3jx0tPdnfWL+htlkAAAAEZmlsZQAAAAAAAAAGc2hhMjU2AAAAUwAAAAtzc2gtZWQyNTUx\n"
    "OQAAAEDk4UDI8Z88DVzSY0g7A9Vkc+O06DCau24Hr9qrwoU5Zc+he9B6oYYtLRTJXnLcDe\n"
    "nPJoZByegqMMRGlQauA4sF\n"
    "-----END SSH SIGNATURE-----\n";
constexpr const char* kAllowed =
    "t@example.invalid namespaces=\"file\" ssh-ed25519 "
    "AAAAC3NzaC1lZDI1NTE5AAAAIJeo/P5XwTb6I3dVMp1Rn6+SWUiaN48dLT3Z31i/obZZ\n";

NamedArtifact file(std::string_view content = "hello\n") {
  NamedArtifact made{.path = "model.bin", .digests = {}, .git_commit = {}};
  for (const HashKind hash : {HashKind::sha256, HashKind::sha512}) {
    made.digests.digests[hash] = digest_of(hash, as_bytes(content));
  }
  return made;
}

FileVerification how(std::string_view allowed = kAllowed) {
  return {.allowed = parse_allowed_signers(allowed).value(),
          .principal = "t@example.invalid",
          .seconds = 1'790'000'000};
}

std::string problem(const FileVerification& asked, const NamedArtifact& about = file()) {
  return problem_of(verify_file(as_bytes(kSha512), about, asked));
}

}  // namespace

TEST_CASE("a file signed with ssh-keygen is verified by its digest") {
  for (const char* signature : {kSha512, kSha256}) {
    const Evidence evidence = verify_file(as_bytes(signature), file(), how());
    CHECK(evidence.state() == "verified");
    CHECK(evidence.kind == "sshsig");
    CHECK(evidence.signer.value().identity == "t@example.invalid");
    CHECK(evidence.coverage == std::vector<Coverage>{{"model.bin", CoverageState::covered}});
  }
  CHECK(digest_needed(as_bytes(kSha512)) == HashKind::sha512);
  CHECK(digest_needed(as_bytes(kSha256)) == HashKind::sha256);
  CHECK_FALSE(digest_needed(as_bytes("no")));
}

TEST_CASE("another file, key, person, purpose or time does not do") {
  CHECK(problem(how(), file("other")) == "signature");
  CHECK(verify_file(as_bytes(kSha512), file("other"), how()).coverage[0].state ==
        CoverageState::changed);
  std::string line(kAllowed);
  FileVerification asked = how();
  asked.principal = "x@example.invalid";
  CHECK(problem(asked) == "sshsig.principal");
  asked = how();
  asked.name_space = "model";
  CHECK(problem(asked) == "sshsig.namespace");
  std::string other = line;
  other.replace(other.find("\"file\""), 6, "\"git\"");
  CHECK(problem(how(other)) == "sshsig.namespace");
  std::string late = line;
  late.insert(late.find(" namespaces"), " valid-before=\"20200101Z\"");
  late.replace(late.find(" namespaces"), 11, ",namespaces");
  CHECK(problem(how(late)) == "sshsig.key.expired");
  std::string authority = line;
  authority.insert(authority.find("namespaces"), "cert-authority,");
  CHECK(problem(how(authority)) == "sshsig.key.unknown");
}

TEST_CASE("without allowed signers, or the right digest, less can be said") {
  FileVerification asked = how();
  asked.allowed.clear();
  CHECK(problem(asked) == "sshsig.principal");
  asked.principal.reset();
  CHECK(verify_file(as_bytes(kSha512), file(), asked).state() == "signed");
  NamedArtifact partly = file();
  partly.digests.digests.erase(HashKind::sha512);
  CHECK(verify_file(as_bytes(kSha512), partly, how()).state() == "unchecked");
  CHECK(problem(how(), partly) == "artifact.digest");
}

TEST_CASE("no changed character of a signature of a file is accepted") {
  const std::string good(kSha512);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string changed = good;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    const Evidence evidence = verify_file(as_bytes(changed), file(), how());
    CAPTURE(i);
    CHECK((changed == good || evidence.state() != "verified"));
  }
  CHECK(problem_of(verify_file({}, file(), how())) == "sshsig.parse");
}
