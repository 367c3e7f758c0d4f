#pragma once

#include <string>
#include <vector>

#include "provenance/evidence.h"
#include "provenance/oms/manifest.h"
#include "provenance/oms/model.h"

namespace assay::provenance::oms {

// Which files a verifier takes although they are not listed. Listed ones are always
// compared.
struct Exclusions {
  std::string signature_path;             // of the signature, when it lies in the model
  bool git_paths = true;                  // .git, .gitattributes, .github, .gitignore at the top
  std::vector<std::string> ignore_paths;  // files, and folders with all below them
  bool unsigned_files = false;            // every file that is not listed
};

// How each file, listed or present, stands to the manifest; ordered by path. Checks:
//   model.changed, model.missing, model.extra
//   model.unread      (unknown) a listed file came without its digests
//   oms.symlink       a listed file is a link that the signer did not allow, or leads out
//   oms.single-file   the manifest is of one file, and the model is a folder
//   oms.empty-files   (told) files without content, which shards cannot cover
std::vector<Coverage> compare(const Manifest& manifest, const Model& model,
                              const Exclusions& exclusions, Checks& checks);

}  // namespace assay::provenance::oms
