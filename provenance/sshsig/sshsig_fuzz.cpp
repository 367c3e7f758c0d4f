#include "core/text.h"
#include "provenance/sshsig/allowed_signers.h"
#include "provenance/sshsig/key.h"
#include "provenance/sshsig/signature.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::sshsig;

namespace {

// No message has a signature that was not made for it.
void check_signature(Bytes blob) {
  const auto signature = parse_signature(blob);
  if (!signature) {
    test::require(signature.error().offset <= blob.size(), "the error lies inside");
    return;
  }
  test::require(signature->raw.size() <= blob.size(), "a part is no larger than the whole");
  const auto key = parse_key(signature->key_blob);
  if (!key) return;
  test::require(fingerprint_of(signature->key_blob).starts_with("SHA256:"), "a fingerprint");
  const auto holds = verify(*signature, *key, blob);
  test::require(!holds || !*holds, "nobody signed this");
}

}  // namespace

// The input as a signature, bare and in its armour, as a key and as a list of signers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = test::input(data, size);
  check_signature(input);
  if (const auto blob = parse_armor(as_text(input))) check_signature(*blob);
  static_cast<void>(parse_key(input));
  const auto signers = parse_allowed_signers(as_text(input));
  if (!signers) {
    test::require(signers.error().offset <= size, "the line lies inside");
    return 0;
  }
  for (const AllowedSigner& signer : *signers) {
    test::require(!signer.principals.empty() && !signer.key_blob.empty(), "a line has both");
    matches_patterns(signer.principals, as_text(input.first(std::min<std::size_t>(size, 64))));
  }
  return 0;
}
