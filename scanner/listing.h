#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "scanner/analysis_sink.h"
#include "scanner/examine.h"
#include "scanner/file_source.h"

namespace assay {

// Which artifact of a file is to be listed, and from where on.
struct ListingRequest {
  std::string member;  // its path inside the file, with kMemberMark; empty: the file itself
  std::uint64_t from = 0;
  bool operator==(const ListingRequest&) const = default;
};

// Walks to every artifact of that path (names may come twice) and tells `sink`, as
// one artifact, the Instruction facts of the programs in it, as they are walked,
// and why a walk ended early. Nothing else is told, and nothing is kept.
void list_file(const std::string& name, FileDescriptor fd, const ExamineOptions& options,
               const ListingRequest& request, const std::atomic<bool>& stop, AnalysisSink& sink);

}  // namespace assay
