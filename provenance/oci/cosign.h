#pragma once

#include <optional>
#include <string>

#include "provenance/evidence.h"
#include "provenance/oci/document.h"
#include "provenance/sigstore/bundle.h"
#include "provenance/sigstore/trusted_root.h"

// cosign's signatures before it wrote bundles (cosign specs/SIGNATURE_SPEC.md): the parts
// of a bundle, in the annotations of a layer.
namespace assay::provenance::oci {

inline constexpr std::string_view kSimpleSigning =
    "application/vnd.dev.cosign.simplesigning.v1+json";
inline constexpr std::string_view kEnvelope = "application/vnd.dsse.envelope.v1+json";

// The signature of a layer as a bundle 0.1 over `payload`, the layer's content: by a
// certificate where there is one, otherwise by a key. Nothing, with a failure
// cosign.parse, when an annotation does not parse. Anchors of `root` that were written
// along are left out, since nothing of a signature may vouch for itself.
std::optional<Bundle> bundle_of(const Descriptor& layer, Bytes payload, const TrustedRoot* root,
                                Checks& checks);

// The digest that a "simple signing" payload is about, "sha256:HEX". Nothing, with a
// failure cosign.payload, when it is no such payload.
std::optional<std::string> signed_digest(Bytes payload, Checks& checks);

}  // namespace assay::provenance::oci
