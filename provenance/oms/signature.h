#pragma once

#include "provenance/evidence.h"
#include "provenance/oms/verify.h"
#include "provenance/sigstore/bundle.h"

// Who signed the envelope of a bundle, by the three methods. Each fills `evidence`
// except for what concerns the model.
namespace assay::provenance::oms {

void verify_by_key(const Bundle& bundle, const OmsVerification& how, Evidence& evidence);
void verify_by_certificate(const Bundle& bundle, const OmsVerification& how, Evidence& evidence);
void verify_by_sigstore(const Bundle& bundle, const OmsVerification& how, Evidence& evidence);

// The check signature.dsse.
void check_envelope(const DsseEnvelope& envelope, const PublicKey& key, bool compatibility,
                    Checks& checks);

}  // namespace assay::provenance::oms
