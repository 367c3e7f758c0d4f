#pragma once

#include <cstdint>
#include <string_view>

#include "provenance/git/work_file.h"

namespace assay::provenance::hub {

enum class EtagMatch : std::uint8_t { same, other, no_digest };

// How a file stands to the etag that the Hub gave for it: 64 hex digits are the
// SHA-256 of a large file, 40 the git blob id of a small one.
inline EtagMatch match_etag(std::string_view etag, const git::WorkFile& file) {
  if (git::is_sha256(etag)) return file.sha256 == etag ? EtagMatch::same : EtagMatch::other;
  if (git::is_object_id(etag)) return file.blob_id == etag ? EtagMatch::same : EtagMatch::other;
  return EtagMatch::no_digest;
}

}  // namespace assay::provenance::hub
