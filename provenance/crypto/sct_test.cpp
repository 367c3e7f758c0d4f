#include "provenance/crypto/sct.h"

#include <catch2/catch.hpp>

#include "provenance/crypto/certificate_maker.h"
#include "provenance/crypto/chain.h"
#include "provenance/crypto/test_reference.h"
#include "tests/support/hex.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::testing;

namespace {

constexpr std::uint64_t kMilliseconds = kNow * 1000ULL + 5;

// What a test log writes, and where it may go wrong.
struct Promise {
  std::uint64_t milliseconds = kMilliseconds;
  std::string signature_header = "04 03";
  ByteString id;
  bool other_issuer = false;
};

void append(ByteString& out, const ByteString& bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

ByteString number(std::uint64_t value, int size) {
  ByteString out;
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::byte>(value >> shift));
  }
  return out;
}

ByteString sign(EVP_PKEY* key, const ByteString& message) {
  const ossl::DigestContext context(EVP_MD_CTX_new());
  std::size_t size = 8192;
  ByteString signature(size);
  REQUIRE(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1);
  REQUIRE(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                         ossl::data(message), message.size()) == 1);
  signature.resize(size);
  return signature;
}

struct Log {
  SharedKey key = ec_key();

  LogKey log_key() const {
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(key.get(), &der);
    const auto* first = reinterpret_cast<const std::byte*>(der);
    const ByteString spki(first, first + size);
    OPENSSL_free(der);
    return {.base_url = "https://ct.test",
            .id = digest_of(HashKind::sha256, spki),
            .key = PublicKey::from_der(spki).value(),
            .valid_for = {}};
  }

  ByteString sct(const ByteString& tbs, const Certificate& issuer, const Promise& promise) const {
    ByteString message = number(0, 2);
    append(message, number(promise.milliseconds, 8));
    append(message, number(1, 2));
    const Certificate signer = promise.other_issuer ? make_root().certificate() : issuer;
    append(message, digest_of(HashKind::sha256, signer.public_key().value().spki()));
    append(message, number(tbs.size(), 3));
    append(message, tbs);
    append(message, number(0, 2));
    const ByteString signature = sign(key.get(), message);
    ByteString sct = number(0, 1);
    append(sct, promise.id.empty() ? log_key().id : promise.id);
    append(sct, number(promise.milliseconds, 8));
    append(sct, number(0, 2));
    append(sct, test::bytes(promise.signature_header));
    append(sct, number(signature.size(), 2));
    append(sct, signature);
    return sct;
  }
};

// `leaf` with the list of timestamps in it, signed again.
Certificate with_scts(const Made& leaf, const Made& issuer, const std::vector<ByteString>& scts) {
  ByteString list;
  for (const ByteString& sct : scts) {
    append(list, number(sct.size(), 2));
    append(list, sct);
  }
  ByteString value = number(0x0482, 2);
  append(value, number(list.size() + 2, 2));
  append(value, number(list.size(), 2));
  append(value, list);
  std::string hex = "DER:";
  for (const std::byte b : value) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned>(b));
    hex += digits;
  }
  X509_EXTENSION* extension =
      X509V3_EXT_nconf(nullptr, nullptr, "1.3.6.1.4.1.11129.2.4.2", hex.c_str());
  REQUIRE(extension != nullptr);
  const ossl::Certificate copy(X509_dup(leaf.x509.get()));
  X509_add_ext(copy.get(), extension, 1);
  X509_EXTENSION_free(extension);
  REQUIRE(X509_sign(copy.get(), issuer.key.get(), EVP_sha256()) > 0);
  X509_up_ref(copy.get());
  return Made{{copy.get(), X509_free}, leaf.key}.certificate();
}

ByteString tbs_of(const Made& made) {
  unsigned char* der = nullptr;
  const int size = i2d_re_X509_tbs(made.x509.get(), &der);
  const auto* first = reinterpret_cast<const std::byte*>(der);
  ByteString tbs(first, first + size);
  OPENSSL_free(der);
  return tbs;
}

// The class that fails, "" when none does.
std::string failure(const Certificate& leaf, const Certificate& issuer,
                    std::span<const LogKey> logs) {
  Checks checks;
  verify_scts(leaf, issuer, logs, checks);
  return checks.first_failure() == nullptr ? "" : checks.first_failure()->name;
}

std::string failure_of(const Promise& promise, Validity trusted = {}) {
  const Made root = make_root();
  const Made leaf = issue(&root, fulcio_leaf());
  const Log log;
  LogKey key = log.log_key();
  key.valid_for = trusted;
  const Certificate certificate = root.certificate();
  return failure(with_scts(leaf, root, {log.sct(tbs_of(leaf), certificate, promise)}), certificate,
                 {&key, 1});
}

}  // namespace

