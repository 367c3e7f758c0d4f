#include "provenance/git/verify_openpgp.h"

#include <algorithm>
#include <array>

#include "core/text.h"
#include "provenance/openpgp/armor.h"
#include "provenance/openpgp/check.h"
#include "provenance/openpgp/key_state.h"
#include "provenance/openpgp/packet.h"

namespace assay::provenance::git {
namespace {

using openpgp::HashStrength;
using openpgp::KeyPacket;
using openpgp::OpenPgpKey;
using openpgp::Signature;
using openpgp::Subkey;

// A key that the signature may be from; `subkey` null: the primary one.
struct Candidate {
  const OpenPgpKey* key;
  const Subkey* subkey;
  const KeyPacket& packet() const { return subkey ? subkey->packet : key->primary; }
};

Parsed<Signature> parse(std::string_view text) {
  const auto bytes = openpgp::take_armor(text, "PGP SIGNATURE");
  if (!bytes) return std::unexpected(bytes.error());
  if (text.find_first_not_of("\n") != std::string_view::npos) {
    return fail(ParseErrc::malformed, 0, "text behind the signature");
  }
  const auto packets = openpgp::split_packets(*bytes);
  if (!packets) return std::unexpected(packets.error());
  // Of several, different readers take different ones.
  if (packets->size() != 1 || packets->front().tag != openpgp::Tag::signature) {
    return fail(ParseErrc::malformed, 0, "not exactly one signature");
  }
  return openpgp::parse_signature(packets->front().body);
}

// Whether there is a signature over a document in it; what of it stands alone is judged.
bool check_form(const Signature& signature, std::int64_t now, Checks& checks) {
  if (signature.type != openpgp::SignatureType::binary) {
    const std::string type = hex(std::array{static_cast<std::byte>(signature.type)});
    checks.fail("openpgp.parse", "a signature of type " + type + ", not over a binary document");
    return false;
  }
  checks.pass("openpgp.parse");
  const HashStrength strength = openpgp::strength_of(signature.hash_id);
  if (strength == HashStrength::weak) {
    checks.fail("openpgp.weak", "collisions are made for the hash that is signed");
  } else if (strength == HashStrength::unknown) {
    checks.cannot("openpgp.unsupported", "hash " + std::to_string(signature.hash_id));
  } else {
    checks.pass("openpgp.weak");
  }
  if (!signature.plain_unhashed) {
    checks.warn("openpgp.unhashed", "the signature holds words that it does not cover");
  }
  if (signature.created > now) checks.fail("git.time", "signed in the future");
  if (signature.lifetime != 0 && signature.created <= now &&
      now - signature.created >= signature.lifetime) {
    checks.fail("git.signature.expired", "the signature was to hold for a time that is over");
  }
  return true;
}

std::vector<Candidate> find_keys(const Signature& signature, const std::vector<OpenPgpKey>& keys) {
  std::vector<Candidate> found;
  for (const OpenPgpKey& key : keys) {
    if (openpgp::names_issuer(signature, key.primary)) found.push_back({&key, nullptr});
    for (const Subkey& subkey : key.subkeys) {
      if (openpgp::names_issuer(signature, subkey.packet)) found.push_back({&key, &subkey});
    }
  }
  return found;
}

// The candidate whose signature it is. Key ids are short: several keys may share one.
const Candidate* check_signature(const Commit& commit, const Signature& signature,
                                 const std::vector<Candidate>& candidates, Checks& checks) {
  const auto made = std::ranges::find_if(candidates, [&](const Candidate& candidate) {
    return openpgp::verify_document(signature, candidate.packet(), commit.payload, true);
  });
  if (made != candidates.end()) {
    checks.pass("git.signature");
    return &*made;
  }
  const bool can_check = std::ranges::all_of(
      candidates, [](const Candidate& candidate) { return candidate.packet().key.has_value(); });
  if (!can_check) {
    checks.cannot("openpgp.unsupported", "the key is of a kind that is not checked");
  } else if (openpgp::strength_of(signature.hash_id) == HashStrength::strong) {
    checks.fail("git.signature", "the signature is not over this commit");
  }
  return nullptr;
}

void check_key(const openpgp::KeyState& state, bool is_subkey, Checks& checks) {
  if (!state.self_signed) {
    checks.cannot("openpgp.self-signature", state.weakly_self_signed
                                                ? "the key's self-signatures are by weak hashes"
                                                : "the key has no self-signature that holds");
  } else if (!state.may_sign) {
    checks.fail("openpgp.key-flags", "the key is not for signing");
  } else if (is_subkey && !state.back_signed) {
    checks.fail("openpgp.binding", "the subkey does not say that it belongs to its primary key");
  }
  if (state.revoked) {
    checks.fail("git.key.revoked", "the key was revoked");
  } else {
    checks.pass("git.key.revoked");
  }
  if (state.expired) {
    checks.fail("git.key.expired", "the key was not valid when the commit was signed");
  } else {
    checks.pass("git.key.expired");
  }
}

// "me@example.org" for "Me <me@example.org>", and for itself.
std::string_view mail_of(std::string_view user_id) {
  const auto open = user_id.rfind('<');
  if (open == std::string_view::npos || !user_id.ends_with('>')) return user_id;
  return user_id.substr(open + 1, user_id.size() - open - 2);
}

bool is_principal(std::string_view principal, const Candidate& made,
                  const std::vector<std::string>& user_ids) {
  const std::string lower = to_lower(principal);
  return lower == made.key->primary.fingerprint || lower == made.packet().fingerprint ||
         std::ranges::any_of(user_ids, [&](const std::string& user_id) {
           return principal == user_id || principal == mail_of(user_id);
         });
}

void check_principal(const std::optional<std::string>& principal, const Candidate& made,
                     const std::vector<std::string>& user_ids, Checks& checks) {
  if (!principal) return;
  if (is_principal(*principal, made, user_ids)) {
    checks.pass("git.principal");
  } else {
    checks.fail("git.principal",
                "the key is not that of '" + escaped(shortened(*principal, 200)) + "'");
  }
}

Signer signer_of(const Candidate& made, const std::vector<std::string>& user_ids) {
  Signer signer;
  if (!user_ids.empty()) signer.identity = user_ids.front();
  signer.fingerprint = made.packet().key->fingerprint();
  signer.claims.emplace_back("openpgp_fingerprint", made.key->primary.fingerprint);
  if (made.subkey) signer.claims.emplace_back("openpgp_subkey", made.packet().fingerprint);
  for (const std::string& user_id : user_ids) signer.claims.emplace_back("user_id", user_id);
  return signer;
}

void check_signer(const Commit& commit, const Signature& signature,
                  const std::vector<Candidate>& candidates,
                  const std::optional<std::string>& principal, std::int64_t now,
                  Evidence& evidence) {
  const Candidate* made = check_signature(commit, signature, candidates, evidence.checks);
  // Keys, times and names are judged for the one that was named, even when it did not sign.
  const Candidate& meant = made ? *made : candidates.front();
  const auto state = openpgp::key_state(*meant.key, meant.subkey, signature.created, now);
  check_key(state, meant.subkey != nullptr, evidence.checks);
  const auto user_ids = openpgp::certified_user_ids(*meant.key, now);
  check_principal(principal, meant, user_ids, evidence.checks);
  if (!made) return;
  evidence.signer = signer_of(meant, user_ids);
  evidence.signer_checked = true;
}

void describe(const Signature& signature, Evidence& evidence) {
  evidence.properties.emplace_back("signature_time", std::to_string(signature.created));
  for (const std::string& hint : signature.issuer_hints) {
    evidence.properties.emplace_back("issuer", hint);
  }
}

}  // namespace

void verify_openpgp(const Commit& commit, const std::vector<OpenPgpKey>& keys,
                    const std::optional<std::string>& principal, std::int64_t now,
                    Evidence& evidence) {
  evidence.method = "openpgp";
  const auto signature = parse(*commit.signature);
  if (!signature) {
    if (signature.error().code == ParseErrc::unsupported) {
      evidence.checks.cannot("openpgp.unsupported", signature.error().message);
    } else {
      evidence.checks.fail("openpgp.parse", signature.error().message);
    }
    return;
  }
  if (!check_form(*signature, now, evidence.checks)) return;
  describe(*signature, evidence);
  const auto candidates = find_keys(*signature, keys);
  if (candidates.empty()) {
    evidence.checks.cannot("git.key.unknown", "the key is none of those given");
    return;
  }
  evidence.checks.pass("git.key.unknown");
  check_signer(commit, *signature, candidates, principal, now, evidence);
}

}  // namespace assay::provenance::git
