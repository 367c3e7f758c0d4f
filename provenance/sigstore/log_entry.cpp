#include "provenance/sigstore/log_entry.h"

#include <string>
#include <string_view>

#include "core/text.h"
#include "provenance/dsse.h"
#include "provenance/sigstore/proto_json.h"

namespace assay::provenance {
namespace {

constexpr std::string_view kMismatch = "tlog.entry-mismatch";
constexpr std::size_t kMaxBodySize = 16U << 20;

// The DER in the first certificate block of a PEM text.
ByteString certificate_of_pem(std::string_view pem) {
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
  const auto begin = pem.find(kBegin);
  if (begin == std::string_view::npos) return {};
  const auto end = pem.find(kEnd, begin);
  if (end == std::string_view::npos) return {};
  const auto from = begin + kBegin.size();
  return from_base64(pem.substr(from, end - from)).value_or(ByteString());
}

class BodyReader {
 public:
  BodyReader(const LogEntry& entry, const JsonValue& root) : entry_(entry), root_(&root, error_) {}

  Parsed<LoggedSignature> read() {
    const std::string kind = root_.text("kind");
    const std::string version = root_.text("api_version");
    if (kind != entry_.kind || version != entry_.version) {
      return fail(ParseErrc::unsupported, 0, "the body is not of the kind that the entry names");
    }
    if (!read_kind(kind + '/' + version)) {
      return fail(ParseErrc::unsupported, 0,
                  "entries of the kind '" + escaped(shortened(kind + '/' + version, 80)) +
                      "' are not read");
    }
    if (logged_.signature.empty()) error_.set("signature is missing, or not the only one");
    if (logged_.certificate.empty() && !logged_.key) error_.set("certificate or key is missing");
    if (error_.message.empty()) return std::move(logged_);
    return fail(ParseErrc::malformed, 0, "the log entry's " + error_.message);
  }

 private:
  bool read_kind(std::string_view kind) {
    const ProtoMessage spec = root_.message("spec");
    if (kind == "hashedrekord/0.0.1") {
      read_hashedrekord(spec);
    } else if (kind == "dsse/0.0.1") {
      read_dsse(spec);
    } else if (kind == "intoto/0.0.2") {
      read_intoto(spec.message("content"));
    } else if (kind == "hashedrekord/0.0.2") {
      read_hashedrekord_v2(spec.message("hashed_rekord_v002"));
    } else if (kind == "dsse/0.0.2") {
      read_dsse_v2(spec.message("dsse_v002"));
    } else {
      return false;
    }
    return true;
  }

  void read_hashedrekord(const ProtoMessage& in) {
    read_hex_digest(in.message("data").message("hash"));
    const ProtoMessage signature = in.message("signature");
    logged_.signature = signature.bytes("content");
    read_pem(signature.message("public_key").bytes("content"));
  }

  void read_dsse(const ProtoMessage& in) {
    read_hex_digest(in.message("payload_hash"));
    logged_.digest_of_payload = true;
    const auto signatures = in.messages("signatures");
    if (signatures.size() != 1) return;
    logged_.signature = signatures[0].bytes("signature");
    read_pem(signatures[0].bytes("verifier"));
  }

  void read_intoto(const ProtoMessage& in) {
    read_hex_digest(in.message("payload_hash"));
    logged_.digest_of_payload = true;
    const auto signatures = in.message("envelope").messages("signatures");
    if (signatures.size() != 1) return;
    // Base64 of the text that stands in the envelope, which is base64 itself. Some
    // signers handed in the bytes.
    ByteString sig = signatures[0].bytes("sig");
    auto twice = from_base64(as_text(sig));
    logged_.signature = twice ? std::move(*twice) : std::move(sig);
    read_pem(signatures[0].bytes("public_key"));
  }

  void read_hashedrekord_v2(const ProtoMessage& in) {
    read_digest(in.message("data"));
    read_signature_v2(in.message("signature"));
  }

  void read_dsse_v2(const ProtoMessage& in) {
    read_digest(in.message("payload_hash"));
    logged_.digest_of_payload = true;
    const auto signatures = in.messages("signatures");
    if (signatures.size() == 1) read_signature_v2(signatures[0]);
  }

