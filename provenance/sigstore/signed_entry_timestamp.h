#pragma once

#include "provenance/crypto/public_key.h"
#include "provenance/sigstore/bundle.h"

namespace assay::provenance {

// Whether the entry's inclusion promise is the log's signature over body, time, log
// and index (Rekor v1). Only then the time, and the index over all shards, are the
// log's word.
bool is_promised_by(const LogEntry& entry, const PublicKey& log_key);

}  // namespace assay::provenance
