#include "provenance/oci/cosign.h"

#include <algorithm>

#include "core/text.h"
#include "provenance/crypto/certificate.h"
#include "provenance/intoto/document.h"
#include "provenance/json.h"
#include "provenance/sigstore/proto_json.h"

namespace assay::provenance::oci {
namespace {

constexpr std::string_view kParse = "cosign.parse";
constexpr std::string_view kSignature = "dev.cosignproject.cosign/signature";
constexpr std::string_view kCertificate = "dev.sigstore.cosign/certificate";
constexpr std::string_view kChain = "dev.sigstore.cosign/chain";
constexpr std::string_view kBundle = "dev.sigstore.cosign/bundle";
constexpr std::string_view kTimestamp = "dev.sigstore.cosign/rfc3161timestamp";

const JsonValue kNothing;

bool is_anchor(const TrustedRoot* root, const ByteString& der) {
  return root && std::ranges::any_of(root->certificate_authorities, [&](const Authority& one) {
           return !one.chain.empty() && one.chain.back() == der;
         });
}

class AnnotationReader {
 public:
  AnnotationReader(const Descriptor& layer, Checks& checks) : layer_(layer), checks_(checks) {}

  bool read_material(const TrustedRoot* root, VerificationMaterial& material) {
    material.kind = MaterialKind::public_key;
    const std::string* leaf = text(kCertificate);
    if (!leaf) return true;
    material.kind = MaterialKind::certificate_chain;
    if (!read_certificates(*leaf, nullptr, material) || material.certificates.size() != 1) {
      return refuse("the certificate does not parse, or is not one");
    }
    const std::string* chain = text(kChain);
    return !chain || read_certificates(*chain, root, material) ||
           refuse("the chain of certificates does not parse");
  }

  // What Rekor answered: {"SignedEntryTimestamp", "Payload": {"body", "logID", ...}}.
  bool read_entry(std::vector<LogEntry>& entries) {
    const std::string* json = text(kBundle);
    if (!json) return true;
    const auto root = parse_json(as_bytes(*json), kMaxBundleSize);
    ProtoError error;
    const ProtoMessage in(root ? &*root : &kNothing, error);
    const ProtoMessage payload = in.message("Payload");
    LogEntry entry;
    entry.signed_entry_timestamp = in.bytes("SignedEntryTimestamp");
    entry.canonicalized_body = payload.bytes("body");
    entry.integrated_time = payload.number("integratedTime");
    entry.log_index = payload.number("logIndex");
    const auto id = from_hex(payload.text("logID"));
    if (!root || !error.message.empty() || !id || entry.canonicalized_body.empty()) {
      return refuse("the log's answer does not parse");
    }
    entry.log_id = *id;
    name_kind(entry);
    entries.push_back(std::move(entry));
    return true;
  }

  bool read_timestamp(std::vector<ByteString>& timestamps) {
    const std::string* json = text(kTimestamp);
    if (!json) return true;
    const auto root = parse_json(as_bytes(*json), kMaxBundleSize);
    const JsonValue* stamp = root ? root->find("SignedRFC3161Timestamp") : nullptr;
    auto der = stamp && stamp->text() ? from_base64(*stamp->text()) : std::nullopt;
    if (!der) return refuse("the timestamp does not parse");
    timestamps.push_back(std::move(*der));
    return true;
  }

  bool read_signature(ByteString& signature) {
    const std::string* base64 = text(kSignature);
    auto bytes = base64 ? from_base64(*base64) : std::nullopt;
    if (!bytes || bytes->empty()) return refuse("there is no signature in base64");
    signature = std::move(*bytes);
    return true;
  }

  bool refuse(std::string message) {
    checks_.fail(kParse, std::move(message));
    return false;
  }

 private:
  // An annotation that is empty counts as none: tools write them so.
  const std::string* text(std::string_view name) const {
    const std::string* found = layer_.annotation(name);
    return found && !found->empty() ? found : nullptr;
  }

  static bool read_certificates(std::string_view pem, const TrustedRoot* root,
                                VerificationMaterial& material) {
    const auto certificates = Certificate::from_pem(as_bytes(pem));
    if (!certificates) return false;
    for (const Certificate& certificate : *certificates) {
      if (!is_anchor(root, certificate.der())) material.certificates.push_back(certificate.der());
    }
    return true;
  }

  // Only the body says what it is; a bundle would say so twice.
  static void name_kind(LogEntry& entry) {
    const auto body = parse_json(entry.canonicalized_body, kMaxBundleSize);
    if (!body) return;
    const JsonValue* kind = body->find("kind");
    const JsonValue* version = body->find("apiVersion");
    if (kind && kind->text()) entry.kind = *kind->text();
    if (version && version->text()) entry.version = *version->text();
  }

  const Descriptor& layer_;
  Checks& checks_;
};

const std::string* text_at(const JsonValue& root, std::initializer_list<std::string_view> path) {
  const JsonValue* value = &root;
  for (const std::string_view name : path) {
    if (value) value = value->find(name);
  }
  return value ? value->text() : nullptr;
}

}  // namespace

std::optional<Bundle> bundle_of(const Descriptor& layer, Bytes payload, const TrustedRoot* root,
                                Checks& checks) {
  Bundle bundle;
  bundle.version = BundleVersion::v0_1;
  AnnotationReader in(layer, checks);
  const bool read = in.read_material(root, bundle.material) && in.read_entry(bundle.log_entries) &&
                    in.read_timestamp(bundle.timestamps);
  if (!read) return std::nullopt;
  if (layer.media_type == kSimpleSigning) {
    if (!in.read_signature(bundle.message_signature.emplace().signature)) return std::nullopt;
    return bundle;
  }
  const auto json = parse_json(payload, kMaxBundleSize);
  if (!json) {
    in.refuse("the envelope: " + json.error().message);
    return std::nullopt;
  }
  bundle.envelope = intoto::parse_envelope(*json, checks);
  if (!bundle.envelope) return std::nullopt;
  if (bundle.envelope->signatures.size() == 1) return bundle;
  checks.fail("dsse.signatures", "the envelope holds not exactly one signature");
  return std::nullopt;
}

std::optional<std::string> signed_digest(Bytes payload, Checks& checks) {
  constexpr std::string_view kClass = "cosign.payload";
  const auto root = parse_json(payload, kMaxDocumentSize);
  if (!root) {
    checks.fail(kClass, root.error().message);
    return std::nullopt;
  }
  const std::string* type = text_at(*root, {"critical", "type"});
  const std::string* digest = text_at(*root, {"critical", "image", "docker-manifest-digest"});
  const bool known = type && (*type == "cosign container image signature" ||
                              *type == "https://sigstore.dev/cosign/sign/v1");
  if (!known || !digest) {
    checks.fail(kClass, "the payload is not what cosign signs");
    return std::nullopt;
  }
  checks.pass(kClass);
  return *digest;
}

}  // namespace assay::provenance::oci
