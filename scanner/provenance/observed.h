#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "provenance/crypto/hasher.h"

namespace assay {

// The digests of one file that were asked for, all of a request in a row.
struct ObservedDigests {
  provenance::DigestRequest request;
  std::string digests;  // raw
};

// The digests of files that are wanted, by the place of each file in a list.
using DigestNeeds = std::map<std::size_t, std::vector<provenance::DigestRequest>>;

}  // namespace assay
