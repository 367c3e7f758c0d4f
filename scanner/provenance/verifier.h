#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <span>
#include <vector>

#include "core/error.h"
#include "core/evidence.h"
#include "scanner/engine.h"
#include "scanner/provenance/verification.h"
#include "scanner/source_files.h"

namespace assay {

// Gives the bytes of a clone's store that a worker asks for.
using ReadStore = std::function<Parsed<provenance::git::StorePart>(const StoreNeed& need)>;

// What a worker said of one piece of evidence, or why it said nothing.
struct Verified {
  std::vector<provenance::Evidence> evidence;
  std::vector<ParseError> problems;
};

// Verifies evidence in workers: asks which digests it needs, has them taken, `jobs`
// files at a time, and has it judged by them. The parent parses nothing of it.
class Verifier {
 public:
  Verifier(const ScanOptions& options, const std::atomic<bool>& stop)
      : options_(options), stop_(stop) {}

  // `sources` are the files of the request, in its order; null for one that cannot be
  // opened. Digests that the request has already are not taken again. `read_store` is for
  // requests about clones.
  Verified verify(VerifyRequest request, std::span<const SourceFile* const> sources,
                  const ReadStore& read_store = {}) const;

  // Only which digests it needs.
  DigestNeeds plan(VerifyRequest request, const ReadStore& read_store = {}) const;

  // Has the digests taken and puts them into `files`. What went wrong, otherwise.
  std::vector<ParseError> digest(const DigestNeeds& needs,
                                 std::span<const SourceFile* const> sources,
                                 std::vector<ObservedFile>& files) const;

 private:
  const ScanOptions& options_;
  const std::atomic<bool>& stop_;
};

}  // namespace assay
