#pragma once

#include <memory>

#include "core/bytes.h"
#include "provenance/base64.h"

namespace assay::provenance {

// BLAKE2b (RFC 7693) without a key, 64 bytes, of bytes given in any number of parts.
class Blake2b {
 public:
  static constexpr std::size_t kDigestSize = 64;

  Blake2b();
  Blake2b(const Blake2b&) = delete;
  Blake2b& operator=(const Blake2b&) = delete;
  ~Blake2b();

  void update(Bytes bytes);
  // Ends the computation.
  ByteString finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace assay::provenance
