#include "provenance/sigstore/test_cases.h"

#include <filesystem>
#include <stdexcept>

#include "core/text.h"
#include "provenance/crypto/test_reference.h"

namespace assay::provenance::testing {
namespace {

constexpr std::string_view kIdentity =
    "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/"
    ".github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
constexpr std::string_view kIssuer = "https://token.actions.githubusercontent.com";

bool is_there(const std::string& name) { return std::filesystem::exists(shared_path(name)); }

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

std::string read_or(const std::string& name, std::string_view otherwise) {
  return is_there(name) ? trimmed(read_shared(name)) : std::string(otherwise);
}

TrustedRoot root_in(const std::string& name) {
  Checks checks;
  const std::string text = read_shared(name);
  auto root = parse_trusted_root(as_bytes(text), checks);
  if (!root) throw std::runtime_error(name + " is no trusted root");
  return *root;
}

ArtifactDigests digest_alone(Bytes content) {
  return {{{HashKind::sha256, digest_of(HashKind::sha256, content)}}, {}};
}

}  // namespace

ConformanceCase::ConformanceCase(const std::string& name, bool by_path) {
  const std::string folder = "conformance/" + name + "/";
  artifact = read_shared(is_there(folder + "artifact") ? folder + "artifact" : "conformance/a.txt");
  root =
      root_in(is_there(folder + "trusted_root.json") ? folder + "trusted_root.json"
                                                     : "trust-roots/public-good-trusted_root.json");
  bundle = read_shared(folder + "bundle.sigstore.json");
  how.root = &root;
  how.artifact =
      by_path ? ArtifactDigests{{}, as_bytes(artifact)} : digest_alone(as_bytes(artifact));
  if (!is_there(folder + "key.pub")) {
    how.identity = IdentityPolicy{read_or(folder + "identity", kIdentity),
                                  read_or(folder + "issuer", kIssuer)};
    return;
  }
  auto key = PublicKey::from_pem(as_bytes(read_shared(folder + "key.pub")));
  if (key) {
    how.key = std::move(*key);
  } else {
    key_problem = key.error().message;
  }
}

}  // namespace assay::provenance::testing
