#include "provenance/crypto/certificate.h"

#include "provenance/crypto/chain.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;
using namespace assay::provenance;

namespace {

// What a certificate says of itself, taken for its own authority.
struct Reading {
  explicit Reading(const Certificate& certificate) : signer(signer_of(certificate)) {
    const Authority itself{.uri = "itself", .chain = {certificate.der()}, .valid_for = {}};
    check_usage(certificate, LeafUse::code_signing, checks);
    verify_chain(certificate, {&certificate, 1}, {&itself, 1}, certificate.not_before(),
                 LeafUse::signing, checks);
  }
  bool operator==(const Reading& other) const {
    return signer == other.signer && checks.list() == other.checks.list();
  }
  Signer signer;
  Checks checks;
};

}  // namespace

// A certificate is its bytes, two readings agree, and what it claims stands in it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = test::input(data, size);
  const auto certificate = Certificate::from_der(input);
  if (!certificate) return 0;
  test::require(std::ranges::equal(certificate->der(), input), "a certificate is its bytes");
  const Reading reading(*certificate);
  test::require(reading == Reading(Certificate::from_der(input).value()), "two readings agree");
  const std::string_view text = as_text(input);
  test::require(text.contains(reading.signer.identity), "the identity stands in it");
  test::require(text.contains(reading.signer.issuer), "the issuer stands in it");
  for (const auto& [name, value] : reading.signer.claims) {
    test::require(text.contains(value), "the claim stands in it: " + name);
  }
  return 0;
}
