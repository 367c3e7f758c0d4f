#include "provenance/crypto/public_key.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>
#include <optional>

#include "core/text.h"
#include "provenance/crypto/ossl.h"
#include "provenance/crypto/ossl_hash.h"
#include "provenance/sha256.h"

namespace assay::provenance {
namespace {

using ossl::data;
using ossl::md_of;

constexpr int kMinRsaBits = 2048;
constexpr int kMaxRsaBits = 16384;
constexpr std::size_t kMaxKeySize = 64U << 10;

std::optional<KeyKind> curve_of(EVP_PKEY* key) {
  char name[64] = {};
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(key, name, sizeof name, &size) != 1) return std::nullopt;
  const std::string_view curve(name, size);
  if (curve == SN_X9_62_prime256v1) return KeyKind::ec_p256;
  if (curve == SN_secp384r1) return KeyKind::ec_p384;
  if (curve == SN_secp521r1) return KeyKind::ec_p521;
  return std::nullopt;
}

std::optional<KeyKind> kind_of(EVP_PKEY* key) {
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_EC:
      return curve_of(key);
    case EVP_PKEY_ED25519:
      return KeyKind::ed25519;
    case EVP_PKEY_RSA: {
      const int bits = EVP_PKEY_get_bits(key);
      if (bits >= kMinRsaBits && bits <= kMaxRsaBits) return KeyKind::rsa;
      return std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

std::unexpected<ParseError> no_key() { return fail(ParseErrc::malformed, 0, "not a public key"); }

const char* group_name(KeyKind kind) {
  switch (kind) {
    case KeyKind::ec_p384:
      return SN_secp384r1;
    case KeyKind::ec_p521:
      return SN_secp521r1;
    default:
      return SN_X9_62_prime256v1;
  }
}

using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, ossl::Free<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, ossl::Free<OSSL_PARAM_free>>;
using Number = std::unique_ptr<BIGNUM, ossl::Free<BN_free>>;

ossl::Key key_from(const char* type, OSSL_PARAM_BLD* builder) {
  const Params params(OSSL_PARAM_BLD_to_param(builder));
  const ossl::KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  return ossl::Key(key);
}

// Null when the point is not on the curve.
ossl::Key ec_key(KeyKind kind, Bytes point) {
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  if (OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, group_name(kind),
                                      0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1) {
    return nullptr;
  }
  return key_from("EC", builder.get());
}

// All but the point of the SubjectPublicKeyInfo of a key on a named curve (RFC 5480 §2).
struct EcForm {
  KeyKind kind;
  std::string_view head;
  std::size_t point_size;  // uncompressed
};
constexpr std::array kEcForms = std::to_array<EcForm>({
    {KeyKind::ec_p256,
     {"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"
      "\x03\x42\x00",
      26},
     65},
    {KeyKind::ec_p384,
     {"\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\x03\x62"
      "\x00",
      23},
     97},
    {KeyKind::ec_p521,
     {"\x30\x81\x9b\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23\x03\x81"
      "\x86\x00",
      25},
     133},
});

bool is_uncompressed(Bytes point) { return !point.empty() && point[0] == std::byte{4}; }

}  // namespace

struct PublicKey::Handle {
  ossl::Key key;
};

std::string_view to_string(HashKind hash) {
  switch (hash) {
    case HashKind::sha1:
      return "sha1";
    case HashKind::sha256:
      return "sha256";
    case HashKind::sha384:
      return "sha384";
    case HashKind::sha512:
      return "sha512";
    case HashKind::blake2b:
      return "blake2b";
    case HashKind::blake3:
      break;
  }
  return "blake3";
}

std::string_view to_string(KeyKind kind) {
  switch (kind) {
    case KeyKind::ec_p256:
      return "ecdsa-p256";
    case KeyKind::ec_p384:
      return "ecdsa-p384";
    case KeyKind::ec_p521:
      return "ecdsa-p521";
    case KeyKind::ed25519:
      return "ed25519";
    case KeyKind::rsa:
      break;
  }
  return "rsa";
}

ByteString digest_of(HashKind hash, Bytes message) {
  ByteString digest(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  EVP_Digest(message.data(), message.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
             md_of(hash), nullptr);
  digest.resize(size);
  return digest;
}

Parsed<PublicKey> PublicKey::adopt(std::shared_ptr<const Handle> handle) {
  if (!handle->key) return no_key();
  const auto kind = kind_of(handle->key.get());
  if (!kind) return fail(ParseErrc::unsupported, 0, "a key of a kind or size that is not checked");
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(handle->key.get(), &der);
  if (size <= 0) return no_key();
  PublicKey key;
  const auto* first = reinterpret_cast<const std::byte*>(der);
  key.spki_.assign(first, first + size);
  OPENSSL_free(der);
  key.kind_ = *kind;
  key.handle_ = std::move(handle);
  return key;
}

// OpenSSL's decoders and encoders cost more than checking a signature: keys in the usual
// form are taken without them.
std::optional<Parsed<PublicKey>> PublicKey::from_usual_form(Bytes spki) {
  for (const EcForm& form : kEcForms) {
    if (spki.size() != form.head.size() + form.point_size || !starts_with(spki, form.head))
      continue;
    const Bytes point = spki.subspan(form.head.size());
    if (!is_uncompressed(point)) return std::nullopt;
    PublicKey key;
    key.kind_ = form.kind;
    key.spki_.assign(spki.begin(), spki.end());
    key.handle_ = std::make_shared<Handle>(Handle{ec_key(form.kind, point)});
    if (!key.handle_->key) return no_key();
    return key;
  }
  return std::nullopt;
}

Parsed<PublicKey> PublicKey::from_pem(Bytes text) {
  if (text.size() > kMaxKeySize) return no_key();
  const ossl::Bio in = ossl::reader_of(text);
  // Without a callback OpenSSL would ask the terminal for a password.
  const auto refuse = [](char*, int, int, void*) { return -1; };
  return adopt(std::make_shared<Handle>(
      Handle{ossl::Key(PEM_read_bio_PUBKEY(in.get(), nullptr, refuse, nullptr))}));
}

Parsed<PublicKey> PublicKey::from_der(Bytes spki, bool allow_pkcs1) {
  if (spki.size() > kMaxKeySize) return no_key();
  if (auto key = from_usual_form(spki)) return std::move(*key);
  const unsigned char* at = data(spki);
  const auto size = static_cast<long>(spki.size());
  ossl::Key key(d2i_PUBKEY(nullptr, &at, size));
  if (!key && allow_pkcs1) {
    at = data(spki);
    key.reset(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, size));
  }
  if (!key || at != data(spki) + spki.size()) return no_key();
  return adopt(std::make_shared<Handle>(Handle{std::move(key)}));
}

Parsed<PublicKey> PublicKey::from_ed25519(Bytes raw) {
  return adopt(std::make_shared<Handle>(Handle{
      ossl::Key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, data(raw), raw.size()))}));
}

