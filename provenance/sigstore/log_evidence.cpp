#include "provenance/sigstore/log_evidence.h"

#include "core/text.h"
#include "provenance/sigstore/log_entry.h"
#include "provenance/sigstore/merkle.h"
#include "provenance/sigstore/signed_entry_timestamp.h"

namespace assay::provenance {
namespace {

bool is_in_tree(const LogEntry& entry, const InclusionProof& proof) {
  return is_included(merkle_leaf_hash(entry.canonicalized_body),
                     static_cast<std::uint64_t>(proof.log_index),
                     static_cast<std::uint64_t>(proof.tree_size), proof.hashes, proof.root_hash);
}

void check_path(const LogEntry& entry, const InclusionProof& proof, Checks& checks) {
  constexpr std::string_view kClass = "tlog.inclusion";
  if (!is_in_tree(entry, proof)) {
    checks.fail(kClass, "the inclusion proof does not lead from the entry to the root");
  } else if (is_rekor_v2(entry) && entry.log_index != proof.log_index) {
    checks.fail(kClass, "the entry and its inclusion proof name two indexes");
  } else {
    checks.pass(kClass);
  }
}

}  // namespace

const LogKey* find_log(const LogEntry& entry, const std::vector<LogKey>& logs,
                       std::optional<std::int64_t> seconds, Checks& checks) {
  constexpr std::string_view kClass = "tlog.unknown-log";
  const LogKey* found = nullptr;
  for (const LogKey& log : logs) {
    if (log.id != entry.log_id || log.id.empty()) continue;
    if (!found) found = &log;
    if (seconds && log.valid_for.holds(*seconds)) {
      found = &log;
      break;
    }
  }
  if (found) {
    checks.pass(kClass);
  } else {
    checks.fail(kClass, "the log " + hex(clip(entry.log_id, 0, 32)) + " is not a trusted one");
  }
  return found;
}

std::optional<VerifiedTime> verify_promise(const LogEntry& entry, const LogKey* log,
                                           Checks& checks) {
  if (entry.signed_entry_timestamp.empty() || !log) return std::nullopt;
  if (!is_promised_by(entry, log->key)) {
    checks.fail("tlog.set", "the log's promise is not its signature over the entry");
    return std::nullopt;
  }
  checks.pass("tlog.set");
  if (entry.integrated_time == 0) return std::nullopt;
  return VerifiedTime{"rekor", log->base_url, entry.integrated_time};
}

void check_log_validity(const LogKey& log, std::span<const VerifiedTime> times, Checks& checks) {
  for (const VerifiedTime& time : times) {
    if (log.valid_for.holds(time.seconds)) continue;
    return checks.fail("tlog.key-validity", "the log's key is not trusted for the time of signing");
  }
  checks.pass("tlog.key-validity");
}

std::optional<Checkpoint> verify_inclusion(const LogEntry& entry, const LogKey* log, bool required,
                                           Checks& checks) {
  const auto& proof = entry.inclusion_proof;
  if (!proof || proof->checkpoint.empty()) {
    const char* message = "the log entry has no inclusion proof with a checkpoint";
    required ? checks.fail("tlog.inclusion.missing", message)
             : checks.warn("tlog.inclusion.missing", message);
    return std::nullopt;
  }
  auto checkpoint = parse_checkpoint(proof->checkpoint);
  if (!checkpoint) {
    checks.fail("tlog.checkpoint.parse", checkpoint.error().message);
    check_path(entry, *proof, checks);
    return std::nullopt;
  }
  const bool is_signed = log && is_signed_by(*checkpoint, *log);
  if (is_signed) checks.pass("tlog.checkpoint.signature");
  if (log && !is_signed) {
    checks.fail("tlog.checkpoint.signature", "the checkpoint has no signature by the log");
  }
  const bool same =
      checkpoint->size == proof->tree_size && checkpoint->root_hash == proof->root_hash;
  if (!same) {
    checks.fail("tlog.checkpoint.mismatch", "the checkpoint is of another tree than the proof");
  } else {
    checks.pass("tlog.checkpoint.mismatch");
  }
  check_path(entry, *proof, checks);
  if (!is_signed || !same || !is_in_tree(entry, *proof)) return std::nullopt;
  return std::move(*checkpoint);
}

}  // namespace assay::provenance