TEST_CASE("a list of timestamps that lies about a size is refused") {
  CHECK_FALSE(parse_scts({}).has_value());
  CHECK_FALSE(parse_scts(test::bytes("00")).has_value());
  CHECK_FALSE(parse_scts(test::bytes("ff ff 00")).has_value());
  CHECK_FALSE(parse_scts(test::bytes("00 01 00")).has_value());
  CHECK_FALSE(parse_scts(test::bytes("00 02 00 00")).has_value());
  CHECK_FALSE(parse_scts(test::bytes("00 03 00 05 00")).has_value());
  CHECK(parse_scts(test::bytes("00 00")).value().empty());
  // Another version: nothing is known of what follows.
  CHECK(parse_scts(test::bytes("00 04 00 02 01 ff")).value().empty());
}

TEST_CASE("a timestamp of a log is read, and nothing may follow it") {
  const std::string id(64, 'a');
  const std::string body =
      "00" + id + "0000018bcfe56800" + "0001" + "55" + "0403" + "0002" + "1234";
  const ByteString list = test::bytes("0034 0032" + body);
  const auto scts = parse_scts(list);
  REQUIRE(scts.has_value());
  REQUIRE(scts->size() == 1);
  CHECK(scts->front().milliseconds == 0x18bcfe56800);
  CHECK(scts->front().extensions.size() == 1);
  CHECK(scts->front().hash_algorithm == 4);
  CHECK(scts->front().signature_algorithm == 3);
  CHECK(scts->front().signature.data() == list.data() + list.size() - 2);
  CHECK_FALSE(parse_scts(test::bytes("0035 0033" + body + "00")).has_value());
  CHECK_FALSE(parse_scts(test::bytes("0033 0031" + body)).has_value());
}

TEST_CASE("a timestamp holds for its certificate, issuer, log and time") {
  CHECK(failure_of({}).empty());
  CHECK(failure_of({.other_issuer = true}) == "sct.signature");
  CHECK(failure_of({.id = ByteString(32)}) == "sct.signature");
  CHECK(failure_of({.signature_header = "02 03"}) == "sct.signature");
  CHECK(failure_of({.signature_header = "04 01"}) == "sct.signature");
}

TEST_CASE("a timestamp is within the validity of its log, both ends inside") {
  const Moment at{kNow, 5'000'000};
  CHECK(failure_of({}, {.start = at, .end = at}).empty());
  CHECK(failure_of({}, {.start = {kNow, 5'000'001}, .end = {}}) == "sct.signature");
  CHECK(failure_of({}, {.start = {}, .end = Moment{kNow, 4'999'999}}) == "sct.signature");
  CHECK(failure_of({.milliseconds = ~0ULL}, {.start = at, .end = {}}).empty());
}

TEST_CASE("one timestamp that holds is enough, none is not") {
  const Made root = make_root();
  const Made leaf = issue(&root, fulcio_leaf());
  const Certificate issuer = root.certificate();
  const Log log;
  const Log stranger;
  const LogKey key = log.log_key();
  const ByteString tbs = tbs_of(leaf);
  const ByteString good = log.sct(tbs, issuer, {});
  const ByteString unknown = stranger.sct(tbs, issuer, {});
  const ByteString bad = stranger.sct(tbs, issuer, {.id = key.id});
  CHECK(failure(with_scts(leaf, root, {unknown, bad, good}), issuer, {&key, 1}).empty());
  CHECK(failure(with_scts(leaf, root, {unknown, bad}), issuer, {&key, 1}) == "sct.signature");
  CHECK(failure(with_scts(leaf, root, {good}), issuer, {}) == "sct.signature");
  CHECK(failure(leaf.certificate(), issuer, {&key, 1}) == "sct.missing");
}

TEST_CASE("certificates of Sigstore's bundles hold with their timestamps of logs") {
  if (!has_shared_material()) {
    WARN("no reference material beside the source tree");
    return;
  }
  const auto [bundle_name, root_name] = GENERATE(table<std::string, std::string>({
      {"conformance/happy-path-v0.1", "trust-roots/public-good-trusted_root.json"},
      {"conformance/happy-path-v0.3", "trust-roots/public-good-trusted_root.json"},
      {"conformance/intoto-with-custom-trust-root",
       "conformance/intoto-with-custom-trust-root/trusted_root.json"},
      {"conformance/rekor2-happy-path", "trust-roots/staging-trusted_root.json"},
      {"conformance/rekor2-dsse-happy-path", "trust-roots/staging-trusted_root.json"},
  }));
  CAPTURE(bundle_name);
  const Root root = trusted_root(root_name);
  const ReferenceBundle bundle = bundle_of(bundle_name + "/bundle.sigstore.json");
  const Certificate& leaf = bundle.certificates.front();
  Checks checks;
  const auto issuer =
      verify_chain(leaf, std::span(bundle.certificates).subspan(1), root.authorities,
                   leaf.not_before(), LeafUse::code_signing, checks);
  REQUIRE(issuer.has_value());
  verify_scts(leaf, *issuer, root.ct_logs, checks);
  for (const Check& check : checks.list()) {
    CAPTURE(check.name, check.message);
    CHECK(check.outcome == Outcome::passed);
  }
}
