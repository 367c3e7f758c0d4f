#include "provenance/sigstore/bundle.h"

#include <array>

#include "core/text.h"
#include "provenance/sigstore/proto_json.h"

namespace assay::provenance {
namespace {

std::optional<BundleVersion> version_of(std::string_view media_type) {
  constexpr std::string_view kType = "application/vnd.dev.sigstore.bundle";
  if (!media_type.starts_with(kType)) return std::nullopt;
  const std::string_view rest = media_type.substr(kType.size());
  if (rest == "+json;version=0.1") return BundleVersion::v0_1;
  if (rest == "+json;version=0.2") return BundleVersion::v0_2;
  if (rest == "+json;version=0.3" || rest == ".v0.3+json") return BundleVersion::v0_3;
  return std::nullopt;
}

// HashAlgorithm of sigstore_common.proto by number.
std::string hash_algorithm(std::string name) {
  constexpr std::array<std::string_view, 6> kNames = {"",         "SHA2_256", "SHA2_384",
                                                      "SHA2_512", "SHA3_256", "SHA3_384"};
  if (name == "HASH_ALGORITHM_UNSPECIFIED") return {};
  if (name.size() == 1 && name[0] >= '0' && name[0] < '6') {
    return std::string(kNames[static_cast<std::size_t>(name[0] - '0')]);
  }
  return name;
}

// One pass over the document. Each part fails with its own class and the first
// failure ends the reading.
class BundleReader {
 public:
  BundleReader(const JsonValue& root, Checks& checks) : root_(&root, error_), checks_(checks) {}

  std::optional<Bundle> read() {
    const bool complete = read_version() && read_material() && read_log_entries() && read_content();
    if (complete && error_.message.empty()) return std::move(bundle_);
    if (!error_.message.empty()) checks_.fail("bundle.parse", "the bundle's " + error_.message);
    return std::nullopt;
  }

 private:
  bool refuse(std::string_view name, std::string message) {
    if (error_.message.empty()) checks_.fail(name, std::move(message));
    return false;
  }

  bool read_version() {
    const std::string media_type = root_.text("media_type");
    const auto version = version_of(media_type);
    if (!version) {
      return refuse("bundle.version", "the media type '" + escaped(shortened(media_type, 100)) +
                                          "' is not that of a bundle 0.1 to 0.3");
    }
    bundle_.version = *version;
    return true;
  }

  bool read_material() {
    const ProtoMessage material = root_.message("verification_material");
    const ProtoMessage key = material.message("public_key");
    const ProtoMessage chain = material.message("x509_certificate_chain");
    const ProtoMessage certificate = material.message("certificate");
    if (key.present() + chain.present() + certificate.present() != 1) {
      return refuse("bundle.material",
                    "the bundle holds not exactly one of a key, a chain and a certificate");
    }
    if (key.present()) {
      read_public_key(key);
      return true;
    }
    bundle_.material.kind =
        chain.present() ? MaterialKind::certificate_chain : MaterialKind::certificate;
    if (certificate.present()) add_certificate(certificate);
    for (const ProtoMessage& link : chain.messages("certificates")) add_certificate(link);
    if (bundle_.material.certificates.empty() || bundle_.material.certificates[0].empty()) {
      return refuse("bundle.material", "the bundle holds an empty certificate or chain");
    }
    return true;
  }

  void read_public_key(const ProtoMessage& key) {
    bundle_.material.kind = MaterialKind::public_key;
    bundle_.material.hint = key.text("hint");
    bundle_.material.raw_bytes = key.bytes("raw_bytes");
    bundle_.material.key_details = key.enumerator("key_details");
  }

  void add_certificate(const ProtoMessage& certificate) {
    bundle_.material.certificates.push_back(certificate.bytes("raw_bytes"));
  }

