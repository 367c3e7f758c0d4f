#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "provenance/openpgp/key.h"

namespace assay::provenance::openpgp {

// What the owner of a key says about it, by signatures that hold. SHA-1 is good for
// revoking only.
struct KeyState {
  bool self_signed = false;         // a user id, the key itself or the binding of a subkey
  bool weakly_self_signed = false;  // only by hashes that are not trusted
  bool may_sign = false;            // no key flags, or the one for signing
  bool back_signed = true;          // a subkey that signs says that it belongs to its primary
  bool revoked = false;             // at the time asked for
  bool expired = false;             // at the time asked for, or not yet made
};

// `subkey` null: of the primary key. At `time`, as far as was said until `now` (both in
// seconds since 1970): a revocation for compromise or without a reason counts for all
// times, one for being superseded or retired from its own on.
KeyState key_state(const OpenPgpKey& key, const Subkey* subkey, std::int64_t time,
                   std::int64_t now);

// The user ids that the key's owner certified and did not revoke, the primary one first.
std::vector<std::string> certified_user_ids(const OpenPgpKey& key, std::int64_t now);

}  // namespace assay::provenance::openpgp
