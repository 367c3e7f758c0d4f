#include <algorithm>
#include <array>

#include "core/byte_reader.h"
#include "formats/embedded/sweep.h"

namespace assay::embedded {
namespace {

template <std::size_t N>
bool one_of(std::uint32_t value, const std::array<std::uint32_t, N>& values) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

template <std::unsigned_integral T>
T number(ByteReader& in, bool big) {
  return big ? in.be<T>() : in.le<T>();
}

bool is_elf(Bytes bytes) {
  ByteReader in{bytes};
  in.skip(4);
  const std::uint8_t width = in.u8();
  const std::uint8_t order = in.u8();
  const std::uint8_t ident_version = in.u8();
  in.skip(2);  // OS ABI and its version
  const Bytes padding = in.take(7);
  const bool big = order == 2;
  const auto type = number<std::uint16_t>(in, big);
  const auto machine = number<std::uint16_t>(in, big);
  const auto version = number<std::uint32_t>(in, big);
  in.skip(width == 2 ? 28 : 16);  // entry, program and section header offsets, flags
  const auto header_size = number<std::uint16_t>(in, big);
  return in.ok() && (width == 1 || width == 2) && (order == 1 || order == 2) &&
         ident_version == 1 && version == 1 && type >= 1 && type <= 4 && machine != 0 &&
         header_size == (width == 2 ? 64 : 52) &&
         std::all_of(padding.begin(), padding.end(), [](std::byte b) { return b == std::byte{}; });
}

bool is_pe(Bytes bytes) {
  ByteReader dos{clip(bytes, 0x3C, 4)};
  const auto at = dos.le<std::uint32_t>();
  if (!dos.ok() || at < 0x40 || at > 4096) return false;
  ByteReader in{clip(bytes, at, 26)};
  const Bytes signature = in.take(4);
  const auto machine = in.le<std::uint16_t>();
  const auto sections = in.le<std::uint16_t>();
  in.skip(12);
  const auto optional_size = in.le<std::uint16_t>();
  in.skip(2);
  const auto magic = in.le<std::uint16_t>();
  constexpr std::array<std::uint32_t, 6> kMachines{0x14C, 0x8664, 0x1C0, 0x1C4, 0xAA64, 0x200};
  return in.ok() && as_text(signature) == std::string_view("PE\0\0", 4) &&
         one_of(machine, kMachines) && sections >= 1 && sections <= 96 && optional_size >= 96 &&
         (magic == 0x10B || magic == 0x20B);
}

bool is_mach_o(Bytes bytes) {
  ByteReader in{bytes};
  const auto magic = in.le<std::uint32_t>();
  const auto cpu = in.le<std::uint32_t>();
  in.skip(4);
  const auto file_type = in.le<std::uint32_t>();
  const auto commands = in.le<std::uint32_t>();
  const auto commands_size = in.le<std::uint32_t>();
  constexpr std::array<std::uint32_t, 6> kCpus{7, 12, 18, 0x1000007, 0x100000C, 0x1000012};
  return in.ok() && (magic == 0xFEEDFACF || magic == 0xFEEDFACE) && one_of(cpu, kCpus) &&
         file_type >= 1 && file_type <= 12 && commands >= 1 && commands <= 10'000 &&
         commands_size >= commands * 8 && commands_size <= (16U << 20);
}

// The universal form. Java classes share its magic, with a version of 45 and up
// where the number of architectures stands.
bool is_fat_mach_o(Bytes bytes) {
  ByteReader in{bytes};
  const auto magic = in.be<std::uint32_t>();
  const auto count = in.be<std::uint32_t>();
  const auto cpu = in.be<std::uint32_t>();
  constexpr std::array<std::uint32_t, 6> kCpus{7, 12, 18, 0x1000007, 0x100000C, 0x1000012};
  return in.ok() && magic == 0xCAFEBABE && count >= 1 && count <= 20 && one_of(cpu, kCpus);
}

bool is_script(Bytes bytes) {
  const std::string_view line = as_text(clip(bytes, 0, 128));
  const std::size_t end = line.find('\n');
  if (!line.starts_with("#!/") || end == std::string_view::npos || end < 7) return false;
  return std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(end),
                     [](char c) { return (c >= ' ' && c < 0x7F) || c == '\r'; });
}

bool is_zip(Bytes bytes) {
  ByteReader in{bytes};
  const auto magic = in.le<std::uint32_t>();
  const auto version = in.le<std::uint16_t>();
  const auto flags = in.le<std::uint16_t>();
  const auto method = in.le<std::uint16_t>();
  in.skip(16);
  const auto name_size = in.le<std::uint16_t>();
  in.skip(2);
  const Bytes name = in.take(std::min<std::uint64_t>(name_size, 64));
  constexpr std::array<std::uint32_t, 9> kMethods{0, 8, 9, 12, 14, 93, 95, 98, 99};
  return in.ok() && magic == 0x04034B50 && (version & 0xFF) <= 63 && (flags & 0xD7B0) == 0 &&
         one_of(method, kMethods) && name_size >= 1 && name_size <= 1024 &&
         std::all_of(name.begin(), name.end(), [](std::byte b) { return b >= std::byte{' '}; });
}

}  // namespace

std::string_view head_at(Bytes bytes) {
  if (bytes.size() < 12) return {};
  switch (std::to_integer<unsigned>(bytes[0])) {
    case 0x7F: return starts_with(bytes, "\x7f" "ELF") && is_elf(bytes) ? "elf" : "";
    case 'M': return starts_with(bytes, "MZ") && is_pe(bytes) ? "pe" : "";
    case 0xCE:
    case 0xCF: return is_mach_o(bytes) ? "mach-o" : "";
    case 0xCA: return is_fat_mach_o(bytes) ? "mach-o" : "";
    case '#': return is_script(bytes) ? "script" : "";
    case 'P': return starts_with(bytes, "PK\x03\x04") && is_zip(bytes) ? "zip" : "";
    default: return {};
  }
}

}  // namespace assay::embedded
