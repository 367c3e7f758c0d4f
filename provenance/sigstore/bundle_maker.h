#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "provenance/crypto/certificate_maker.h"
#include "provenance/sigstore/bundle.h"
#include "provenance/sigstore/trusted_root.h"
#include "provenance/sigstore/verify.h"

// Bundles for tests, signed with keys that are made in the test that uses them.
namespace assay::provenance::testing {

SharedKey ec_key_on(const char* curve);  // "P-384"
SharedKey ed25519_key();
PublicKey public_of(const SharedKey& key);
// With the hash that goes with the key.
ByteString sign(const SharedKey& key, Bytes message);

// A transparency log of one entry.
struct Log {
  SharedKey key = ec_key();
  std::string name = "log.test";

  LogKey trusted() const;  // from kStart to kEnd
  // As of Rekor v1.
  ByteString promise(const LogEntry& entry) const;
  std::string signature_line(const std::string& text) const;
  std::string signature_line(const std::string& text, const std::string& signer) const;
  // Fills in the index, the proof and a promise for kNow.
  void add(LogEntry& entry) const;
};

// The artifact of made bundles.
inline constexpr std::string_view kArtifact = "hello";
std::string statement_about(std::string_view artifact,
                            std::string_view type = "https://in-toto.io/Statement/v1");

// Bundles 0.3 signed with a bare key, without log entries.
Bundle message_bundle(const SharedKey& key, std::string_view artifact = kArtifact);
Bundle envelope_bundle(const SharedKey& key, std::string_view payload);

// The body that Rekor writes for the bundle, for "hashedrekord/0.0.1" and so on.
std::string body_of(const Bundle& bundle, const SharedKey& key, std::string_view kind);
void log_in(Bundle& bundle, const Log& log, std::string_view kind, const std::string& body);

// All of it: a key, a log that is trusted, and what to verify against.
struct World {
  SharedKey key = ec_key();
  Log log = {};
  TrustedRoot root = {};
  Bundle bundle = {};

  explicit World(std::string_view kind = "hashedrekord/0.0.1", bool envelope = false);
  BundleVerification how() const;
};

// Class of the first failure, or of what could not be carried out; empty for none.
std::string problem_of(const Evidence& evidence);

}  // namespace assay::provenance::testing
