#pragma once

#include <optional>

#include "core/error.h"
#include "provenance/crypto/public_key.h"
#include "provenance/sigstore/artifact_digests.h"
#include "provenance/sigstore/bundle.h"

namespace assay::provenance {

// What the body of a log entry says was logged.
struct LoggedSignature {
  HashKind hash = HashKind::sha256;
  ByteString digest;
  // The digest is of an envelope's payload; otherwise of what was signed: a message,
  // or the encoding of an envelope.
  bool digest_of_payload = false;
  ByteString signature;
  // What it is checked with: DER of a certificate, or a key.
  ByteString certificate;
  std::optional<PublicKey> key;
};

// Reads the bodies of Rekor v1 (hashedrekord 0.0.1, dsse 0.0.1, intoto 0.0.2) and v2
// (hashedrekord 0.0.2, dsse 0.0.2). `unsupported`: of another kind or version, or not
// of the one the entry names. `malformed`: not a body of that kind with one signature.
Parsed<LoggedSignature> parse_entry_body(const LogEntry& entry);

// Whether Rekor v2 wrote the entry: it has no promise, and one index only.
bool is_rekor_v2(const LogEntry& entry);

// That the body of `entry` says the same as the bundle: digest, signature, and the
// certificate or the key. `key` is the verifier's own, absent when the bundle holds a
// certificate. The checks are tlog.kind and tlog.entry-mismatch.
void check_log_entry(const Bundle& bundle, const LogEntry& entry, const PublicKey* key,
                     const ArtifactDigests* artifact, Checks& checks);

}  // namespace assay::provenance
