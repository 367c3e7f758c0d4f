#pragma once

#include <vector>

#include "provenance/git/work_file.h"
#include "scanner/provenance/verification.h"

namespace assay {

// The observed files as they are compared with git trees and listings of the Hub.
std::vector<provenance::git::WorkFile> work_files_of(const VerifyRequest& request);

}  // namespace assay
