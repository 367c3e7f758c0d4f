#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/bytes.h"
#include "provenance/evidence.h"
#include "provenance/json.h"
#include "provenance/sigstore/bundle.h"

// The forms in which attestations lie beside what they are about.
namespace assay::provenance::intoto {

enum class AttestationForm : std::uint8_t {
  bundle,    // a Sigstore bundle
  envelope,  // a bare DSSE envelope, as `cosign attest` without a bundle writes it
};

// One attestation of a document. Without a form, `checks` says why it is none.
struct Attestation {
  std::optional<AttestationForm> form;
  JsonValue value;
  Checks checks;
};

inline constexpr std::size_t kMaxAttestations = 128;

// The attestations in `document`: one of them, a list of them, the answer of GitHub's and
// npm's interfaces ({"attestations": [{"bundle": ...}]}), or JSON Lines of any of these.
// Classes of failure:
//   attestation.parse   no JSON, or of another form
//   attestation.absent  (unknown) a list names one that is elsewhere
//   attestation.count   (unknown) more than are looked at
// At least one comes back, and at most one more than kMaxAttestations.
std::vector<Attestation> split_attestations(Bytes document);

inline constexpr std::size_t kMaxEnvelopeSignatures = 64;

// A DSSE envelope with at least one signature; without one, a failure dsse.parse or
// dsse.signatures.
std::optional<DsseEnvelope> parse_envelope(const JsonValue& value, Checks& checks);

}  // namespace assay::provenance::intoto
