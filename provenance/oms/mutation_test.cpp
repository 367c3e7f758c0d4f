#include <catch2/catch.hpp>

#include "core/text.h"
#include "provenance/crypto/certificate_maker.h"
#include "provenance/crypto/key_maker.h"
#include "provenance/oms/sign.h"
#include "provenance/oms/test_models.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::oms;
using namespace assay::provenance::oms::test;

namespace made = assay::provenance::testing;

// No change of one byte of what is signed, or of what is checked, may be accepted.
namespace {

const Contents kModel = {{"a", "alpha"}, {"d/b", "beta"}, {"d/c", ""}};

std::string sign(HashPlan plan, const PrivateKey& key, std::span<const Certificate> chain) {
  Model model;
  for (const auto& [path, content] : kModel) {
    model.files.push_back({.path = path, .size = content.size()});
    model.files.back().digests = {digests_of(plan, as_bytes(content))};
  }
  const auto manifest = manifest_of(model, {.model_name = "m", .plan = plan});
  REQUIRE(manifest.has_value());
  const auto bundle = sign_manifest(*manifest, key, chain);
  REQUIRE(bundle.has_value());
  return *bundle;
}

// Where the value of the member lies in the text of the bundle.
struct Field {
  std::size_t offset = 0;
  std::string text;
};

Field field_of(const std::string& bundle, const std::string& name) {
  const std::string front = '"' + name + "\":\"";
  const std::size_t offset = bundle.find(front);
  REQUIRE(offset != std::string::npos);
  const std::size_t start = offset + front.size();
  return {start, bundle.substr(start, bundle.find('"', start) - start)};
}

// How many of the changes of one byte of `field` are accepted.
template <typename Decode, typename Encode>
int accepted(const std::string& bundle, const std::string& name, const OmsVerification& how,
             Decode decode, Encode encode) {
  const Field field = field_of(bundle, name);
  const std::string good(decode(field.text));
  int count = 0;
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1 << i % 8);
    std::string changed = bundle;
    changed.replace(field.offset, field.text.size(), encode(bad));
    count += verify(changed, kModel, how).state() != "rejected";
  }
  return count;
}

int accepted_base64(const std::string& bundle, const std::string& name,
                    const OmsVerification& how) {
  return accepted(
      bundle, name, how,
      [](const std::string& text) { return std::string(as_text(*from_base64(text))); },
      [](const std::string& bytes) { return to_base64(as_bytes(bytes)); });
}

int accepted_text(const std::string& bundle, const std::string& name, const OmsVerification& how) {
  const auto same = [](const std::string& text) { return text; };
  return accepted(bundle, name, how, same, same);
}

}  // namespace

TEST_CASE("no change of a byte in a bundle signed by key is accepted") {
  const HashPlan plan = GENERATE(HashPlan{HashType::sha256, 0}, HashPlan{HashType::blake3, 2});
  const auto key = PrivateKey::from_pem(as_bytes(made::new_ec_key("P-256")));
  const std::string bundle = sign(plan, *key, {});
  const OmsVerification how{.key = key->public_key()};
  REQUIRE(verdict(verify(bundle, kModel, how)) == "verified");
  CHECK(accepted_base64(bundle, "payload", how) == 0);
  CHECK(accepted_base64(bundle, "sig", how) == 0);
  CHECK(accepted_text(bundle, "payloadType", how) == 0);
  CHECK(accepted_text(bundle, "hint", how) == 0);
  CHECK(accepted_text(bundle, "mediaType", how) == 0);
}

TEST_CASE("no change of a byte in a bundle signed by certificate is accepted") {
  const auto root = made::make_root();
  const auto leaf = made::issue(&root, {.extensions = {{"keyUsage", "critical,digitalSignature"}}});
  const auto key = PrivateKey::from_pem(as_bytes(made::pem_of(leaf.key.get())));
  const std::vector<Certificate> chain = {leaf.certificate()};
  const std::string bundle = sign({}, *key, chain);
  const OmsVerification how{.anchors = {root.der()}, .seconds = made::kNow};
  REQUIRE(verdict(verify(bundle, kModel, how)) == "verified");
  CHECK(accepted_base64(bundle, "payload", how) == 0);
  CHECK(accepted_base64(bundle, "sig", how) == 0);
  CHECK(accepted_base64(bundle, "rawBytes", how) == 0);
}

TEST_CASE("no change of a byte in a file is accepted, and no change of a name") {
  const HashPlan plan = GENERATE(HashPlan{HashType::sha256, 0}, HashPlan{HashType::blake2b, 2});
  const auto key = PrivateKey::from_pem(as_bytes(made::new_ec_key("P-521")));
  const std::string bundle = sign(plan, *key, {});
  const OmsVerification how{.key = key->public_key()};
  for (const auto& [path, content] : kModel) {
    for (std::size_t i = 0; i < content.size(); ++i) {
      Contents changed = kModel;
      changed[path][i] ^= 1;
      CHECK(verdict(verify(bundle, changed, how)) == "rejected model.changed");
    }
    if (content.empty()) continue;
    Contents renamed = kModel;
    renamed.erase(path);
    renamed[path + 'x'] = content;
    CHECK(verdict(verify(bundle, renamed, how)) == "rejected model.missing");
  }
}
