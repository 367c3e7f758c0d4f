#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "tests/support/hex.h"

namespace assay::test {

// One entry of a tar, each field as wrong as a test wants it.
struct TarEntry {
  std::string name;
  std::string data = {};
  char type = '0';
  std::string link = {};
  std::string size = {};  // the twelve bytes of the field; computed when empty
  unsigned mode = 0644;
  unsigned checksum_error = 0;
  std::string magic = std::string("ustar\00000", 8);
};

inline std::string octal(std::uint64_t value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%0*llo", digits, static_cast<unsigned long long>(value));
  return text;
}

inline std::string tar_entry(const TarEntry& entry) {
  std::string block(512, '\0');
  block.replace(0, entry.name.size(), entry.name);
  block.replace(100, 7, octal(entry.mode, 7));
  const std::string size = entry.size.empty() ? octal(entry.data.size(), 11) : entry.size;
  block.replace(124, size.size(), size);
  block.replace(148, 8, "        ");
  block[156] = entry.type;
  block.replace(157, entry.link.size(), entry.link);
  block.replace(257, entry.magic.size(), entry.magic);
  unsigned sum = entry.checksum_error;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  block.replace(148, 7, octal(sum, 6) + std::string(1, '\0'));
  const std::size_t padding = (512 - entry.data.size() % 512) % 512;
  return block + entry.data + std::string(padding, '\0');
}

inline std::string pax_record(const std::string& key, const std::string& value) {
  const std::string rest = " " + key + "=" + value + "\n";
  std::size_t size = rest.size() + 1;
  while (std::to_string(size).size() + rest.size() != size) ++size;
  return std::to_string(size) + rest;
}

inline std::string pax_header(const std::string& records, char type = 'x') {
  return tar_entry({.name = "PaxHeaders/0", .data = records, .type = type});
}

inline const std::string kTarEnd(1024, '\0');

}  // namespace assay::test
