#include "provenance/crypto/pem.h"

#include <string>

namespace assay::provenance {

std::vector<ByteString> pem_blocks(std::string_view text, std::string_view label) {
  const std::string begin = "-----BEGIN " + std::string(label) + "-----";
  const std::string end = "-----END " + std::string(label) + "-----";
  std::vector<ByteString> blocks;
  for (;;) {
    const std::size_t front = text.find(begin);
    if (front == std::string_view::npos) return blocks;
    text.remove_prefix(front + begin.size());
    const std::size_t back = text.find(end);
    if (back == std::string_view::npos) return blocks;
    if (auto bytes = from_base64(text.substr(0, back))) blocks.push_back(std::move(*bytes));
    text.remove_prefix(back + end.size());
  }
}

}  // namespace assay::provenance
