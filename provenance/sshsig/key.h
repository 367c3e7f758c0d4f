#pragma once

#include <string>

#include "core/bytes.h"
#include "core/error.h"
#include "provenance/base64.h"
#include "provenance/crypto/public_key.h"

namespace assay::provenance::sshsig {

// A public key as OpenSSH writes it (RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4).
struct SshKey {
  std::string type;  // "ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa" ...
  PublicKey key;
  std::size_t modulus_size = 0;  // of RSA, in bytes
};

// `unsupported`: DSA, certificates and keys on security tokens (sk-...); RSA below
// 2,048 bits. `malformed`: no key, bytes behind it.
Parsed<SshKey> parse_key(Bytes blob);

// "SHA256:" and base64 without padding, as `ssh-keygen -l` shows a key.
std::string fingerprint_of(Bytes blob);

}  // namespace assay::provenance::sshsig
