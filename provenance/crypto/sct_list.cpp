#include "core/byte_reader.h"
#include "provenance/crypto/sct.h"

namespace assay::provenance {
namespace {

constexpr std::uint8_t kVersion1 = 0;

Parsed<SignedCertificateTimestamp> parse_sct(ByteReader& in) {
  SignedCertificateTimestamp sct;
  sct.log_id = in.take(32);
  sct.milliseconds = in.be<std::uint64_t>();
  sct.extensions = in.take(in.be<std::uint16_t>());
  sct.hash_algorithm = in.u8();
  sct.signature_algorithm = in.u8();
  sct.signature = in.take(in.be<std::uint16_t>());
  if (const auto error = in.error()) return std::unexpected(*error);
  if (in.remaining() != 0) {
    return fail(ParseErrc::malformed, in.offset(), "bytes behind a certificate timestamp");
  }
  return sct;
}

}  // namespace

Parsed<std::vector<SignedCertificateTimestamp>> parse_scts(Bytes list) {
  ByteReader in(list);
  const std::uint16_t size = in.be<std::uint16_t>();
  if (in.ok() && size != in.remaining()) {
    return fail(ParseErrc::malformed, 0, "a list of certificate timestamps of another size");
  }
  std::vector<SignedCertificateTimestamp> scts;
  while (in.remaining() != 0) {
    const std::uint16_t sct_size = in.be<std::uint16_t>();
    const std::uint64_t start = in.offset();
    ByteReader one(in.take(sct_size), start);
    const std::uint8_t version = one.u8();
    if (const auto error = in.ok() ? one.error() : in.error()) return std::unexpected(*error);
    if (version != kVersion1) continue;
    auto sct = parse_sct(one);
    if (!sct) return std::unexpected(sct.error());
    if (scts.size() == kMaxScts) {
      return fail(ParseErrc::over_budget, start, "too many certificate timestamps");
    }
    scts.push_back(*sct);
  }
  if (const auto error = in.error()) return std::unexpected(*error);
  return scts;
}

}  // namespace assay::provenance
