#include "provenance/crypto/ecdsa_der.h"

namespace assay::provenance {
namespace {

constexpr std::size_t kMaxNumberSize = 66;  // of P-521, 521 bits

std::byte byte_of(std::size_t value) { return static_cast<std::byte>(value); }

// INTEGER of an unsigned number: no zeros in front but the one that keeps it positive.
void append_integer(ByteString& der, Bytes number) {
  while (number.size() > 1 && number.front() == std::byte{0}) number = number.subspan(1);
  const bool looks_negative = (number.front() & std::byte{0x80}) != std::byte{0};
  der.push_back(std::byte{0x02});
  der.push_back(byte_of(number.size() + (looks_negative ? 1 : 0)));
  if (looks_negative) der.push_back(std::byte{0});
  der.insert(der.end(), number.begin(), number.end());
}

}  // namespace

std::optional<ByteString> ecdsa_der(Bytes r, Bytes s) {
  if (r.empty() || s.empty() || r.size() > kMaxNumberSize || s.size() > kMaxNumberSize) {
    return std::nullopt;
  }
  ByteString numbers;
  append_integer(numbers, r);
  append_integer(numbers, s);
  ByteString der{std::byte{0x30}};
  if (numbers.size() > 0x7F) der.push_back(std::byte{0x81});
  der.push_back(byte_of(numbers.size()));
  der.insert(der.end(), numbers.begin(), numbers.end());
  return der;
}

}  // namespace assay::provenance
