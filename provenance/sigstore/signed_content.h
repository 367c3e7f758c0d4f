#pragma once

#include <optional>

#include "provenance/crypto/public_key.h"
#include "provenance/evidence.h"
#include "provenance/sigstore/artifact_digests.h"
#include "provenance/sigstore/bundle.h"
#include "provenance/sigstore/statement.h"

// What a bundle's signature is over.
namespace assay::provenance {

// The signature over the artifact or the envelope. Without a key only the digest that
// the bundle claims is compared; without an artifact that claim stands for it. The
// checks are artifact.digest, signature and signature.dsse.
void check_signed_content(const Bundle& bundle, const PublicKey* key,
                          const ArtifactDigests* artifact, Checks& checks);

// The envelope's statement, and that the artifact is a subject of it. Nothing when
// there is no statement. The checks are dsse.payload-type, statement.type and
// artifact.digest.
std::optional<Statement> check_statement(const DsseEnvelope& envelope,
                                         const ArtifactDigests* artifact, Checks& checks);

}  // namespace assay::provenance
