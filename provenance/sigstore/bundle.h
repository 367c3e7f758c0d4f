#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "provenance/base64.h"
#include "provenance/evidence.h"
#include "provenance/json.h"

// A Sigstore bundle as it is written (protobuf-specs, sigstore_bundle.proto): its
// shape, and nothing said yet about what of it is true.
namespace assay::provenance {

enum class BundleVersion : std::uint8_t { v0_1, v0_2, v0_3 };
std::string_view to_string(BundleVersion version);  // "0.1"

enum class MaterialKind : std::uint8_t { public_key, certificate_chain, certificate };

// What the signature is to be checked with.
struct VerificationMaterial {
  MaterialKind kind = MaterialKind::certificate;
  // Of a public key: a hint which it is. Old model signatures hold the key itself:
  // `raw_bytes`, in the encoding that `key_details` names (they put PEM in it).
  std::string hint;
  ByteString raw_bytes;
  std::string key_details;
  // Of the others: DER, the leaf first. Not empty.
  std::vector<ByteString> certificates;
};

// That a log holds an entry (RFC 9162 §2.1.3), in one shard of it.
struct InclusionProof {
  std::int64_t log_index = 0;  // in the shard
  std::int64_t tree_size = 0;
  ByteString root_hash;
  std::vector<ByteString> hashes;
  std::string checkpoint;  // a signed note; empty: none
};

// An entry of a transparency log (sigstore_rekor.proto).
struct LogEntry {
  std::int64_t log_index = 0;  // over all shards
  ByteString log_id;
  std::string kind;
  std::string version;
  std::int64_t integrated_time = 0;   // seconds; 0: none
  ByteString signed_entry_timestamp;  // the inclusion promise; empty: none
  std::optional<InclusionProof> inclusion_proof;
  ByteString canonicalized_body;
};

struct MessageSignature {
  // A hint what was signed; the name of sigstore_common.proto ("SHA2_256"), or empty.
  std::string digest_algorithm;
  ByteString digest;
  ByteString signature;
};

struct EnvelopeSignature {
  ByteString sig;
  std::string keyid;
};

// A DSSE envelope. Of exactly one signature.
struct DsseEnvelope {
  std::string payload_type;
  ByteString payload;
  std::vector<EnvelopeSignature> signatures;
};

// Either `message_signature` or `envelope` is there.
struct Bundle {
  BundleVersion version = BundleVersion::v0_3;
  VerificationMaterial material;
  std::vector<LogEntry> log_entries;   // at most one
  std::vector<ByteString> timestamps;  // DER of TimeStampResp (RFC 3161)
  std::optional<MessageSignature> message_signature;
  std::optional<DsseEnvelope> envelope;

  // The bytes that were signed with the key of the material.
  const ByteString& signature() const;
};

inline constexpr std::uint64_t kMaxBundleSize = 16U << 20;
inline constexpr std::size_t kMaxProofHashes = 64;

// The bundle in `document`. Without one, `checks` has a failure that says why:
// bundle.parse, bundle.version, bundle.material, bundle.tlog or dsse.signatures.
std::optional<Bundle> parse_bundle(Bytes document, Checks& checks);
std::optional<Bundle> parse_bundle(const JsonValue& root, Checks& checks);

}  // namespace assay::provenance
