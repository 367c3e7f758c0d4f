#include "provenance/sigstore/signed_entry_timestamp.h"

#include "core/text.h"

namespace assay::provenance {
namespace {

// RFC 8785: members by name, no blanks. Base64, hex and integers need no escapes.
std::string canonical_json(const LogEntry& entry) {
  return R"({"body":")" + to_base64(entry.canonicalized_body) + R"(","integratedTime":)" +
         std::to_string(entry.integrated_time) + R"(,"logID":")" + hex(entry.log_id) +
         R"(","logIndex":)" + std::to_string(entry.log_index) + "}";
}

}  // namespace

bool is_promised_by(const LogEntry& entry, const PublicKey& log_key) {
  return log_key.verify(as_bytes(canonical_json(entry)), entry.signed_entry_timestamp);
}

}  // namespace assay::provenance
