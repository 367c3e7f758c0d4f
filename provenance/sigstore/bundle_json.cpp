#include "provenance/sigstore/bundle_json.h"

namespace assay::provenance::testing {
namespace {

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }
std::string in_quotes(const ByteString& bytes) { return in_quotes(to_base64(bytes)); }
std::string in_quotes(std::int64_t number) { return in_quotes(std::to_string(number)); }

// For the few texts that hold line feeds.
std::string escaped_lines(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string("\\n") : std::string(1, c);
  return in_quotes(out);
}

std::string proof_of(const InclusionProof& proof) {
  std::string hashes;
  for (const ByteString& hash : proof.hashes)
    hashes += (hashes.empty() ? "" : ",") + in_quotes(hash);
  return R"({"logIndex":)" + in_quotes(proof.log_index) + R"(,"treeSize":)" +
         in_quotes(proof.tree_size) + R"(,"rootHash":)" + in_quotes(proof.root_hash) +
         R"(,"hashes":[)" + hashes + R"(],"checkpoint":{"envelope":)" +
         escaped_lines(proof.checkpoint) + "}}";
}

std::string entry_of(const LogEntry& entry) {
  std::string text = R"({"logIndex":)" + in_quotes(entry.log_index) + R"(,"logId":{"keyId":)" +
                     in_quotes(entry.log_id) + R"(},"kindVersion":{"kind":)" +
                     in_quotes(entry.kind) + R"(,"version":)" + in_quotes(entry.version) +
                     R"(},"integratedTime":)" + in_quotes(entry.integrated_time) +
                     R"(,"inclusionPromise":{"signedEntryTimestamp":)" +
                     in_quotes(entry.signed_entry_timestamp) + R"(},"canonicalizedBody":)" +
                     in_quotes(entry.canonicalized_body);
  if (entry.inclusion_proof) text += R"(,"inclusionProof":)" + proof_of(*entry.inclusion_proof);
  return text + "}";
}

std::string material_of(const Bundle& bundle) {
  const VerificationMaterial& material = bundle.material;
  std::string text = R"({"publicKey":{"hint":)" + in_quotes(material.hint) + "}";
  if (material.kind != MaterialKind::public_key) {
    text = R"({"certificate":{"rawBytes":)" + in_quotes(material.certificates.at(0)) + "}";
  }
  text += R"(,"tlogEntries":[)";
  for (const LogEntry& entry : bundle.log_entries) text += entry_of(entry);
  return text + "]}";
}

}  // namespace

std::string json_of(const DsseEnvelope& envelope) {
  std::string signatures;
  for (const EnvelopeSignature& signature : envelope.signatures) {
    signatures += (signatures.empty() ? R"({"sig":)" : R"(,{"sig":)") + in_quotes(signature.sig) +
                  R"(,"keyid":)" + in_quotes(signature.keyid) + "}";
  }
  return R"({"payloadType":)" + in_quotes(envelope.payload_type) + R"(,"payload":)" +
         in_quotes(envelope.payload) + R"(,"signatures":[)" + signatures + "]}";
}

std::string json_of(const Bundle& bundle) {
  std::string text = R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",)"
                     R"("verificationMaterial":)" +
                     material_of(bundle);
  if (bundle.envelope) return text + R"(,"dsseEnvelope":)" + json_of(*bundle.envelope) + "}";
  const MessageSignature& message = *bundle.message_signature;
  return text + R"(,"messageSignature":{"messageDigest":{"algorithm":)" +
         in_quotes(message.digest_algorithm) + R"(,"digest":)" + in_quotes(message.digest) +
         R"(},"signature":)" + in_quotes(message.signature) + "}}";
}

}  // namespace assay::provenance::testing
