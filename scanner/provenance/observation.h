#pragma once

#include <string>
#include <vector>

#include "scanner/provenance/evidence_finder.h"
#include "scanner/provenance/verification.h"
#include "scanner/source_files.h"

namespace assay {

// The files that one piece of evidence is compared with, as far as that needs no
// digest; `sources` are the same files, null where one cannot be opened.
struct Observation {
  std::vector<ObservedFile> files;
  std::vector<const SourceFile*> sources;
  std::vector<std::size_t> places;  // of each in the listing
};

// Of each file of a listing, what is known already.
using KnownDigests = std::vector<std::vector<ObservedDigests>>;

// No file of evidence is read beyond that.
inline constexpr std::uint64_t kMaxEvidenceSize = 64U << 20;
// The files below the folder of `place`, or its one subject, with paths relative to
// the folder. `known` may hold what a scan found out already, in the order of the
// listing (null: nothing).
Observation observe(const SourceListing& listing, const EvidencePlace& place,
                    const KnownDigests* known);

// One file by itself, with its whole content up to that size.
ObservedFile observe_file(const SourceFile& source, std::string path,
                          std::uint64_t max_content = 0);

// The bytes of a file of evidence: unparsed. `over_budget` when it is too large.
Parsed<std::string> read_evidence(const SourceFile& source);

}  // namespace assay
