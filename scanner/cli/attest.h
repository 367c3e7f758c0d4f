#pragma once

#include <string>

#include "core/scan_result.h"
#include "scanner/cli/signing.h"

namespace assay::cli {

// Signs the verdict and writes it as Sigstore bundles: PREFIX.test-result.sigstore.json,
// and of a scan that passed PREFIX.svr.sigstore.json. False when that failed.
bool write_attestations(const ScanResult& result, const SigningKey& key, const std::string& prefix);

}  // namespace assay::cli
