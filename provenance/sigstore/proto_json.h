#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provenance/base64.h"
#include "provenance/crypto/trust.h"
#include "provenance/json.h"

// Messages in the JSON mapping of Protocol Buffers ("ProtoJSON"), as Sigstore's
// bundles and trusted roots are written.
namespace assay::provenance {

// The first thing wrong in a document, empty while all is well.
struct ProtoError {
  std::string message;
  void set(std::string text) {
    if (message.empty()) message = std::move(text);
  }
};

// A view of one message. Fields are asked for by their name in the .proto file and
// found under it or its lowerCamelCase; both in one object are refused. An absent
// field, and `null`, read as the type's default; unknown fields are ignored. What
// does not fit its type reads as the default and sets the error.
class ProtoMessage {
 public:
  // `value` null: the message is absent. Both must outlive the view.
  ProtoMessage(const JsonValue* value, ProtoError& error);

  bool present() const { return value_ != nullptr; }
  bool has(std::string_view name) const { return field(name) != nullptr; }

  ProtoMessage message(std::string_view name) const;
  std::vector<ProtoMessage> messages(std::string_view name) const;
  std::string text(std::string_view name) const;
  // Base64 of either alphabet, padded or not.
  ByteString bytes(std::string_view name) const;
  std::vector<ByteString> bytes_list(std::string_view name) const;
  // A 64-bit integer as number or text; negative ones are refused.
  std::int64_t number(std::string_view name) const;
  // An enumerator by its name; a number as decimal text, for the caller to map.
  std::string enumerator(std::string_view name) const;
  // google.protobuf.Timestamp: RFC 3339 with 0 to 9 decimals.
  std::optional<Moment> moment(std::string_view name) const;

 private:
  const JsonValue* field(std::string_view name) const;
  void wrong(std::string_view name, std::string_view expected) const;

  const JsonValue* value_;
  ProtoError* error_;
};

// "2021-03-07T03:20:29.5Z" and with "+01:00" for the Z (RFC 3339 §5.6).
std::optional<Moment> parse_rfc3339(std::string_view text);

}  // namespace assay::provenance
