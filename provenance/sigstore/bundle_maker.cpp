#include "provenance/sigstore/bundle_maker.h"

#include <stdexcept>

#include "core/text.h"
#include "provenance/dsse.h"
#include "provenance/sigstore/merkle.h"

namespace assay::provenance::testing {
namespace {

const EVP_MD* md_of(const SharedKey& key) {
  if (EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_ED25519) return nullptr;
  switch (public_of(key).hash()) {
    case HashKind::sha384:
      return EVP_sha384();
    case HashKind::sha512:
      return EVP_sha512();
    default:
      return EVP_sha256();
  }
}

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }
std::string base64_of(std::string_view text) { return to_base64(as_bytes(text)); }

std::string v1_hash(HashKind kind, Bytes message) {
  return R"({"algorithm":)" + in_quotes(to_string(kind)) + R"(,"value":)" +
         in_quotes(hex(digest_of(kind, message))) + "}";
}
std::string v2_hash(Bytes message) {
  return R"({"algorithm":"SHA2_256","digest":)" +
         in_quotes(to_base64(digest_of(HashKind::sha256, message))) + "}";
}

ByteString signed_bytes(const Bundle& bundle) {
  if (bundle.envelope) {
    return pre_authentication_encoding(bundle.envelope->payload_type, bundle.envelope->payload);
  }
  const Bytes bytes = as_bytes(kArtifact);
  return {bytes.begin(), bytes.end()};
}

}  // namespace

SharedKey ec_key_on(const char* curve) { return {EVP_EC_gen(curve), EVP_PKEY_free}; }

SharedKey ed25519_key() { return {EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free}; }

PublicKey public_of(const SharedKey& key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key.get(), &der);
  const auto* first = reinterpret_cast<const std::byte*>(der);
  const ByteString spki(first, first + size);
  OPENSSL_free(der);
  return PublicKey::from_der(spki).value();
}

ByteString sign(const SharedKey& key, Bytes message) {
  const ossl::DigestContext context(EVP_MD_CTX_new());
  ByteString signature(8192);
  std::size_t size = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, md_of(key), nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     ossl::data(message), message.size()) != 1) {
    throw std::runtime_error("cannot sign");
  }
  signature.resize(size);
  return signature;
}

LogKey Log::trusted() const {
  const PublicKey public_key = public_of(key);
  return {.base_url = "https://" + name,
          .id = digest_of(HashKind::sha256, public_key.spki()),
          .key = public_key,
          .valid_for = {{kStart, 0}, Moment{kEnd, 0}}};
}

ByteString Log::promise(const LogEntry& entry) const {
  const std::string json = R"({"body":)" + in_quotes(to_base64(entry.canonicalized_body)) +
                           R"(,"integratedTime":)" + std::to_string(entry.integrated_time) +
                           R"(,"logID":)" + in_quotes(hex(entry.log_id)) + R"(,"logIndex":)" +
                           std::to_string(entry.log_index) + "}";
  return sign(key, as_bytes(json));
}

std::string Log::signature_line(const std::string& text) const {
  return signature_line(text, name);
}

std::string Log::signature_line(const std::string& text, const std::string& signer) const {
  const ByteString signature = sign(key, as_bytes(text));
  ByteString blob = trusted().id;
  blob.resize(4);
  blob.insert(blob.end(), signature.begin(), signature.end());
  return "\xe2\x80\x94 " + signer + " " + to_base64(blob) + "\n";
}

void Log::add(LogEntry& entry) const {
  entry.log_id = trusted().id;
  entry.log_index = 1000;
  entry.integrated_time = kNow;
  entry.signed_entry_timestamp = promise(entry);
  InclusionProof& proof = entry.inclusion_proof.emplace();
  proof.log_index = 1;
  proof.tree_size = 2;
  proof.hashes = {merkle_leaf_hash(as_bytes("another entry"))};
  proof.root_hash = merkle_node_hash(proof.hashes[0], merkle_leaf_hash(entry.canonicalized_body));
  const std::string text = name + " - 7\n2\n" + to_base64(proof.root_hash) + "\n";
  proof.checkpoint = text + "\n" + signature_line(text);
}

std::string statement_about(std::string_view artifact, std::string_view type) {
  return R"({"_type":)" + in_quotes(type) +
         R"(,"predicateType":"https://slsa.dev/provenance/v1","subject":[{"name":"a",
"digest":{"sha256":)" +
         in_quotes(hex(digest_of(HashKind::sha256, as_bytes(artifact)))) + "}}]}";
}

