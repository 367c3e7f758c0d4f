#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "provenance/base64.h"
#include "provenance/crypto/public_key.h"

// What a verifier believes in before it reads any evidence: the parts of a trusted
// root (protobuf-specs, sigstore_trustroot.proto).
namespace assay::provenance {

// A moment as seconds since 1970-01-01T00:00:00Z and nanoseconds of that second.
struct Moment {
  std::int64_t seconds = 0;
  std::int32_t nanoseconds = 0;
  auto operator<=>(const Moment&) const = default;
};

// From `start` to `end`, both inside. Without an end it still goes on.
struct Validity {
  Moment start;
  std::optional<Moment> end;
  bool holds(std::int64_t seconds) const {
    return Moment{seconds, 0} >= start && (!end || Moment{seconds, 0} <= *end);
  }
};

// A transparency log (Rekor) or a certificate transparency log.
struct LogKey {
  std::string base_url;
  ByteString id;  // SHA-256 of the key, or as checkpoints of Rekor v2 derive it
  PublicKey key;
  Validity valid_for;
  // What checkpoints name the key by where that is not `id`; empty: it is.
  ByteString checkpoint_id = {};
};

// A certificate authority or a timestamp authority: DER of its chain, the issuer of
// leaves (or the timestamping certificate) first and the anchor last.
struct Authority {
  std::string uri;
  std::vector<ByteString> chain;
  Validity valid_for;
};

}  // namespace assay::provenance
