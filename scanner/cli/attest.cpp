#include "scanner/cli/attest.h"

#include <filesystem>

#include "provenance/sigstore/sign_statement.h"
#include "sbom/attestation.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/trust.h"

namespace assay::cli {
namespace {

bool write_one(const std::string& path, const std::optional<std::string>& statement,
               const SigningKey& key) {
  if (!statement) {
    // An older one must not be taken for this scan's.
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    return true;
  }
  const auto bundle = provenance::sign_statement(*statement, key.key, key.chain);
  if (!bundle) {
    complain(path + ": " + bundle.error().message, 0);
    return false;
  }
  if (write_whole(path, *bundle + "\n")) return true;
  complain(path + ": cannot be written", 0);
  return false;
}

}  // namespace

bool write_attestations(const ScanResult& result, const SigningKey& key,
                        const std::string& prefix) {
  const auto tests = sbom::test_result_statement(result);
  if (!tests) complain("--attest: no file was read, so there is nothing to attest", 0);
  const auto simple = sbom::svr_statement(result, current_seconds());
  return write_one(prefix + ".test-result.sigstore.json", tests, key) &&
         write_one(prefix + ".svr.sigstore.json", simple, key) && tests.has_value();
}

}  // namespace assay::cli
