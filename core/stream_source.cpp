#include "core/stream_source.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace assay {

StreamSource::StreamSource(Open open, std::uint64_t stored_size, Budget& budget)
    : open_(std::move(open)), stored_size_(stored_size), budget_(budget) {}

void StreamSource::restart() {
  window_.clear();
  decoded_ = 0;
  stream_ = open_();
}

// Unlike a damaged stream, a spent budget is final: there is no starting anew.
bool StreamSource::halt(ParseError error) {
  error_ = std::move(error);
  halted_ = true;
  return false;
}

// The ratio counts each byte of output once, however often it is decoded.
bool StreamSource::charge(std::uint64_t size) {
  if (!budget_.spend(Cost::expanded_bytes, size)) {
    return halt(budget_.error(0));
  }
  const std::uint64_t out = std::max(furthest_, decoded_ + size);
  const Limits& limits = budget_.limits();
  if (out > limits.ratio_floor && out / limits.ratio > stored_size_) {
    return halt({ParseErrc::over_budget, 0,
                 "limit reached: ratio (" + std::to_string(limits.ratio) +
                     " expanded bytes per stored byte)"});
  }
  return true;
}

bool StreamSource::decode_block() {
  if (halted_ || (size_ && decoded_ >= *size_)) return false;
  if (!stream_) restart();
  auto bytes = std::make_shared<std::vector<std::byte>>(kBlockSize);
  std::size_t filled = 0;
  while (filled < kBlockSize) {
    const std::size_t got = stream_->read(std::span(*bytes).subspan(filled));
    if (got == 0) break;
    filled += got;
  }
  if (filled > 0 && !charge(filled)) return false;
  bytes->resize(filled);
  if (filled > 0) window_.push_back({decoded_, bytes});
  if (window_.size() > kWindowBlocks) window_.pop_front();
  decoded_ += filled;
  furthest_ = std::max(furthest_, decoded_);
  if (filled < kBlockSize) {
    if (!error_) error_ = stream_->error();
    if (!size_) {
      size_ = decoded_;
      complaints_ = stream_->complaints();
    }
  }
  return filled > 0;
}

bool StreamSource::decode_to(std::uint64_t end) {
  while (decoded_ < end && decode_block()) {
  }
  return decoded_ >= end;
}

bool StreamSource::has(std::uint64_t offset) {
  if (size_) return offset < *size_;
  if (offset < furthest_) return true;
  return decode_to(offset + 1);
}

std::uint64_t StreamSource::size() {
  while (!size_ && decode_block()) {
  }
  return size_.value_or(furthest_);
}

ByteView StreamSource::view(std::uint64_t offset, std::uint64_t size) {
  if (size == 0 || (size_ && offset >= *size_)) return {};
  if (!window_.empty() && offset < window_.front().offset) {
    if (halted_) return {};
    restart();
  }
  // Only what the window can hold is promised; callers ask for less.
  size = std::min<std::uint64_t>(size, (kWindowBlocks - 1) * kBlockSize);
  decode_to(offset + size);
  if (window_.empty() || offset >= decoded_ || offset < window_.front().offset) return {};
  const std::uint64_t end = std::min(decoded_, offset + size);
  const auto index = static_cast<std::size_t>((offset - window_.front().offset) / kBlockSize);
  const Block& first = window_[index];
  if (end <= first.offset + first.bytes->size()) {
    return {clip(*first.bytes, offset - first.offset, end - offset), first.bytes};
  }
  auto joined = std::make_shared<std::vector<std::byte>>(static_cast<std::size_t>(end - offset));
  std::size_t filled = 0;
  for (std::size_t i = index; filled < joined->size(); ++i) {
    const Bytes part = clip(*window_[i].bytes, offset + filled - window_[i].offset, end - offset - filled);
    std::memcpy(joined->data() + filled, part.data(), part.size());
    filled += part.size();
  }
  return {*joined, joined};
}

std::vector<ParseError> StreamSource::complaints() {
  size();
  return complaints_;
}

}  // namespace assay