  void read_hex_digest(const ProtoMessage& in) {
    set_digest(in.text("algorithm"), from_hex(in.text("value")).value_or(ByteString()));
  }
  void read_digest(const ProtoMessage& in) {
    const std::string algorithm = in.enumerator("algorithm");
    set_digest(algorithm, in.bytes("digest"));
  }
  void set_digest(std::string_view algorithm, ByteString digest) {
    const auto hash = sha2_of(algorithm);
    if (!hash || digest.empty()) error_.set("digest is missing or of an unknown kind");
    logged_.hash = hash.value_or(HashKind::sha256);
    logged_.digest = std::move(digest);
  }

  void read_pem(const ByteString& pem) {
    logged_.certificate = certificate_of_pem(as_text(pem));
    if (!logged_.certificate.empty()) return;
    if (auto key = PublicKey::from_pem(pem)) logged_.key = std::move(*key);
  }

  void read_signature_v2(const ProtoMessage& in) {
    logged_.signature = in.bytes("content");
    const ProtoMessage verifier = in.message("verifier");
    const ProtoMessage key = verifier.message("public_key");
    const ProtoMessage certificate = verifier.message("x509_certificate");
    if (key.present() && certificate.present()) error_.set("verifier is both key and certificate");
    logged_.certificate = certificate.bytes("raw_bytes");
    if (!key.present()) return;
    if (auto parsed = PublicKey::from_der(key.bytes("raw_bytes"))) logged_.key = std::move(*parsed);
  }

  const LogEntry& entry_;
  ProtoError error_;
  ProtoMessage root_;
  LoggedSignature logged_;
};

// The digest that the log should have; nothing when the artifact is not known.
std::optional<ByteString> expected_digest(const Bundle& bundle, const LoggedSignature& logged,
                                          const ArtifactDigests* artifact) {
  if (const auto& envelope = bundle.envelope) {
    if (logged.digest_of_payload) return digest_of(logged.hash, envelope->payload);
    return digest_of(logged.hash,
                     pre_authentication_encoding(envelope->payload_type, envelope->payload));
  }
  if (artifact) return artifact->digest(logged.hash);
  const MessageSignature& message = *bundle.message_signature;
  if (sha2_of(message.digest_algorithm) == logged.hash) return message.digest;
  return std::nullopt;
}

bool is_same_signer(const Bundle& bundle, const LoggedSignature& logged, const PublicKey* key) {
  const VerificationMaterial& material = bundle.material;
  if (material.kind != MaterialKind::public_key) {
    return !material.certificates.empty() && logged.certificate == material.certificates[0];
  }
  return !key || logged.key == *key;
}

}  // namespace

Parsed<LoggedSignature> parse_entry_body(const LogEntry& entry) {
  const auto root = parse_json(entry.canonicalized_body, kMaxBodySize);
  if (!root) return std::unexpected(root.error());
  return BodyReader(entry, *root).read();
}

bool is_rekor_v2(const LogEntry& entry) {
  return entry.version == "0.0.2" && entry.kind != "intoto";
}

void check_log_entry(const Bundle& bundle, const LogEntry& entry, const PublicKey* key,
                     const ArtifactDigests* artifact, Checks& checks) {
  const auto logged = parse_entry_body(entry);
  if (!logged) {
    const bool kind = logged.error().code == ParseErrc::unsupported;
    return checks.fail(kind ? "tlog.kind" : kMismatch, logged.error().message);
  }
  if (logged->digest_of_payload && !bundle.envelope) {
    return checks.fail("tlog.kind", "the log entry is of an envelope, the bundle signs a message");
  }
  bool same = true;
  const auto mismatch = [&](const char* message) {
    checks.fail(kMismatch, message);
    same = false;
  };
  const auto expected = expected_digest(bundle, *logged, artifact);
  if (expected && *expected != logged->digest) {
    mismatch("the log entry is of another message than the bundle");
  }
  if (logged->signature != bundle.signature()) {
    mismatch("the log entry holds another signature than the bundle");
  }
  if (!is_same_signer(bundle, *logged, key)) {
    mismatch("the log entry holds another certificate or key than the bundle");
  }
  if (!same) return;
  if (expected) return checks.pass(kMismatch);
  checks.cannot(kMismatch, "the log entry's digest is " + std::string(to_string(logged->hash)) +
                               ", which is not known of the artifact");
}

}  // namespace assay::provenance
