#include "provenance/sigstore/trusted_root.h"

#include "core/text.h"
#include "provenance/sigstore/proto_json.h"

namespace assay::provenance {
namespace {

constexpr std::string_view kClass = "trustroot.parse";

bool is_root_type(std::string_view media_type) {
  return media_type == "application/vnd.dev.sigstore.trustedroot+json;version=0.1" ||
         media_type == "application/vnd.dev.sigstore.trustedroot.v0.1+json" ||
         media_type == "application/vnd.dev.sigstore.trustedroot.v0.2+json";
}

class RootReader {
 public:
  RootReader(const JsonValue& root, Checks& checks) : root_(&root, error_), checks_(checks) {}

  std::optional<TrustedRoot> read() {
    TrustedRoot root;
    root.media_type = root_.text("media_type");
    if (!is_root_type(root.media_type)) error_.set("media type is not that of a trusted root");
    root.tlogs = logs("tlogs");
    root.ctlogs = logs("ctlogs");
    root.certificate_authorities = authorities("certificate_authorities");
    root.timestamp_authorities = authorities("timestamp_authorities");
    if (error_.message.empty()) return root;
    checks_.fail(kClass, "the trusted root's " + error_.message);
    return std::nullopt;
  }

 private:
  Validity validity(const ProtoMessage& range, std::string_view owner) {
    const auto start = range.moment("start");
    if (!start) error_.set(std::string(owner) + " lack the start of their validity");
    return {start.value_or(Moment()), range.moment("end")};
  }

  std::vector<LogKey> logs(std::string_view name) {
    std::vector<LogKey> list;
    for (const ProtoMessage& in : root_.messages(name)) {
      const ProtoMessage public_key = in.message("public_key");
      const Validity valid_for = validity(public_key.message("valid_for"), name);
      const std::string base_url = in.text("base_url");
      ByteString id = in.message("log_id").bytes("key_id");
      ByteString checkpoint_id = in.message("checkpoint_key_id").bytes("key_id");
      if (id.empty() && checkpoint_id.empty()) {
        error_.set(std::string(name) + " lack the id of a log");
      }
      auto key = key_of(public_key);
      if (!key || !is_sha256(in.enumerator("hash_algorithm"))) {
        checks_.warn(kClass, "the log '" + escaped(shortened(base_url, 200)) +
                                 "' has a key that cannot be read and is left out");
        continue;
      }
      list.push_back(
          {base_url, std::move(id), std::move(*key), valid_for, std::move(checkpoint_id)});
    }
    return list;
  }

  static bool is_sha256(std::string_view algorithm) {
    return algorithm.empty() || algorithm == "SHA2_256" || algorithm == "1";
  }

  static Parsed<PublicKey> key_of(const ProtoMessage& in) {
    const std::string details = in.enumerator("key_details");
    const bool pkcs1 = details.starts_with("PKCS1_") || details == "1" || details == "2";
    return PublicKey::from_der(in.bytes("raw_bytes"), pkcs1);
  }

  std::vector<Authority> authorities(std::string_view name) {
    std::vector<Authority> list;
    for (const ProtoMessage& in : root_.messages(name)) {
      Authority authority;
      authority.uri = in.text("uri");
      authority.valid_for = validity(in.message("valid_for"), name);
      for (const ProtoMessage& link : in.message("cert_chain").messages("certificates")) {
        authority.chain.push_back(link.bytes("raw_bytes"));
        if (authority.chain.back().empty()) error_.set("chain holds an empty certificate");
      }
      if (authority.chain.empty()) error_.set("authority has an empty chain");
      list.push_back(std::move(authority));
    }
    return list;
  }

  ProtoError error_;
  ProtoMessage root_;
  Checks& checks_;
};

}  // namespace

std::optional<TrustedRoot> parse_trusted_root(Bytes document, Checks& checks) {
  const auto root = parse_json(document, kMaxTrustedRootSize);
  if (!root) {
    checks.fail(kClass, root.error().message);
    return std::nullopt;
  }
  return RootReader(*root, checks).read();
}

}  // namespace assay::provenance