Bundle message_bundle(const SharedKey& key, std::string_view artifact) {
  Bundle bundle;
  bundle.material.kind = MaterialKind::public_key;
  MessageSignature& message = bundle.message_signature.emplace();
  message.digest_algorithm = "SHA2_256";
  message.digest = digest_of(HashKind::sha256, as_bytes(artifact));
  message.signature = sign(key, as_bytes(artifact));
  return bundle;
}

Bundle envelope_bundle(const SharedKey& key, std::string_view payload) {
  Bundle bundle;
  bundle.material.kind = MaterialKind::public_key;
  DsseEnvelope& envelope = bundle.envelope.emplace();
  envelope.payload_type = kInTotoPayloadType;
  const Bytes bytes = as_bytes(payload);
  envelope.payload.assign(bytes.begin(), bytes.end());
  envelope.signatures.push_back({sign(key, signed_bytes(bundle)), ""});
  return bundle;
}

std::string body_of(const Bundle& bundle, const SharedKey& key, std::string_view kind) {
  const auto slash = kind.find('/');
  const std::string head = R"({"apiVersion":)" + in_quotes(kind.substr(slash + 1)) + R"(,"kind":)" +
                           in_quotes(kind.substr(0, slash)) + R"(,"spec":)";
  const PublicKey public_key = public_of(key);
  const std::string pem = in_quotes(base64_of(public_key.pem()));
  const std::string signature = in_quotes(to_base64(bundle.signature()));
  const std::string v2_signature = R"({"content":)" + signature +
                                   R"(,"verifier":{"keyDetails":"PKIX_ECDSA_P256_SHA_256",
"publicKey":{"rawBytes":)" + in_quotes(to_base64(public_key.spki())) +
                                   "}}}";
  const ByteString message = signed_bytes(bundle);
  const Bytes payload = bundle.envelope ? Bytes(bundle.envelope->payload) : Bytes();
  if (kind == "hashedrekord/0.0.1") {
    return head + R"({"data":{"hash":)" + v1_hash(public_key.hash(), message) +
           R"(},"signature":{"content":)" + signature + R"(,"publicKey":{"content":)" + pem +
           "}}}}";
  }
  if (kind == "hashedrekord/0.0.2") {
    return head + R"({"hashedRekordV002":{"data":)" + v2_hash(message) + R"(,"signature":)" +
           v2_signature + "}}}";
  }
  if (kind == "dsse/0.0.1") {
    return head + R"({"payloadHash":)" + v1_hash(HashKind::sha256, payload) +
           R"(,"signatures":[{"signature":)" + signature + R"(,"verifier":)" + pem + "}]}}";
  }
  if (kind == "dsse/0.0.2") {
    return head + R"({"dsseV002":{"payloadHash":)" + v2_hash(payload) + R"(,"signatures":[)" +
           v2_signature + "]}}}";
  }
  return head + R"({"content":{"envelope":{"signatures":[{"sig":)" +
         in_quotes(base64_of(to_base64(bundle.signature()))) + R"(,"publicKey":)" + pem +
         R"(}]},"payloadHash":)" + v1_hash(HashKind::sha256, payload) + "}}}";
}

void log_in(Bundle& bundle, const Log& log, std::string_view kind, const std::string& body) {
  LogEntry entry;
  entry.kind = kind.substr(0, kind.find('/'));
  entry.version = kind.substr(kind.find('/') + 1);
  const Bytes bytes = as_bytes(body);
  entry.canonicalized_body.assign(bytes.begin(), bytes.end());
  log.add(entry);
  bundle.log_entries = {std::move(entry)};
}

World::World(std::string_view kind, bool envelope) {
  root.tlogs.push_back(log.trusted());
  bundle = envelope ? envelope_bundle(key, statement_about(kArtifact)) : message_bundle(key);
  log_in(bundle, log, kind, body_of(bundle, key, kind));
}

BundleVerification World::how() const {
  BundleVerification how;
  how.root = &root;
  how.key = public_of(key);
  how.artifact = ArtifactDigests{{}, as_bytes(kArtifact)};
  return how;
}

std::string problem_of(const Evidence& evidence) {
  if (const Check* failure = evidence.checks.first_failure()) return failure->name;
  if (const Check* open = evidence.checks.first(Outcome::unknown)) return open->name;
  return "";
}

}  // namespace assay::provenance::testing
