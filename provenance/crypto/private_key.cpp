#include "provenance/crypto/private_key.h"

#include <openssl/pem.h>

#include <algorithm>

#include "provenance/crypto/ossl.h"

namespace assay::provenance {
namespace {

constexpr std::size_t kMaxKeySize = 64U << 10;

struct Password {
  std::optional<std::string_view> text;
  bool asked = false;
};

// OpenSSL calls this for a password; without it, it would ask the terminal.
int give_password(char* out, int size, int, void* user) {
  auto& password = *static_cast<Password*>(user);
  password.asked = true;
  if (!password.text || size < 0 || password.text->size() > static_cast<std::size_t>(size)) {
    return -1;
  }
  std::ranges::copy(*password.text, out);
  return static_cast<int>(password.text->size());
}

Parsed<PublicKey> public_part(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  if (size <= 0) return fail(ParseErrc::malformed, 0, "not a private key");
  auto part = PublicKey::from_der(
      {reinterpret_cast<const std::byte*>(der), static_cast<std::size_t>(size)});
  OPENSSL_free(der);
  return part;
}

bool can_sign(KeyKind kind) {
  return kind == KeyKind::ec_p256 || kind == KeyKind::ec_p384 || kind == KeyKind::ec_p521;
}

const EVP_MD* md_of(HashKind hash) {
  if (hash == HashKind::sha384) return EVP_sha384();
  return hash == HashKind::sha512 ? EVP_sha512() : EVP_sha256();
}

}  // namespace

struct PrivateKey::Handle {
  ossl::Key key;
};

Parsed<PrivateKey> PrivateKey::from_pem(Bytes text, std::optional<std::string_view> password) {
  if (text.size() > kMaxKeySize) return fail(ParseErrc::malformed, 0, "not a private key");
  const ossl::Bio in = ossl::reader_of(text);
  Password answer{password};
  ossl::Key key(PEM_read_bio_PrivateKey(in.get(), nullptr, give_password, &answer));
  if (!key && answer.asked) {
    return fail(ParseErrc::encrypted, 0,
                password ? "the password does not open the private key"
                         : "the private key is encrypted, and no password was given");
  }
  if (!key) return fail(ParseErrc::malformed, 0, "not a private key in PEM");
  auto public_key = public_part(key.get());
  if (!public_key) return std::unexpected(public_key.error());
  if (!can_sign(public_key->kind())) {
    return fail(ParseErrc::unsupported, 0, "models are signed with keys on P-256, P-384 or P-521");
  }
  return PrivateKey(std::make_shared<Handle>(Handle{std::move(key)}), std::move(*public_key));
}

ByteString PrivateKey::sign(Bytes message) const {
  const ossl::DigestContext context(EVP_MD_CTX_new());
  ByteString signature(static_cast<std::size_t>(EVP_PKEY_get_size(handle_->key.get())));
  std::size_t size = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, md_of(public_key_.hash()), nullptr,
                         handle_->key.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     ossl::data(message), message.size()) != 1) {
    return {};
  }
  signature.resize(size);
  return signature;
}

}  // namespace assay::provenance
