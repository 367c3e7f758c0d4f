#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/budget.h"
#include "core/byte_source.h"
#include "formats/embedded/sweep.h"
#include "provenance/sha256.h"
#include "scanner/provenance/digesting.h"

namespace assay {

// Shows every byte of an artifact once to whoever must see all of them, the
// hash and the sweep for embedded programs, while it is parsed: as a parser
// moves forward, what it reads and what it skips passes here. A look at the tail
// (zip end records) is let through without reading what lies before it.
class OnePassSource final : public ByteSource {
 public:
  // `source` must outlive this. A stop in `budget` ends the pass early.
  // `also`, if there is one, sees every byte too.
  OnePassSource(ByteSource& source, const Budget& budget, bool hash, DigestTelling* also = nullptr);

  std::uint64_t size() override { return source_.size(); }
  bool has(std::uint64_t offset) override { return source_.has(offset); }
  ByteView view(std::uint64_t offset, std::uint64_t size) override;
  std::optional<ParseError> error() const override { return source_.error(); }
  std::vector<ParseError> complaints() override { return source_.complaints(); }

  // Reads what no parser asked for. False when the source failed or the engine
  // said stop before the end.
  bool finish();

  // After finish(): the SHA-256 in hex; empty when it was not wanted or the end
  // was not reached.
  const std::string& sha256() const { return sha256_; }
  const std::vector<embedded::Hit>& hits() const { return hits_; }

  static constexpr std::uint64_t kTailZone = 128 << 10;
  static constexpr std::uint64_t kBlockSize = 256 << 10;

 private:
  void advance_to(std::uint64_t offset);
  void absorb(Bytes bytes, std::uint64_t offset);

  ByteSource& source_;
  const Budget& budget_;
  std::optional<Sha256> hash_;
  DigestTelling* also_;
  embedded::Sweep sweep_;
  std::vector<embedded::Hit> hits_;
  std::string sha256_;
  std::uint64_t frontier_ = 0;  // all before it has been shown
};

}  // namespace assay
