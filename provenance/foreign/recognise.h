#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "provenance/evidence.h"

// Signatures of kinds that are recognised and not verified here: a reader is told that
// they are there, so that nobody takes silence for their absence.
namespace assay::provenance::foreign {

enum class Kind : std::uint8_t {
  minisign,
  signify,  // OpenBSD's, which minisign comes from
  openpgp,  // detached, armoured or not; a clear-signed text
  c2pa,     // a manifest store in JUMBF (C2PA Technical Specification, "Manifest Store")
  jws,      // RFC 7515, compact or JSON
  cose,     // RFC 9052, tagged COSE_Sign or COSE_Sign1
  raw,      // base64 of an ECDSA signature alone, as `cosign sign-blob` prints one
};
std::string_view to_string(Kind kind);  // "minisign", "openpgp" ...

struct ForeignSignature {
  Kind kind = Kind::minisign;
  std::string key_id;  // as the kind's own tools show it; empty where there is none
  // "algorithm", "comment": what it says of itself, vouched for by nobody.
  std::vector<std::pair<std::string, std::string>> properties;
};

// What `document` is, by its content; nothing when it is none of them. More than a first
// look: what does not parse as its kind is not it.
std::optional<ForeignSignature> recognise(Bytes document);

// Evidence of that kind with one check signature.unchecked, which could not be made.
Evidence present_and_unchecked(const ForeignSignature& signature);

}  // namespace assay::provenance::foreign
