#include "formats/archive/tar_walk.h"

#include <algorithm>
#include <utility>

#include "core/stream_source.h"
#include "core/text.h"
#include "formats/archive/codec_stream.h"
#include "formats/archive/tar_sparse.h"

namespace assay::archive::tar_format {
namespace {

constexpr std::uint64_t kMaxExtension = 1 << 20;  // of PAX records or of a long name
// In nodes, for each header: entries without bytes do not count as members.
constexpr std::uint64_t kEntryCost = 20;

EntryKind kind_of_type(char type, std::string_view name) {
  switch (type) {
    case '\0':
    case '0':  // the seventh edition has no type for directories
      return name.ends_with('/') ? EntryKind::directory : EntryKind::file;
    case '1':
      return EntryKind::hardlink;
    case '2':
      return EntryKind::symlink;
    case '3':
    case '4':
    case '6':
      return EntryKind::device;
    case '5':
      return EntryKind::directory;
    case '7':
    case 'S':
      return EntryKind::file;
    default:
      return EntryKind::other;
  }
}

bool is_extension(char type) {
  return type == 'x' || type == 'X' || type == 'g' || type == 'L' || type == 'K';
}

// What a writer may have made of `full` to fit a header field: cut it, dropped
// parts or characters that are not ASCII, or put '?' or '_' for them.
bool is_abridged(std::string_view shown, std::string_view full) {
  std::size_t at = 0;
  for (const char c : shown) {
    if (c == '?' || c == '_' || static_cast<unsigned char>(c) >= 0x80) continue;
    at = full.find(c, at);
    if (at == std::string_view::npos) return false;
    ++at;
  }
  return true;
}

// What a writer puts into the header when the PAX record holds the true size:
// the same; or, only where octal cannot hold it, zero, all sevens or its low bits.
bool is_size_placeholder(std::uint64_t header_size, std::uint64_t size) {
  constexpr std::uint64_t kMaxOctal = 077777777777;
  if (header_size == size) return true;
  return size > kMaxOctal &&
         (header_size == 0 || header_size == kMaxOctal || header_size == (size & kMaxOctal));
}

}  // namespace

Parsed<void> Walk::run() {
  while (true) {
    const ByteView view = context_.source().view(offset_, kBlockSize);
    if (view.size() < kBlockSize) return end_of_file(view);
    if (auto done = block(view); !done) return done;
  }
}

// Every common writer puts two zero blocks behind the last member, so an archive
// without even one has lost what came before them.
Parsed<void> Walk::end_of_file(Bytes rest) {
  if (torch_parts_ + 1 == 1U << kTorchParts.size()) {
    context_.metadata(0, 0, "torch.weights_only", "no: the legacy tar format is refused");
  }
  if (const auto error = context_.source().error()) return std::unexpected(*error);
  if (!is_zero(rest)) {
    if (!ended_) {
      return fail(ParseErrc::truncated, offset_, "the archive ends inside a header block");
    }
    skip_unowned("trailing-data", offset_);
  }
  if (!wants_end_) return {};
  return fail(ParseErrc::truncated, std::min(offset_, context_.source().size()),
              "the archive ends without an end-of-archive block");
}

Parsed<void> Walk::block(Bytes block) {
  if (is_zero(block)) {
    end_of_archive();
    return {};
  }
  if (!checksum_fits(block)) return damaged(block);
  if (!context_.budget().spend(Cost::nodes, kEntryCost)) {
    return std::unexpected(context_.budget().error(offset_));
  }
  return header(read_header(block));
}

bool Walk::header_at(std::uint64_t offset) {
  return checksum_fits(context_.source().view(offset, kBlockSize));
}

std::optional<std::uint64_t> Walk::next_header(std::uint64_t offset) {
  while (true) {
    const ByteView block = context_.source().view(offset, kBlockSize);
    if (block.size() < kBlockSize) return std::nullopt;
    if (checksum_fits(block)) return offset;
    offset += kBlockSize;
  }
}

// Shows the bytes from `from` up to the next header, or to the end, as a member
// that no entry names, and goes on behind it.
void Walk::skip_unowned(const char* name, std::uint64_t from) {
  const auto next = next_header((from + kBlockSize - 1) / kBlockSize * kBlockSize);
  const std::uint64_t end = next.value_or(context_.source().size());
  if (end > from) show(name, from, end - from);
  offset_ = next.value_or((end + kBlockSize - 1) / kBlockSize * kBlockSize);
}

// Readers stop at a zero block or at two, unless told to ignore them; padding
// to the size of a tape record is all zeros.
void Walk::end_of_archive() {
  if (local_ || long_name_ || long_link_) {
    context_.gap(
        {ParseErrc::truncated, offset_, "the header that an extended header announces is missing"});
    forget_extensions();
  }
  wants_end_ = false;
  const auto more = first_nonzero(context_.source(), offset_);
  if (!more) {
    offset_ = context_.source().size() / kBlockSize * kBlockSize;
    ended_ = true;
    return;
  }
  offset_ = *more / kBlockSize * kBlockSize;
  if (header_at(offset_)) {
    context_.anomaly(offset_, kBlockSize, "archive.members-after-end",
                     "a member stands behind the end-of-archive block");
  } else {
    context_.anomaly(*more, 0, "archive.trailing-data",
                     "data stand behind the end-of-archive block");
    skip_unowned("trailing-data", *more);
  }
  ended_ = true;
}

Parsed<void> Walk::damaged(Bytes block) {
  const std::uint64_t at = offset_;
  if (auto left = require_members(context_.budget(), at); !left) return left;
  context_.anomaly(at, kBlockSize, "archive.checksum", "the header's checksum is wrong");
  const auto resumes = next_header(at + kBlockSize);
  if (at == 0 && !resumes) {
    return fail(ParseErrc::malformed, 0, "no header has a right checksum");
  }
  // Without the magic it may be data that a wrong size made a header of.
  if (!has_magic(block)) {
    show("damaged-entry", at, resumes.value_or(context_.source().size()) - at);
  }
  skip_unowned("damaged-entry", at + kBlockSize);
  if (resumes) return {};
  return fail(ParseErrc::malformed, at, "the header's checksum is wrong, and none follows");
}

Parsed<void> Walk::header(const Header& header) {
  wants_end_ = true;
  if (!local_ && !long_name_ && !long_link_) header_offset_ = offset_;
  if (header.bad_number) {
    context_.anomaly(offset_, kBlockSize, "archive.bad-header",
                     "the size or the mode is not a number");
  }
  if (is_extension(header.type)) return extension(header);
  auto done = entry(header);
  forget_extensions();
  return done;
}

void Walk::forget_extensions() {
  local_.reset();
  long_name_.reset();
  long_link_.reset();
}

Parsed<void> Walk::extension(const Header& header) {
  const std::uint64_t body_offset = offset_ + kBlockSize;
  if (header.size > kMaxExtension) {
    context_.gap({ParseErrc::over_budget, offset_,
                  "an extended header of " + std::to_string(header.size) +
                      " bytes is over the limit of 1 MiB"});
    return step_over(header.size);
  }
  const auto body = read_bytes(context_.source(), body_offset, header.size);
  if (header.type == 'L') {
    long_name_ = text_field(body, 0, body.size());
  } else if (header.type == 'K') {
    long_link_ = text_field(body, 0, body.size());
  } else {
    if (header.type != 'g' && !local_) local_ = global_;
    PaxRecords& records = header.type == 'g' ? global_ : *local_;
    PaxRecords own;
    parse_pax(body, own);
    if (own.malformed || own.contradictory) {
      context_.anomaly(offset_, kBlockSize + body.size(), "archive.bad-header",
                       own.malformed ? "a PAX record is malformed"
                                     : "a PAX record comes twice with different values");
    }
    parse_pax(body, records);
  }
  return step_over(header.size);
}

// PAX records win over GNU's long names, and both over the header.
Entry Walk::describe(const Header& header, const PaxRecords& pax) const {
  Entry entry;
  entry.name = long_name_.value_or(header.name);
  entry.link = long_link_.value_or(header.link);
  if (pax.path) entry.name = *pax.path;
  if (pax.linkpath) entry.link = *pax.linkpath;
  if (pax.sparse_name) entry.name = *pax.sparse_name;
  entry.kind = kind_of_type(header.type, entry.name);
  entry.mode = header.mode;
  entry.offset = header_offset_;
  entry.header_size = offset_ + kBlockSize - header_offset_;
  entry.method = "stored";
  return entry;
}

void Walk::compare_with_pax(const Header& header, const PaxRecords& pax) {
  const auto report = [&](const std::string& what) {
    context_.anomaly(header_offset_, offset_ + kBlockSize - header_offset_, "archive.pax-overrides",
                     what);
  };
  if (pax.size && !pax.sparse && !is_size_placeholder(header.size, *pax.size)) {
    report("the header says " + std::to_string(header.size) + " bytes, the PAX record " +
           std::to_string(*pax.size));
  }
  if (pax.path && !pax.sparse && !is_abridged(header.name, *pax.path)) {
    report("the header names another file than the PAX record");
  }
  if (pax.linkpath && !is_abridged(header.link, *pax.linkpath)) {
    report("the header links to another target than the PAX record");
  }
}

// Links, directories and devices have no data, yet readers step over as many
// bytes as some of them declare (GNU tar), or do not (Python's tarfile). A
// header standing there decides; otherwise the bytes are looked at as data.
std::uint64_t Walk::data_size(const Header& header, const PaxRecords& pax, EntryKind kind) {
  const std::uint64_t size = pax.size.value_or(header.size);
  if (kind == EntryKind::file || kind == EntryKind::other || size == 0) return size;
  const bool no_data =
      header_at(offset_ + kBlockSize) || !context_.source().has(offset_ + kBlockSize);
  if (kind == EntryKind::hardlink && no_data) return 0;
  context_.anomaly(offset_, kBlockSize, "archive.ambiguous-data",
                   "an entry without data declares " + std::to_string(size) + " bytes");
  return no_data ? 0 : size;
}

Parsed<void> Walk::entry(const Header& header) {
  const PaxRecords pax = local_.value_or(global_);
  compare_with_pax(header, pax);
  Entry entry = describe(header, pax);
  const std::uint64_t size = data_size(header, pax, entry.kind);
  entry.stored_size = size;
  entry.size = pax.sparse_size.value_or(size);
  return data(entry, pax, header.type, size);
}

Parsed<void> Walk::data(const Entry& entry, const PaxRecords& pax, char type, std::uint64_t size) {
  const bool shows = entry.kind == EntryKind::file || size > 0;
  if (shows) {
    if (auto left = require_members(context_.budget(), offset_); !left) return left;
  }
  if (type == 'S' || (pax.sparse && entry.kind == EntryKind::file)) {
    return sparse_data(entry, pax, type, size);
  }
  checks_.report(entry);
  if (shows) show(entry.name, offset_ + kBlockSize, size);
  return step_over(size);
}

Parsed<void> Walk::sparse_data(const Entry& entry, const PaxRecords& pax, char type,
                               std::uint64_t size) {
  GnuSparse sparse{.map = pax.sparse_map, .size = pax.sparse_size.value_or(size), .map_size = 0};
  bool readable = true;
  std::uint64_t extra_headers = 0;
  if (type == 'S') {
    const auto read = read_gnu_sparse(context_.source(), offset_);
    readable = read.has_value();
    sparse = read.value_or(GnuSparse{});
    extra_headers = sparse.map_size;
  } else if (pax.sparse_major == 1) {
    const auto read = read_sparse_1_0(context_.source(), offset_ + kBlockSize, size);
    readable = read.has_value();
    if (read) sparse = {.map = read->map, .size = sparse.size, .map_size = read->map_size};
  }
  SparseFile file{.data_offset = offset_ + kBlockSize + sparse.map_size,
                  .stored_size = type == 'S' ? size : size - sparse.map_size,
                  .size = sparse.size,
                  .map = std::move(sparse.map)};
  Entry described = entry;
  described.size = file.size;
  described.method = "sparse";
  checks_.report(described);
  if (!readable || !is_consistent(file) || !has(file.data_offset, file.stored_size)) {
    context_.anomaly(offset_, kBlockSize, "archive.bad-header", "the sparse map makes no sense");
    show(entry.name, offset_ + kBlockSize, size);
  } else {
    StreamSource expanded([this, file] { return open_sparse(context_.source(), file); },
                          file.stored_size, context_.budget());
    context_.member({.name = entry.name, .offset = file.data_offset}, expanded);
  }
  offset_ += extra_headers;
  return step_over(size);
}

void Walk::show(const std::string& name, std::uint64_t offset, std::uint64_t size) {
  for (std::size_t i = 0; i < kTorchParts.size(); ++i) {
    if (name == kTorchParts[i]) torch_parts_ |= 1U << i;
  }
  SliceSource bytes(context_.source(), offset, size);
  context_.member({.name = name, .offset = offset}, bytes);
}

// Moves to the header behind `size` bytes of data, padded to whole blocks.
Parsed<void> Walk::step_over(std::uint64_t size) {
  const std::uint64_t begin = offset_ + kBlockSize;
  if (!has(begin, size)) {
    return fail(ParseErrc::truncated, begin,
                "a member of " + std::to_string(size) + " bytes runs past the archive's end");
  }
  const std::uint64_t padding = (kBlockSize - size % kBlockSize) % kBlockSize;
  offset_ = begin + size + padding;
  return {};
}

// Whether the archive has all of [begin, begin + size).
bool Walk::has(std::uint64_t begin, std::uint64_t size) {
  return size == 0 || (begin + size > begin && context_.source().has(begin + size - 1));
}

}  // namespace assay::archive::tar_format
