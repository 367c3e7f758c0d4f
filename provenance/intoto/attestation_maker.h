#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/text.h"
#include "provenance/intoto/verify.h"
#include "provenance/sha256.h"
#include "provenance/sigstore/bundle_json.h"
#include "provenance/sigstore/bundle_maker.h"

// Attestations for tests, and files that they are about.
namespace assay::provenance::testing {

inline NamedArtifact file(std::string path, std::string_view content) {
  return {.path = std::move(path),
          .digests = {{{HashKind::sha256, digest_of(HashKind::sha256, as_bytes(content))}}, {}},
          .git_commit = {}};
}

inline std::string sha256(std::string_view content) { return sha256_hex(as_bytes(content)); }

inline std::string subject(std::string_view name, std::string_view digest,
                           std::string_view algorithm = "sha256") {
  return R"({"name":")" + std::string(name) + R"(","digest":{")" + std::string(algorithm) +
         R"(":")" + std::string(digest) + R"("}})";
}

inline constexpr std::string_view kBuilder =
    "https://github.com/o/r/.github/workflows/w.yml@refs/heads/main";

inline std::string slsa_statement(const std::string& subjects) {
  return R"({"_type":"https://in-toto.io/Statement/v1","predicateType":"https://slsa.dev/provenance/v1",)"
         R"("subject":[)" +
         subjects +
         R"(],"predicate":{"buildDefinition":{"buildType":"https://t.test/b",)"
         R"("externalParameters":{"workflow":{"ref":"refs/heads/main",)"
         R"("repository":"https://github.com/o/r","path":".github/workflows/w.yml"}},)"
         R"("resolvedDependencies":[{"uri":"git+https://github.com/o/r@refs/heads/main",)"
         R"("digest":{"gitCommit":"abc"}},{"uri":"https://huggingface.co/org/base","digest":)"
         R"({"gitCommit":"def"}},{"uri":"hf://datasets/org/data"}]},"runDetails":{"builder":{"id":")" +
         std::string(kBuilder) +
         R"("},"metadata":{"invocationId":"https://i.test/1",)"
         R"("startedOn":"2026-01-01T00:00:00Z"}}}})";
}

// A key, its bundle over a statement, and whom to ask for.
struct Signed {
  SharedKey key = ec_key();
  Bundle bundle;
  intoto::AttestationVerification how;

  explicit Signed(const std::string& statement) : bundle(envelope_bundle(key, statement)) {
    how.key = public_of(key);
  }
  std::vector<Evidence> verify(std::string_view document,
                               std::span<const NamedArtifact> files) const {
    return intoto::verify_attestations(as_bytes(document), files, how);
  }
  Evidence verify(std::span<const NamedArtifact> files) const {
    return verify(json_of(bundle), files).at(0);
  }
};

inline const std::vector<NamedArtifact> kFiles{file("a.bin", "hello"), file("sub/b.bin", "other")};

inline std::vector<std::string> properties(const Evidence& evidence, std::string_view name) {
  std::vector<std::string> values;
  for (const auto& [key, value] : evidence.properties) {
    if (key == name) values.push_back(value);
  }
  return values;
}

inline std::string states(const Evidence& evidence) {
  std::string text;
  for (const Coverage& coverage : evidence.coverage) {
    text +=
        (text.empty() ? "" : " ") + coverage.path + "=" + std::string(to_string(coverage.state));
  }
  return text;
}

inline std::string warning_of(const Evidence& evidence) {
  const Check* warned = evidence.checks.first(Outcome::warned);
  return warned ? warned->name : "";
}

// What is said of kFiles by a statement about `subjects`.
inline Evidence about(const std::string& subjects) {
  return Signed(slsa_statement(subjects)).verify(kFiles);
}

}  // namespace assay::provenance::testing
