#include "provenance/openpgp/key_state.h"

#include <algorithm>
#include <functional>

#include "provenance/openpgp/check.h"

namespace assay::provenance::openpgp {
namespace {

constexpr std::uint8_t kMaySign = 0x02;
// Reasons that say nothing about the past (RFC 9580 §5.2.3.31).
constexpr std::uint8_t kSuperseded = 1, kRetired = 3, kUserIdInvalid = 32;

using Holds = std::function<bool(const Signature&, bool allow_sha1)>;

bool is_certification(SignatureType type) {
  return type >= SignatureType::generic_certification &&
         type <= SignatureType::positive_certification;
}

bool is_current(const Signature& signature, std::int64_t now) {
  return signature.created <= now &&
         (signature.lifetime == 0 || now - signature.created < signature.lifetime);
}

bool says_nothing_of_the_past(const Signature& revocation) {
  const auto& reason = revocation.revocation_reason;
  return reason && (*reason == kSuperseded || *reason == kRetired || *reason == kUserIdInvalid);
}

bool revokes(const Signature& revocation, std::int64_t time) {
  return !says_nothing_of_the_past(revocation) || revocation.created <= time;
}

// The latest of the signatures that hold: what the owner says now.
struct Latest {
  const Signature* signature = nullptr;
  bool weak = false;

  void offer(const Signature& candidate, std::int64_t now, const Holds& holds) {
    if (!is_current(candidate, now)) return;
    if (signature && candidate.created <= signature->created) return;
    if (holds(candidate, false)) {
      signature = &candidate;
    } else if (strength_of(candidate.hash_id) != HashStrength::strong) {
      weak = true;
    }
  }
};

Latest latest_about_primary(const OpenPgpKey& key, std::int64_t now) {
  Latest latest;
  for (const Signature& signature : key.signatures) {
    if (signature.type != SignatureType::direct_key || !names_issuer(signature, key.primary)) {
      continue;
    }
    latest.offer(signature, now, [&](const Signature& s, bool sha1) {
      return verify_key(s, key.primary, key.primary, sha1);
    });
  }
  for (const UserId& user_id : key.user_ids) {
    for (const Signature& signature : user_id.signatures) {
      if (!is_certification(signature.type) || !names_issuer(signature, key.primary)) continue;
      latest.offer(signature, now, [&](const Signature& s, bool sha1) {
        return verify_user_id(s, key.primary, user_id.text, sha1);
      });
    }
  }
  return latest;
}

bool is_back_signed(const OpenPgpKey& key, const Subkey& subkey, const Signature& binding) {
  if (!binding.embedded) return false;
  const auto back = parse_signature(*binding.embedded);
  return back && back->type == SignatureType::primary_key_binding &&
         verify_binding(*back, subkey.packet, key.primary, subkey.packet);
}

// Whoever a revocation says it is from: only that it holds counts.
bool is_revoked(const std::vector<Signature>& signatures, SignatureType type, std::int64_t time,
                const Holds& holds) {
  return std::ranges::any_of(signatures, [&](const Signature& signature) {
    return signature.type == type && revokes(signature, time) && holds(signature, true);
  });
}

// A user id may be certified again after it was revoked.
bool is_withdrawn(const UserId& user_id, std::int64_t certified, const Holds& holds) {
  return std::ranges::any_of(user_id.signatures, [&](const Signature& signature) {
    return signature.type == SignatureType::certification_revocation &&
           signature.created >= certified && holds(signature, true);
  });
}

bool is_expired(const KeyPacket& key, const Signature* about, std::int64_t time) {
  if (time < key.created) return true;
  const std::int64_t lifetime = about ? about->key_lifetime.value_or(0) : 0;
  return lifetime != 0 && time - key.created >= lifetime;
}

bool may_sign(const Signature* about) {
  return about && (!about->key_flags || (*about->key_flags & kMaySign) != 0);
}

KeyState primary_state(const OpenPgpKey& key, std::int64_t time, std::int64_t now) {
  const Latest about = latest_about_primary(key, now);
  const auto over_key = [&](const Signature& s, bool sha1) {
    return verify_key(s, key.primary, key.primary, sha1);
  };
  return {.self_signed = about.signature != nullptr,
          .weakly_self_signed = !about.signature && about.weak,
          .may_sign = may_sign(about.signature),
          .back_signed = true,
          .revoked = is_revoked(key.signatures, SignatureType::key_revocation, time, over_key),
          .expired = is_expired(key.primary, about.signature, time)};
}

}  // namespace

KeyState key_state(const OpenPgpKey& key, const Subkey* subkey, std::int64_t time,
                   std::int64_t now) {
  const KeyState primary = primary_state(key, time, now);
  if (!subkey) return primary;
  const auto over_both = [&](const Signature& s, bool sha1) {
    return verify_binding(s, key.primary, key.primary, subkey->packet, sha1);
  };
  Latest about;
  for (const Signature& signature : subkey->signatures) {
    if (signature.type == SignatureType::subkey_binding && names_issuer(signature, key.primary)) {
      about.offer(signature, now, over_both);
    }
  }
  // A subkey is no better than its primary key.
  return {
      .self_signed = primary.self_signed && about.signature,
      .weakly_self_signed = primary.weakly_self_signed || (!about.signature && about.weak),
      .may_sign = may_sign(about.signature),
      .back_signed = about.signature && is_back_signed(key, *subkey, *about.signature),
      .revoked = primary.revoked ||
                 is_revoked(subkey->signatures, SignatureType::subkey_revocation, time, over_both),
      .expired = primary.expired || is_expired(subkey->packet, about.signature, time)};
}

std::vector<std::string> certified_user_ids(const OpenPgpKey& key, std::int64_t now) {
  std::vector<std::string> texts;
  for (const UserId& user_id : key.user_ids) {
    const auto over_id = [&](const Signature& s, bool sha1) {
      return verify_user_id(s, key.primary, user_id.text, sha1);
    };
    Latest about;
    for (const Signature& signature : user_id.signatures) {
      if (is_certification(signature.type) && names_issuer(signature, key.primary)) {
        about.offer(signature, now, over_id);
      }
    }
    if (!about.signature || is_withdrawn(user_id, about.signature->created, over_id)) continue;
    texts.insert(about.signature->is_primary_user_id ? texts.begin() : texts.end(), user_id.text);
  }
  return texts;
}

}  // namespace assay::provenance::openpgp
