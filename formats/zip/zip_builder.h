#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/zip/zip.h"
#include "tests/support/hex.h"
#include "tests/support/recording_context.h"

// Builds zips for tests one record at a time, so that any record can lie.
namespace assay::zip::test {

inline std::uint32_t crc32(std::string_view data) {
  std::uint32_t crc = ~0U;
  for (const char c : data) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

inline std::string le(std::uint64_t value, int size) {
  std::string out;
  for (int i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}

// Raw deflate data that holds `data` in one stored block (RFC 1951, 3.2.4).
inline std::string deflate(std::string_view data) {
  return "\x01" + le(data.size(), 2) + le(~data.size(), 2) + std::string(data);
}

struct Header {
  std::string name;
  std::uint32_t crc = 0;
  std::uint64_t stored_size = 0;
  std::uint64_t size = 0;
  std::uint16_t method = 0;
  std::uint16_t flags = 0;
  std::uint32_t attributes = 0;
  std::string extra{};

  std::string common() const {
    return le(flags, 2) + le(method, 2) + le(0, 4) + le(crc, 4) + le(stored_size, 4) + le(size, 4) +
           le(name.size(), 2) + le(extra.size(), 2);
  }
};

inline Header stored(std::string_view name, std::string_view data) {
  return {std::string(name), crc32(data), data.size(), data.size()};
}

inline Header deflated(std::string_view name, std::string_view data) {
  return {std::string(name), crc32(data), deflate(data).size(), data.size(), 8};
}

struct Builder {
  std::string bytes;
  std::string directory;
  std::uint64_t count = 0;

  // A local header and its data; returns its offset.
  std::uint64_t local(const Header& h, std::string_view data) {
    const std::uint64_t at = bytes.size();
    bytes += "PK\x03\x04" + le(20, 2) + h.common() + h.name + h.extra;
    bytes += data;
    return at;
  }

  void central(const Header& h, std::uint64_t local_offset) {
    directory += "PK\x01\x02" + le(0x0314, 2) + le(20, 2) + h.common() + le(0, 6) +
                 le(h.attributes, 4) + le(local_offset, 4) + h.name + h.extra;
    ++count;
  }

  // An honest member.
  Builder& add(const Header& h, std::string_view data) {
    central(h, local(h, data));
    return *this;
  }
  Builder& add(std::string_view name, std::string_view data) {
    return add(stored(name, data), data);
  }

  std::string end_record(std::uint64_t directory_offset, std::string_view comment = "") const {
    return "PK\x05\x06" + le(0, 4) + le(count, 2) + le(count, 2) + le(directory.size(), 4) +
           le(directory_offset, 4) + le(comment.size(), 2) + std::string(comment);
  }

  std::string finish(std::string_view comment = "") const {
    return bytes + directory + end_record(bytes.size(), comment);
  }
};

// For tests of parsers: what came out of a parse.
inline constexpr std::string_view kEvil = "cposix\nsystem\n(S'echo'\ntR.";

using Codes = std::vector<std::string>;

inline assay::test::Parse parse(const std::string& file, const Limits& limits = {}) {
  return assay::test::Parse(format, assay::test::raw(file), "", limits);
}

inline bool examined(const assay::test::Parse& p, std::string_view content) {
  return std::ranges::any_of(p.context.members,
                             [&](const auto& member) { return member.bytes == content; });
}

inline Codes codes(const assay::test::Parse& p) {
  Codes out;
  for (const Anomaly& a : p.context.all<Anomaly>()) out.push_back(a.code);
  return out;
}

// A zip of one stored member whose headers `edit` makes differ.
template <typename F>
std::string differing(F edit) {
  Header local = stored("a.pkl", kEvil);
  Header central = local;
  edit(local, central);
  Builder zip;
  zip.central(central, zip.local(local, kEvil));
  return zip.finish();
}

}  // namespace assay::zip::test
