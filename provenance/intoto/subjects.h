#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "provenance/evidence.h"
#include "provenance/intoto/statement.h"
#include "provenance/sigstore/artifact_digests.h"

// Which of many files a statement is about.
namespace assay::provenance::intoto {

inline constexpr std::size_t kMaxSubjects = 100'000;

// Compares every file with the subjects. A file is `covered` when the digests of one
// subject that can be compared all agree, whatever its name. A subject that no file
// agrees with makes the file of its path, or else the only file of its base name,
// `changed`, or `not_covered` when none of its digests is known of the file; all other
// files are `extra`. The check is artifact.digest: passed when a file is covered,
// failed when a file is changed or no subject agrees with anything, unknown when
// nothing could be compared or there are more subjects than are looked at. A warning
// artifact.name: a file's content is that of a subject, and its path that of another.
// The list is ordered by path.
std::vector<Coverage> match_files(const std::vector<ResourceDescriptor>& subjects,
                                  std::span<const NamedArtifact> files, Checks& checks);

// The digests by which the subjects are named and files can be compared.
std::set<HashKind> digest_kinds(const std::vector<ResourceDescriptor>& subjects);

}  // namespace assay::provenance::intoto
