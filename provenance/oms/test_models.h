#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "provenance/oms/manifest.h"
#include "provenance/oms/model.h"
#include "provenance/oms/verify.h"

// Models for tests: from memory, and from disk as a caller of the library does it.
namespace assay::provenance::oms::test {

using Contents = std::map<std::string, std::string>;  // by path

// The files with the digests that `manifest` needs.
Model model_of(const Contents& contents, const Manifest& manifest);
// Of a folder or of a file.
Model model_at(const std::filesystem::path& path, const Manifest& manifest);
Contents contents_of(const std::filesystem::path& folder);

std::string read_file(const std::filesystem::path& path);

// All steps: which digests are needed, hashing, verification.
Evidence verify(std::string_view signature, const Contents& contents, const OmsVerification& how);
Evidence verify_at(std::string_view signature, const std::filesystem::path& model,
                   const OmsVerification& how);

// "rejected model.changed", "signed", ...: the state and the class of the first failure.
std::string verdict(const Evidence& evidence);

}  // namespace assay::provenance::oms::test
