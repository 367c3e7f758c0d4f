#include "rules/fingerprint.h"

#include <array>

#include "core/text.h"

namespace assay::rules {
namespace {

__extension__ using Hash = unsigned __int128;

// http://www.isthe.com/chongo/tech/comp/fnv/: offset basis and prime for 128 bits.
constexpr Hash kBasis = (Hash{0x6c62272e07bb0142} << 64) | 0x62b821756295c58d;
constexpr Hash kPrime = (Hash{1} << 88) | 0x13b;

class Hasher {
 public:
  // The length goes first, so that "ab"+"c" is not "a"+"bc".
  void add(std::string_view text) {
    std::size_t size = text.size();
    for (int i = 0; i < 8; ++i, size >>= 8) mix(static_cast<unsigned char>(size & 0xFF));
    for (const char c : text) mix(static_cast<unsigned char>(c));
  }

  std::string hex_digits() const {
    std::array<std::byte, 16> bytes{};
    for (std::size_t i = 0; i < 16; ++i) {
      bytes[i] = static_cast<std::byte>(static_cast<unsigned char>(hash_ >> (8 * (15 - i))));
    }
    return hex(bytes);
  }

 private:
  void mix(unsigned char byte) { hash_ = (hash_ ^ byte) * kPrime; }
  Hash hash_ = kBasis;
};

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == 'x';
}

// `text` with the numbers after "byte ", "bytes ", "offset " and "at " blanked.
std::string without_positions(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    bool is_position = false;
    for (const std::string_view word : {"byte ", "bytes ", "offset ", "at "}) {
      is_position = is_position || out.ends_with(word);
    }
    if (!is_position || text[i] < '0' || text[i] > '9') {
      out += text[i++];
      continue;
    }
    while (i < text.size() && is_hex_digit(text[i])) ++i;
    out += '#';
  }
  return out;
}

}  // namespace

std::string fingerprint(std::string_view rule, std::string_view path,
                        std::span<const Evidence> identity) {
  Hasher hasher;
  hasher.add(rule);
  hasher.add(path);
  for (const Evidence& evidence : identity) {
    hasher.add(evidence.key);
    hasher.add(without_positions(evidence.value));
  }
  return hasher.hex_digits();
}

}  // namespace assay::rules
