#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "provenance/evidence.h"
#include "provenance/git/work_file.h"

// What huggingface_hub keeps for each file of a `--local-dir` download, in
// .cache/huggingface/download/PATH.metadata: three lines, the commit, the etag and
// when it was written.
namespace assay::provenance::hub {

struct DownloadRecord {
  std::string path;  // of the file it is about
  std::string commit;
  std::string etag;
};

// The record of the file `path`. `malformed`: not those lines.
Parsed<DownloadRecord> parse_download_record(std::string path, std::string_view text);

// Compares the files that are there with their records. Kind "hub-download", method
// "etag". Classes:
//   hub.content, hub.missing   as for a listing
//   hub.extra      warned: a file without a record; not every file need be a download
//   hub.etag       warned: an etag that is no digest
//   hub.pointer    a pointer lies where the content should
//   hub.revision   warned: files of several commits
// Property "commit" when all records name the same.
Evidence verify_downloads(const std::vector<DownloadRecord>& records,
                          const std::vector<git::WorkFile>& files);

}  // namespace assay::provenance::hub
