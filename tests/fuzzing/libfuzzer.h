#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

// Only linked with libFuzzer, which defines it.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace assay::fuzzing {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Copies `text` to `data`, which holds `max_size` bytes; returns how many it copied.
inline std::size_t put_back(std::string_view text, std::uint8_t* data, std::size_t max_size) {
  text = text.substr(0, max_size);
  std::copy(text.begin(), text.end(), reinterpret_cast<char*>(data));
  return text.size();
}

}  // namespace assay::fuzzing
