#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/fact.h"
#include "scanner/engine.h"
#include "scanner/file_source.h"
#include "scanner/listing.h"

namespace assay {

// Takes one fact of a listing, which holds an Instruction; false: enough.
using TakeInstruction = std::function<bool(const Fact& fact)>;

// One file that is to be listed; it stays open.
struct ListingJob {
  std::string name;  // its path in the report
  const FileDescriptor& file;
  ListingRequest request;
  std::chrono::milliseconds time{};  // for which the worker may be waited for
};

// Runs the errand of listing the file. What is returned is why it ended early, if
// it did.
std::vector<ParseError> list_instructions(const ListingJob& job, const ScanOptions& options,
                                          const std::atomic<bool>& stop,
                                          const TakeInstruction& take);

}  // namespace assay
