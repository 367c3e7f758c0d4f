#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/budget.h"
#include "core/byte_source.h"
#include "rules/yara/libyara.h"

namespace assay {

// The bytes [offset, offset + size) of an artifact.
struct Region {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  bool operator==(const Region&) const = default;
};

// `regions` in ascending order, those that touch or overlap made one, empty
// ones left out.
std::vector<Region> merged(std::span<const Region> regions);

// Regions of a source in blocks of kBlockSize, each beginning kOverlap before
// the end of the one before, so that a match over the border is seen whole.
// Holds one block at a time. Ends early when the source fails or the engine
// says stop; stopped() and the source's error() tell.
class RegionBlocks final : public libyara::Blocks {
 public:
  static constexpr std::uint64_t kBlockSize = 1024 * 1024;
  static constexpr std::uint64_t kOverlap = 4096;
  // What conditions may read again, once the scan is through.
  static constexpr std::uint64_t kMaxReread = 256ULL << 20;

  RegionBlocks(ByteSource& source, std::span<const Region> regions, const Budget& budget)
      : source_(source), budget_(budget), regions_(merged(regions)) {}

  std::optional<libyara::Block> at(std::size_t index) override;
  Bytes fetch(const libyara::Block& block) override;
  std::uint64_t artifact_size() override { return source_.size(); }

  bool stopped() const { return stopped_; }
  // Conditions wanted to read more than kMaxReread.
  bool reread_too_much() const { return reread_ > kMaxReread; }

 private:
  std::optional<libyara::Block> read_next();

  ByteSource& source_;
  const Budget& budget_;
  std::vector<Region> regions_;
  std::vector<libyara::Block> seen_;
  std::size_t region_ = 0;      // the region being read
  std::uint64_t position_ = 0;  // in it, where the next block begins
  ByteView view_;               // the bytes of the block at view_offset_
  std::uint64_t view_offset_ = 0;
  std::uint64_t reread_ = 0;
  bool stopped_ = false;
};

}  // namespace assay