  bool read_log_entries() {
    const ProtoMessage material = root_.message("verification_material");
    for (const ProtoMessage& stamp :
         material.message("timestamp_verification_data").messages("rfc3161_timestamps")) {
      bundle_.timestamps.push_back(stamp.bytes("signed_timestamp"));
    }
    const auto entries = material.messages("tlog_entries");
    if (entries.size() > 1) {
      return refuse("bundle.tlog", "the bundle holds more than one log entry");
    }
    for (const ProtoMessage& entry : entries) bundle_.log_entries.push_back(log_entry(entry));
    if (!entries.empty() && bundle_.log_entries[0].canonicalized_body.empty()) {
      return refuse("bundle.tlog", "the log entry has no body");
    }
    return true;
  }

  LogEntry log_entry(const ProtoMessage& in) {
    LogEntry entry;
    entry.log_index = in.number("log_index");
    entry.log_id = in.message("log_id").bytes("key_id");
    entry.kind = in.message("kind_version").text("kind");
    entry.version = in.message("kind_version").text("version");
    entry.integrated_time = in.number("integrated_time");
    entry.signed_entry_timestamp = in.message("inclusion_promise").bytes("signed_entry_timestamp");
    entry.canonicalized_body = in.bytes("canonicalized_body");
    const ProtoMessage proof = in.message("inclusion_proof");
    if (proof.present()) entry.inclusion_proof = inclusion_proof(proof);
    return entry;
  }

  InclusionProof inclusion_proof(const ProtoMessage& in) {
    InclusionProof proof;
    proof.log_index = in.number("log_index");
    proof.tree_size = in.number("tree_size");
    proof.root_hash = in.bytes("root_hash");
    proof.hashes = in.bytes_list("hashes");
    if (proof.hashes.size() > kMaxProofHashes) error_.set("inclusion proof is too long");
    proof.checkpoint = in.message("checkpoint").text("envelope");
    return proof;
  }

  bool read_content() {
    const ProtoMessage message = root_.message("message_signature");
    const ProtoMessage envelope = root_.message("dsse_envelope");
    if (message.present() == envelope.present()) {
      return refuse("bundle.parse",
                    "the bundle holds not exactly one of a message signature and an envelope");
    }
    return message.present() ? read_message(message) : read_envelope(envelope);
  }

  bool read_message(const ProtoMessage& in) {
    MessageSignature& message = bundle_.message_signature.emplace();
    const ProtoMessage digest = in.message("message_digest");
    message.digest_algorithm = hash_algorithm(digest.enumerator("algorithm"));
    message.digest = digest.bytes("digest");
    message.signature = in.bytes("signature");
    if (!message.signature.empty()) return true;
    return refuse("bundle.parse", "the bundle's signature is empty");
  }

  bool read_envelope(const ProtoMessage& in) {
    DsseEnvelope& envelope = bundle_.envelope.emplace();
    envelope.payload_type = in.text("payload_type");
    envelope.payload = in.bytes("payload");
    for (const ProtoMessage& signature : in.messages("signatures")) {
      envelope.signatures.push_back({signature.bytes("sig"), signature.text("keyid")});
    }
    if (envelope.signatures.size() == 1 && !envelope.signatures[0].sig.empty()) return true;
    return refuse("dsse.signatures", "the envelope holds not exactly one signature");
  }

  ProtoError error_;
  ProtoMessage root_;
  Checks& checks_;
  Bundle bundle_;
};

}  // namespace

std::string_view to_string(BundleVersion version) {
  switch (version) {
    case BundleVersion::v0_1:
      return "0.1";
    case BundleVersion::v0_2:
      return "0.2";
    case BundleVersion::v0_3:
      break;
  }
  return "0.3";
}

const ByteString& Bundle::signature() const {
  return message_signature ? message_signature->signature : envelope->signatures.front().sig;
}

std::optional<Bundle> parse_bundle(Bytes document, Checks& checks) {
  const auto root = parse_json(document, kMaxBundleSize);
  if (!root) {
    checks.fail("bundle.parse", root.error().message);
    return std::nullopt;
  }
  return parse_bundle(*root, checks);
}

std::optional<Bundle> parse_bundle(const JsonValue& root, Checks& checks) {
  return BundleReader(root, checks).read();
}

}  // namespace assay::provenance
