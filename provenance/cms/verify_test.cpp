#include "provenance/cms/verify.h"

#include <openssl/cms.h>
#include <catch2/catch.hpp>

#include "core/text.h"
#include "provenance/crypto/certificate_maker.h"
#include "provenance/crypto/ossl.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::cms;
namespace made = assay::provenance::testing;

namespace {

constexpr std::string_view kContent = "weights";

std::map<HashKind, ByteString> digests(std::string_view content = kContent) {
  return {{HashKind::sha256, digest_of(HashKind::sha256, as_bytes(content))}};
}

made::Made leaf_of(const made::Made& root) {
  return made::issue(&root, {.extensions = {{"keyUsage", "critical,digitalSignature"}}});
}

ByteString sign(const made::Made& leaf, unsigned flags, std::string_view content = kContent) {
  const ossl::Bio bio = ossl::reader_of(as_bytes(content));
  CMS_ContentInfo* message = CMS_sign(leaf.x509.get(), leaf.key.get(), nullptr, bio.get(),
                                      CMS_BINARY | CMS_NOSMIMECAP | flags);
  REQUIRE(message);
  unsigned char* der = nullptr;
  const int size = i2d_CMS_ContentInfo(message, &der);
  const auto* bytes = reinterpret_cast<const std::byte*>(der);
  ByteString out(bytes, bytes + size);
  OPENSSL_free(der);
  CMS_ContentInfo_free(message);
  return out;
}

std::string verdict(const Evidence& evidence) {
  const Check* failure = evidence.checks.first_failure();
  return std::string(evidence.state()) + (failure ? " " + failure->name : "");
}

}  // namespace

TEST_CASE("what is no signed data, or holds content of its own, is refused") {
  CHECK(verdict(verify_cms({}, {})) == "rejected cms.parse");
  CHECK(verdict(verify_cms(as_bytes("-----BEGIN CMS-----\nAAAA\n-----END CMS-----\n"), {})) ==
        "rejected cms.parse");
  const auto root = made::make_root();
  const ByteString attached = sign(leaf_of(root), 0);
  CHECK(verdict(verify_cms(attached, {.digests = digests()})) == "rejected cms.parse");
  ByteString behind = sign(leaf_of(root), CMS_DETACHED);
  behind.push_back(std::byte{0});
  CHECK(verdict(verify_cms(behind, {.digests = digests()})) == "rejected cms.parse");
}

TEST_CASE("a detached signature holds for its content, its key and its authority alone") {
  const auto root = made::make_root();
  const auto leaf = leaf_of(root);
  const ByteString signature = sign(leaf, CMS_DETACHED);
  CHECK(is_cms(signature));
  CHECK(hashes_of(signature) == std::vector{HashKind::sha256});
  CmsVerification how{.digests = digests(), .anchors = {root.der()}, .seconds = made::kNow};
  CHECK(verdict(verify_cms(signature, how)) == "verified");
  how.digests = digests("other");
  CHECK(verdict(verify_cms(signature, how)) == "rejected artifact.digest");
  how.digests = {};
  CHECK(verdict(verify_cms(signature, how)) == "unchecked");
  how = {.digests = digests(), .anchors = {made::make_root().der()}, .seconds = made::kNow};
  CHECK(verdict(verify_cms(signature, how)) == "rejected cert.chain");
  how = {.digests = digests(), .anchors = {root.der()}, .seconds = made::kEnd + 1};
  CHECK(verdict(verify_cms(signature, how)) == "rejected cert.time");
  how = {.digests = digests(), .key = *leaf.certificate().public_key()};
  CHECK(verdict(verify_cms(signature, how)) == "verified");
  how.key = *root.certificate().public_key();
  CHECK(verdict(verify_cms(signature, how)) == "rejected key.other");
  CHECK(verdict(verify_cms(signature, {.digests = digests()})) == "signed");
}

TEST_CASE("a signature without attributes is over content that is not at hand") {
  const auto root = made::make_root();
  const ByteString signature = sign(leaf_of(root), CMS_DETACHED | CMS_NOATTR);
  CHECK(verdict(verify_cms(
            signature, {.digests = digests(), .anchors = {root.der()}, .seconds = made::kNow})) ==
        "unchecked");
  const ByteString nameless = sign(leaf_of(root), CMS_DETACHED | CMS_NOCERTS);
  CHECK(verdict(verify_cms(nameless, {.digests = digests()})) == "rejected cms.certificate");
}

TEST_CASE("no byte of a detached signature that means something can be another") {
  const auto root = made::make_root();
  const ByteString signature = sign(leaf_of(root), CMS_DETACHED);
  const CmsVerification how{.digests = digests(), .anchors = {root.der()}, .seconds = made::kNow};
  std::vector<std::size_t> accepted;
  for (std::size_t i = 0; i < signature.size(); ++i) {
    ByteString mutant = signature;
    mutant[i] ^= std::byte{1};
    if (verify_cms(mutant, how).state() == "verified") accepted.push_back(i);
  }
  CAPTURE(accepted, signature.size());
  // What is neither signed nor used: two versions, and the list of algorithms at the head.
  CHECK(accepted.size() <= 16);
}
