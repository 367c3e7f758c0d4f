#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/hex.h"

// Writes protobuf by hand, so that tests can write what no serializer would.
namespace assay::onnx::test_model {

inline std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  return out + static_cast<char>(value);
}

inline std::string num(std::uint32_t field, std::uint64_t value) {
  return varint(field << 3) + varint(value);
}

inline std::string len(std::uint32_t field, std::string_view payload) {
  return varint(field << 3 | 2) + varint(payload.size()) + std::string(payload);
}

inline std::string entry(std::uint32_t field, std::string_view key, std::string_view value) {
  return len(field, len(1, key) + len(2, value));
}

inline std::string opset(std::string_view domain, std::uint64_t version) {
  return len(8, (domain.empty() ? "" : len(1, domain)) + num(2, version));
}

inline std::string node(std::string_view op_type, std::string_view domain = "",
                        std::string_view attributes = "") {
  return len(1, len(1, "x") + len(2, "y") + len(4, op_type) + std::string(attributes) +
                    (domain.empty() ? "" : len(7, domain)));
}

// A FLOAT tensor of `count` elements named "w", for `field` of its parent.
inline std::string tensor(std::uint32_t field, std::uint64_t count, std::string_view rest) {
  return len(field, num(1, count) + num(2, 1) + len(8, "w") + std::string(rest));
}

// A tensor whose data is elsewhere, with the given entries.
inline std::string external(std::string_view entries) {
  return tensor(5, 1, std::string(entries) + num(14, 1));
}

// A model of IR version 8 with one operator set and the given graph fields.
inline std::string model(std::string_view graph, std::string_view rest = "") {
  return num(1, 8) + len(2, "test") + len(7, len(2, "g") + std::string(graph)) + opset("", 13) +
         std::string(rest);
}

}  // namespace assay::onnx::test_model
