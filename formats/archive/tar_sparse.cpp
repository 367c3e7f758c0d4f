#include "formats/archive/tar_sparse.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace assay::archive::tar_format {
namespace {

constexpr std::uint64_t kMaxMapSize = 1 << 20;
constexpr std::size_t kExtentSize = 24;  // two numbers of 12 bytes

// Extents until the first empty one, as GNU tar reads them.
bool read_extents(Bytes table, std::vector<Extent>& map) {
  for (std::size_t at = 0; at + kExtentSize <= table.size(); at += kExtentSize) {
    if (table[at] == std::byte{0} || table[at + 12] == std::byte{0}) return true;
    const Number offset = parse_number(table.subspan(at, 12));
    const Number size = parse_number(table.subspan(at + 12, 12));
    if (!offset.ok || !size.ok) return false;
    map.push_back({offset.value, size.value});
  }
  return true;
}

class SparseStream final : public ByteStream {
 public:
  SparseStream(ByteSource& archive, SparseFile file) : archive_(archive), file_(std::move(file)) {}

  std::size_t read(std::span<std::byte> out) override {
    std::size_t filled = 0;
    while (filled < out.size() && at_ < file_.size && !error_) {
      filled += read_piece(out.subspan(filled));
    }
    return filled;
  }

  std::optional<ParseError> error() const override { return error_; }

 private:
  std::size_t read_piece(std::span<std::byte> out) {
    while (index_ < file_.map.size() && at_ >= end_of(file_.map[index_])) {
      stored_at_ += file_.map[index_++].size;
    }
    const bool in_hole = index_ >= file_.map.size() || at_ < file_.map[index_].offset;
    const std::uint64_t end = in_hole ? hole_end() : end_of(file_.map[index_]);
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), end - at_));
    const std::size_t got = in_hole ? zeros(out.first(size)) : copy(out.first(size));
    at_ += got;
    return got;
  }

  static std::uint64_t end_of(const Extent& extent) { return extent.offset + extent.size; }
  std::uint64_t hole_end() const {
    return index_ < file_.map.size() ? file_.map[index_].offset : file_.size;
  }

  static std::size_t zeros(std::span<std::byte> out) {
    std::ranges::fill(out, std::byte{0});
    return out.size();
  }

  std::size_t copy(std::span<std::byte> out) {
    const std::uint64_t from = file_.data_offset + stored_at_ + (at_ - file_.map[index_].offset);
    const ByteView view = archive_.view(from, out.size());
    if (view.empty()) {
      error_ = ParseError{ParseErrc::truncated, from, "the archive ends inside a sparse file"};
      return 0;
    }
    std::memcpy(out.data(), view.bytes().data(), view.size());
    return view.size();
  }

  ByteSource& archive_;
  SparseFile file_;
  std::uint64_t at_ = 0;         // in the file
  std::uint64_t stored_at_ = 0;  // where extent index_ begins in the stored bytes
  std::size_t index_ = 0;
  std::optional<ParseError> error_;
};

}  // namespace

std::optional<GnuSparse> read_gnu_sparse(ByteSource& source, std::uint64_t offset) {
  constexpr std::size_t kTable = 386, kTableSize = 4 * kExtentSize;
  constexpr std::size_t kExtended = 482, kRealSize = 483;
  constexpr std::size_t kMoreSize = 21 * kExtentSize;  // in a continuation, then its own flag
  GnuSparse sparse;
  ByteView block = source.view(offset, kBlockSize);
  if (block.size() < kBlockSize) return std::nullopt;
  const Number size = parse_number(block.bytes().subspan(kRealSize, 12));
  sparse.size = size.value;
  if (!size.ok || !read_extents(block.bytes().subspan(kTable, kTableSize), sparse.map)) {
    return std::nullopt;
  }
  bool more = block.bytes()[kExtended] != std::byte{0};
  while (more) {
    sparse.map_size += kBlockSize;
    block = source.view(offset + sparse.map_size, kBlockSize);
    if (block.size() < kBlockSize || sparse.map_size > kMaxMapSize) return std::nullopt;
    if (!read_extents(block.bytes().first(kMoreSize), sparse.map)) return std::nullopt;
    more = block.bytes()[kMoreSize] != std::byte{0};
  }
  return sparse;
}

std::optional<GnuSparse> read_sparse_1_0(ByteSource& source, std::uint64_t offset,
                                         std::uint64_t data_size) {
  const auto text = read_bytes(source, offset, std::min(data_size, kMaxMapSize));
  std::string_view rest = as_text(text);
  const auto next = [&rest]() -> std::optional<std::uint64_t> {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const auto number = parse_decimal(rest.substr(0, end));
    rest.remove_prefix(end + 1);
    return number;
  };
  const auto count = next();
  if (!count || *count > text.size()) return std::nullopt;
  GnuSparse sparse;
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto begin = next();
    const auto size = next();
    if (!begin || !size) return std::nullopt;
    sparse.map.push_back({*begin, *size});
  }
  const std::uint64_t used = text.size() - rest.size();
  sparse.map_size = (used + kBlockSize - 1) / kBlockSize * kBlockSize;
  if (sparse.map_size > data_size) return std::nullopt;
  return sparse;
}

bool is_consistent(const SparseFile& file) {
  std::uint64_t end = 0;
  std::uint64_t stored = 0;
  for (const Extent& extent : file.map) {
    if (extent.offset < end || extent.offset > file.size) return false;
    if (extent.size > file.size - extent.offset) return false;
    end = extent.offset + extent.size;
    stored += extent.size;  // no overflow: extents do not overlap
  }
  return stored == file.stored_size;
}

std::unique_ptr<ByteStream> open_sparse(ByteSource& archive, SparseFile file) {
  return std::make_unique<SparseStream>(archive, std::move(file));
}

}  // namespace assay::archive::tar_format