Parsed<PublicKey> PublicKey::from_ec_point(KeyKind kind, Bytes point) {
  if (point.size() > kMaxKeySize) return no_key();
  return adopt(std::make_shared<Handle>(Handle{ec_key(kind, point)}));
}

Parsed<PublicKey> PublicKey::from_rsa(Bytes modulus, Bytes exponent) {
  if (modulus.size() > kMaxKeySize || exponent.size() > 8) return no_key();
  const Number n(BN_bin2bn(data(modulus), static_cast<int>(modulus.size()), nullptr));
  const Number e(BN_bin2bn(data(exponent), static_cast<int>(exponent.size()), nullptr));
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  if (!n || !e || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return no_key();
  }
  return adopt(std::make_shared<Handle>(Handle{key_from("RSA", builder.get())}));
}

std::string PublicKey::fingerprint() const { return sha256_hex(spki_); }

std::string PublicKey::pem() const {
  const ossl::Bio out(BIO_new(BIO_s_mem()));
  char* text = nullptr;
  if (PEM_write_bio(out.get(), PEM_STRING_PUBLIC, "", ossl::data(spki_),
                    static_cast<long>(spki_.size())) <= 0) {
    return {};
  }
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

HashKind PublicKey::hash() const {
  switch (kind_) {
    case KeyKind::ec_p384:
      return HashKind::sha384;
    case KeyKind::ec_p521:
    case KeyKind::ed25519:
      return HashKind::sha512;
    default:
      return HashKind::sha256;
  }
}

bool PublicKey::verify(HashKind hash, Bytes message, Bytes signature) const {
  const ossl::DigestContext context(EVP_MD_CTX_new());
  const EVP_MD* md = kind_ == KeyKind::ed25519 ? nullptr : md_of(hash);
  return EVP_DigestVerifyInit(context.get(), nullptr, md, nullptr, handle_->key.get()) == 1 &&
         EVP_DigestVerify(context.get(), data(signature), signature.size(), data(message),
                          message.size()) == 1;
}

bool PublicKey::verify_digest(HashKind hash, Bytes digest, Bytes signature) const {
  if (kind_ == KeyKind::ed25519) return false;
  const ossl::KeyContext context(EVP_PKEY_CTX_new(handle_->key.get(), nullptr));
  return EVP_PKEY_verify_init(context.get()) == 1 &&
         EVP_PKEY_CTX_set_signature_md(context.get(), md_of(hash)) == 1 &&
         EVP_PKEY_verify(context.get(), data(signature), signature.size(), data(digest),
                         digest.size()) == 1;
}

bool PublicKey::verify_pss(HashKind hash, Bytes message, Bytes signature) const {
  if (kind_ != KeyKind::rsa) return false;
  const ossl::DigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* how = nullptr;  // within the context
  return EVP_DigestVerifyInit(context.get(), &how, md_of(hash), nullptr, handle_->key.get()) == 1 &&
         EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(how, md_of(hash)) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(how, RSA_PSS_SALTLEN_AUTO) == 1 &&
         EVP_DigestVerify(context.get(), data(signature), signature.size(), data(message),
                          message.size()) == 1;
}

}  // namespace assay::provenance
