#include "provenance/dsse.h"

#include <string>

namespace assay::provenance {

ByteString pre_authentication_encoding(std::string_view payload_type, Bytes payload) {
  std::string front = "DSSEv1 ";
  front += std::to_string(payload_type.size()) + ' ';
  front += payload_type;
  front += ' ' + std::to_string(payload.size()) + ' ';
  const Bytes bytes = as_bytes(front);
  ByteString encoding(bytes.begin(), bytes.end());
  encoding.insert(encoding.end(), payload.begin(), payload.end());
  return encoding;
}

}  // namespace assay::provenance
