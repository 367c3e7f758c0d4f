#pragma once

#include <memory>
#include <string>

#include "core/bytes.h"

namespace assay {

// SHA-256 (FIPS 180-4) of bytes given in any number of parts.
class Sha256 {
 public:
  Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  ~Sha256();

  void update(Bytes bytes);

  // The digest of all parts in lower-case hex. Ends the computation.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The digest of one piece, in lower-case hex.
std::string sha256_hex(Bytes bytes);

}  // namespace assay
