#pragma once

#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/error.h"
#include "provenance/openpgp/key_packet.h"
#include "provenance/openpgp/signature.h"

namespace assay::provenance::openpgp {

struct UserId {
  std::string text;  // "Name <mail>", unescaped
  std::vector<Signature> signatures;
};

struct Subkey {
  KeyPacket packet;
  std::vector<Signature> signatures;
};

// A transferable public key (RFC 9580 §10.1) as it was written: nothing of it is checked.
struct OpenPgpKey {
  KeyPacket primary;
  std::vector<Signature> signatures;  // over the primary key alone
  std::vector<UserId> user_ids;
  std::vector<Subkey> subkeys;
};

// The keys of a file: armoured blocks with text around them, or bare packets. Keys of
// other versions, user attributes and signatures that are not read are stepped over.
// `malformed`: no packets, a secret key, no key at all.
Parsed<std::vector<OpenPgpKey>> parse_keys(Bytes file);

}  // namespace assay::provenance::openpgp
