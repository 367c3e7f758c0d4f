#include "formats/archive/codec_stream.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace assay::archive {
namespace {

constexpr std::uint64_t kMinInput = 64;  // no decoder wants more in one piece
// Opening a decoder, in nodes: files of millions of empty members are slow, not big.
constexpr std::uint64_t kMemberCost = 20;
constexpr std::size_t kMaxComplaints = 16;

}  // namespace

std::optional<std::uint64_t> first_nonzero(ByteSource& source, std::uint64_t offset) {
  std::optional<std::uint64_t> found;
  for_each_block(source, offset, std::numeric_limits<std::uint64_t>::max() - offset,
                 [&](Bytes block, std::uint64_t at) {
                   const auto it =
                       std::ranges::find_if(block, [](std::byte b) { return b != std::byte{0}; });
                   if (it != block.end()) {
                     found = at + static_cast<std::uint64_t>(it - block.begin());
                   }
                   return !found;
                 });
  return found;
}

std::size_t CodecStream::read(std::span<std::byte> out) {
  std::size_t filled = 0;
  while (filled < out.size() && !done_) {
    if (codec_ || begin_member()) filled += step(out.subspan(filled));
  }
  return filled;
}

bool CodecStream::begin_member() {
  const std::uint64_t ended_at = offset_;
  if (member_count_ > 0) {
    const auto next = first_nonzero(source_, offset_);
    if (!next) {
      finish(ended_at);
      return false;
    }
    offset_ = *next;
  }
  const ByteView head = source_.view(offset_, Compression::kHeadSize);
  if (member_count_ > 0 && !kind_.starts(head)) {
    finish(ended_at);
    return false;
  }
  if (!budget_.spend(Cost::nodes, kMemberCost)) {
    stop(budget_.error(offset_));
    return false;
  }
  member_offset_ = ended_at;
  member_gave_ = false;
  ++member_count_;
  codec_ = kind_.open(head);
  if (kind_.payload) {
    const Parsed<std::uint64_t> payload = kind_.payload(source_, offset_);
    if (!payload) {
      stop(payload.error());
      return false;
    }
    offset_ = *payload;
  }
  input_ = {};
  position_ = 0;
  return true;
}

void CodecStream::refill() {
  if (position_ < input_.size() && !starving_) return;
  input_ = {};
  input_ = source_.view(offset_, std::max(kMinInput, source_.window_size()));
  position_ = 0;
}

std::size_t CodecStream::step(std::span<std::byte> out) {
  refill();
  Step done = codec_->step(input_.bytes().subspan(position_), out);
  position_ += done.consumed;
  offset_ += done.consumed;
  produced_ += done.produced;
  member_gave_ = member_gave_ || done.produced > 0;
  if (done.error) {
    stop(std::move(*done.error));
  } else if (done.ended) {
    member_ended();
  } else if (done.consumed == 0 && done.produced == 0) {
    if (starving_ || input_.empty()) {
      const auto failed = source_.error();
      stop(failed ? *failed
                  : ParseError{ParseErrc::truncated, 0,
                               "the " + std::string(kind_.name) + " stream ends before its end"});
    }
    starving_ = true;
    return 0;
  }
  starving_ = false;
  return done.produced;
}

void CodecStream::member_ended() {
  const auto complaint = codec_->complaint();
  if (complaint && complaints_.size() < kMaxComplaints) {
    complaints_.push_back({ParseErrc::malformed, produced_, *complaint});
  }
  codec_.reset();
}

void CodecStream::stop(ParseError error) {
  if (member_count_ > 1 && !member_gave_ && error.code == ParseErrc::malformed) {
    finish(member_offset_);
    return;
  }
  done_ = true;
  error.offset = produced_;
  error_ = std::move(error);
}

void CodecStream::finish(std::uint64_t offset) {
  done_ = true;
  end_->offset = offset;
}

}  // namespace assay::archive
