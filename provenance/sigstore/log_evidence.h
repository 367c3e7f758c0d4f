#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "provenance/evidence.h"
#include "provenance/sigstore/bundle.h"
#include "provenance/sigstore/checkpoint.h"
#include "provenance/sigstore/trusted_root.h"

// What a transparency log says of an entry.
namespace assay::provenance {

// The trusted log that the entry names; of several with that id the first that is
// valid at `seconds`, where one is. Null: none (check tlog.unknown-log).
const LogKey* find_log(const LogEntry& entry, const std::vector<LogKey>& logs,
                       std::optional<std::int64_t> seconds, Checks& checks);

// The log's word for the entry's time and index (check tlog.set). Nothing when there is
// no promise, it does not hold, or it names no time.
std::optional<VerifiedTime> verify_promise(const LogEntry& entry, const LogKey* log,
                                           Checks& checks);

// That `log` is trusted for each of `times` (check tlog.key-validity).
void check_log_validity(const LogKey& log, std::span<const VerifiedTime> times, Checks& checks);

// That the tree of a checkpoint by `log` holds the entry. Without a log, all but the
// signature is checked. `required` false makes a missing proof a warning. Returns the
// checkpoint when it holds. The checks are tlog.inclusion.missing, tlog.inclusion and
// tlog.checkpoint.parse, .signature and .mismatch.
std::optional<Checkpoint> verify_inclusion(const LogEntry& entry, const LogKey* log, bool required,
                                           Checks& checks);

}  // namespace assay::provenance
