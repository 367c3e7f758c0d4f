#include "provenance/crypto/test_reference.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace assay::provenance::testing {
namespace {

const JsonArray& array_in(const JsonValue* value, std::string_view name) {
  static const JsonArray kNone;
  const JsonValue* found = value == nullptr ? nullptr : value->find(name);
  return found == nullptr || found->array() == nullptr ? kNone : *found->array();
}

std::string text_in(const JsonValue* value, std::string_view name) {
  const JsonValue* found = value == nullptr ? nullptr : value->find(name);
  return found == nullptr || found->text() == nullptr ? "" : *found->text();
}

ByteString bytes_in(const JsonValue* value, std::string_view name) {
  return from_base64(text_in(value, name)).value_or(ByteString());
}

Moment moment(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  std::sscanf(text.c_str(), "%d-%d-%dT%d:%d:%d", &year, &month, &day, &hour, &minute, &second);
  using namespace std::chrono;
  const sys_days date = std::chrono::year(year) / month / day;
  const std::int64_t days = date.time_since_epoch().count();
  Moment found{days * 86400 + hour * 3600 + minute * 60 + second, 0};
  if (text.size() > 20 && text[19] == '.') {
    std::string digits = text.substr(20, text.find('Z') - 20);
    digits.resize(9, '0');
    found.nanoseconds = std::stoi(digits);
  }
  return found;
}

Validity validity(const JsonValue* value) {
  Validity found;
  if (value == nullptr) return found;
  found.start = moment(text_in(value, "start"));
  if (value->find("end") != nullptr) found.end = moment(text_in(value, "end"));
  return found;
}

Authority authority(const JsonValue& json) {
  Authority found{.uri = text_in(&json, "uri"), .chain = {}, .valid_for = {}};
  found.valid_for = validity(json.find("validFor"));
  for (const JsonValue& certificate : array_in(json.find("certChain"), "certificates")) {
    found.chain.push_back(bytes_in(&certificate, "rawBytes"));
  }
  return found;
}

std::vector<Authority> authorities(const JsonValue& root, std::string_view name) {
  std::vector<Authority> found;
  for (const JsonValue& one : array_in(&root, name)) found.push_back(authority(one));
  return found;
}

}  // namespace

std::string shared_path(const std::string& name) {
  return std::string(ASSAY_SOURCE_DIR) + "/../shared/provenance/" + name;
}

bool has_shared_material() { return std::filesystem::exists(shared_path("conformance")); }

std::string read_shared(const std::string& name) {
  std::ifstream in(shared_path(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Root trusted_root(const std::string& name) {
  const JsonValue json = parse_json(as_bytes(read_shared(name))).value();
  Root root{.authorities = authorities(json, "certificateAuthorities"),
            .timestamp_authorities = authorities(json, "timestampAuthorities"),
            .ct_logs = {}};
  // A file may be one timestamp authority alone.
  if (json.find("certChain") != nullptr) root.timestamp_authorities.push_back(authority(json));
  for (const JsonValue& log : array_in(&json, "ctlogs")) {
    const JsonValue* key = log.find("publicKey");
    root.ct_logs.push_back({.base_url = text_in(&log, "baseUrl"),
                            .id = bytes_in(log.find("logId"), "keyId"),
                            .key = PublicKey::from_der(bytes_in(key, "rawBytes"), true).value(),
                            .valid_for = validity(key->find("validFor"))});
  }
  return root;
}

ReferenceBundle bundle_of(const std::string& name) {
  const JsonValue json = parse_json(as_bytes(read_shared(name))).value();
  const JsonValue* material = json.find("verificationMaterial");
  ReferenceBundle bundle;
  const auto add = [&](const JsonValue& certificate) {
    bundle.certificates.push_back(
        Certificate::from_der(bytes_in(&certificate, "rawBytes")).value());
  };
  if (const JsonValue* leaf = material->find("certificate")) add(*leaf);
  for (const JsonValue& one : array_in(material->find("x509CertificateChain"), "certificates")) {
    add(one);
  }
  for (const JsonValue& token :
       array_in(material->find("timestampVerificationData"), "rfc3161Timestamps")) {
    bundle.timestamps.push_back(bytes_in(&token, "signedTimestamp"));
  }
  if (const JsonValue* message = json.find("messageSignature")) {
    bundle.signature = bytes_in(message, "signature");
  } else {
    bundle.signature = bytes_in(&array_in(json.find("dsseEnvelope"), "signatures").front(), "sig");
  }
  for (const JsonValue& entry : array_in(material, "tlogEntries")) {
    if (const JsonValue* time = entry.find("integratedTime")) {
      bundle.integrated_time =
          time->text() != nullptr ? std::stoll(*time->text()) : time->integer().value_or(0);
    }
  }
  return bundle;
}

}  // namespace assay::provenance::testing
