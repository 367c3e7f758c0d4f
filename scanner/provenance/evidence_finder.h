#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scanner/provenance/verification.h"
#include "scanner/source_files.h"

namespace assay {

// A piece of evidence that lies in a source, told by its name: nothing of it has been
// read. Paths are those of the report.
struct EvidencePlace {
  EvidenceKind kind = EvidenceKind::bundle;
  std::vector<const SourceFile*> files;  // it consists of; one, but for download records
  std::string subject;                   // the one file it is about; empty: the whole folder
  std::string folder;                    // ... which is this one; empty: the source itself
  std::string name = {};                 // of evidence that is no file

  const std::string& path() const { return name.empty() ? files.front()->report_path : name; }
};

// What of the listing is evidence:
//   NAME.sigstore, NAME.sigstore.json, NAME.bundle       a bundle over NAME
//   *.sigstore and so on otherwise                       statements about its folder
//   NAME.intoto.jsonl, .intoto.json, .intoto             statements about NAME, or its folder
//   NAME.sig beside NAME                                 a model signature over that file
//   NAME.asc, .minisig, .p7s beside NAME                 signatures of other kinds
//   *.sig otherwise                                      a model signature over its folder
//   .cache/huggingface/trees/COMMIT.json                 the Hub's listing of a download
//   .cache/huggingface/download/PATH.metadata            the downloader's records
//   trees/COMMIT.json beside snapshots/COMMIT            the same in the downloader's cache
//   blobs/ beside snapshots/                             blobs of the cache, by their names
//   links into such blobs                                a snapshot that is the source itself
//   oci-layout                                           an OCI image layout
//   .git                                                 a clone and its commit
std::vector<EvidencePlace> find_evidence(const SourceListing& listing);

}  // namespace assay
