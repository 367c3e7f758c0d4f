#include "provenance/crypto/prepare.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstddef>

#include "provenance/cms/cms_maker.h"
#include "provenance/cms/verify.h"
#include "provenance/crypto/chain.h"
#include "provenance/crypto/timestamp.h"
#include "provenance/crypto/timestamp_maker.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::testing;

namespace {

// From here on, opening a file kills the process.
bool forbid_open() {
  constexpr auto is = [](unsigned call) {
    return std::array<sock_filter, 2>{
        sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
        sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)};
  };
  std::vector<sock_filter> filter{
      sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
  for (const unsigned call : {SYS_open, SYS_openat, SYS_openat2, SYS_stat, SYS_newfstatat}) {
    for (const sock_filter& step : is(call)) filter.push_back(step);
  }
  filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

bool verifies_cms(const Made& root) {
  const NamedArtifact file{.path = "f", .digests = {{}, as_bytes("hello")}, .git_commit = {}};
  const Made rsa = signer_below(root, rsa_key(2048));
  const cms::CmsVerification how{.anchors = {root.der()}, .key = {}, .seconds = kNow};
  const Message message = cms_over("hello", {signer_below(root)});
  const Message pss = cms_over("hello", {rsa}, {.pss = true});
  return cms::verify_cms(der_of(message), file, how).state() == "verified" &&
         cms::verify_cms(der_of(pss), file, how).state() == "verified";
}

bool verifies_everything() {
  const Made root = make_root();
  Wanted wanted = fulcio_leaf();
  wanted.key = rsa_key(2048);
  const Certificate leaf = issue(&root, wanted).certificate();
  const Authority authority = authority_of({root});
  const ByteString message(70);
  const TimestampAuthority tsa;
  const Authority tsa_authority = tsa.authority();
  const std::vector<ByteString> tokens{make_token(tsa, message)};
  Checks checks;
  const auto issuer = verify_chain(leaf, {}, {&authority, 1}, kNow, LeafUse::code_signing, checks);
  const auto times = verify_timestamps(tokens, message, {&tsa_authority, 1}, true, checks);
  return issuer && times.size() == 1 && !checks.has(Outcome::failed) &&
         signer_of(leaf).issuer == "https://issuer.test" && verifies_cms(root);
}

constexpr int kGood = 0;
constexpr int kNoFilter = 77;

int verify_behind_lock() {
  prepare_crypto();
  if (!forbid_open()) return kNoFilter;
  return verifies_everything() ? kGood : 1;
}

}  // namespace

// Alone in its program: nothing may have woken OpenSSL up before.
TEST_CASE("nothing is opened once the library is prepared") {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) _exit(verify_behind_lock());
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  if (WEXITSTATUS(status) == kNoFilter) {
    WARN("the kernel has no system call filter");
    return;
  }
  CHECK(WEXITSTATUS(status) == kGood);
}
