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

// By whichever method the bundle is signed, against what is asked for; names the method.
void verify_signer(const Bundle& bundle, const OmsVerification& how, Evidence& evidence);

// The check dsse.payload-type: an in-toto statement.
void check_payload_type(const DsseEnvelope& envelope, Checks& checks);

// The check signature.dsse alone: any kind of key.
void check_envelope_signature(const DsseEnvelope& envelope, const PublicKey& key, Checks& checks);

// The check signature.dsse, by a key of a kind that signs models (key.kind).
void check_envelope(const DsseEnvelope& envelope, const PublicKey& key, bool compatibility,
                    Checks& checks);

}  // namespace assay::provenance::oms
