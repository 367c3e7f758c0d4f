#include "formats/archive/library_reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <iconv.h>
#include <locale.h>  // newlocale and uselocale are POSIX, not <clocale>
#include <time.h>    // tzset is POSIX, not <ctime>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "core/text.h"
#include "formats/archive/archive.h"

namespace assay::archive {
namespace {

// The same for every source: what the library makes of damage depends on it.
constexpr std::uint64_t kInputSize = 256 * 1024;

// libarchive converts names to the thread's locale, and loses what that lacks:
// it is UTF-8 while the library runs, and what the caller had afterwards.
class Utf8Names {
 public:
  Utf8Names() : before_(uselocale(utf8())) {}
  Utf8Names(const Utf8Names&) = delete;
  Utf8Names& operator=(const Utf8Names&) = delete;
  ~Utf8Names() { uselocale(before_); }

 private:
  static locale_t utf8() {
    static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return locale;
  }
  locale_t before_;
};

// What the callbacks read from.
struct Input {
  ByteSource& source;
  std::uint64_t position = 0;
  ByteView view;         // keeps the last block alive until the next call
  bool starved = false;  // the library wanted more than there is
};

la_ssize_t read_block(struct archive*, void* data, const void** block) {
  Input& input = *static_cast<Input*>(data);
  input.view = {};
  input.view = input.source.view(input.position, kInputSize);
  input.position += input.view.size();
  input.starved = input.view.empty();
  *block = input.view.bytes().data();
  return static_cast<la_ssize_t>(input.view.size());
}

la_int64_t skip(struct archive*, void* data, la_int64_t request) {
  Input& input = *static_cast<Input*>(data);
  const std::uint64_t size = input.source.size();
  const std::uint64_t left = size - std::min(size, input.position);
  const std::uint64_t skipped =
      std::min(left, static_cast<std::uint64_t>(std::max<la_int64_t>(request, 0)));
  input.position += skipped;
  return static_cast<la_int64_t>(skipped);
}

la_int64_t seek(struct archive*, void* data, la_int64_t offset, int whence) {
  Input& input = *static_cast<Input*>(data);
  const auto size = static_cast<la_int64_t>(input.source.size());
  const la_int64_t base = whence == SEEK_SET   ? 0
                          : whence == SEEK_CUR ? static_cast<la_int64_t>(input.position)
                                               : size;
  if (offset < -base || offset > size - base) return ARCHIVE_FATAL;
  input.position = static_cast<std::uint64_t>(base + offset);
  return base + offset;
}

bool mentions(std::string_view text, std::string_view word) {
  return to_lower(text).contains(word);
}

// libarchive has no error codes that tell these apart.
ParseErrc code_of(std::string_view message) {
  if (mentions(message, "truncated") || mentions(message, "unexpected end") ||
      mentions(message, "i/o error")) {
    return ParseErrc::truncated;
  }
  if (mentions(message, "crypt")) return ParseErrc::encrypted;
  if (mentions(message, "support") || mentions(message, "unknown compression")) {
    return ParseErrc::unsupported;
  }
  if (mentions(message, "memory")) return ParseErrc::over_budget;
  return ParseErrc::malformed;
}

bool enable(struct archive* handle, LibraryFormat format) {
  switch (format) {
    case LibraryFormat::seven_zip:
      return archive_read_support_format_7zip(handle) == ARCHIVE_OK;
    case LibraryFormat::any_rar:
      break;
  }
  return archive_read_support_format_rar(handle) == ARCHIVE_OK &&
         archive_read_support_format_rar5(handle) == ARCHIVE_OK;
}

EntryKind kind_of_entry(struct archive_entry* entry) {
  if (archive_entry_hardlink(entry) != nullptr) return EntryKind::hardlink;
  switch (archive_entry_filetype(entry)) {
    case AE_IFDIR:
      return EntryKind::directory;
    case AE_IFLNK:
      return EntryKind::symlink;
    case AE_IFCHR:
    case AE_IFBLK:
    case AE_IFIFO:
    case AE_IFSOCK:
      return EntryKind::device;
    default:
      return EntryKind::file;
  }
}

std::string text_or_empty(const char* text) { return text ? text : ""; }

std::string target_of(struct archive_entry* entry) {
  const char* hard = archive_entry_hardlink(entry);
  return text_or_empty(hard ? hard : archive_entry_symlink(entry));
}

}  // namespace

struct LibraryReader::State {
  explicit State(ByteSource& source) : input{source} {}
  ~State() { archive_read_free(handle); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  bool open(LibraryFormat format) {
    if (!handle || !enable(handle, format)) return false;
    archive_read_set_read_callback(handle, read_block);
    archive_read_set_skip_callback(handle, skip);
    archive_read_set_seek_callback(handle, seek);
    archive_read_set_callback_data(handle, &input);
    opened = archive_read_open1(handle) == ARCHIVE_OK;
    return opened;
  }

  // `offset`: where that was, as the library tells only how far it has read ahead.
  ParseError last_error(std::uint64_t offset) const {
    if (const auto failed = input.source.error()) return *failed;
    const std::string message = text_or_empty(archive_error_string(handle));
    // Of a handle that did not open the library must not be asked.
    const bool encrypted = opened && archive_read_has_encrypted_entries(handle) > 0;
    if (encrypted || !message.empty()) {
      return {encrypted ? ParseErrc::encrypted : code_of(message), offset, escaped(message)};
    }
    return {input.starved ? ParseErrc::truncated : ParseErrc::malformed, offset,
            input.starved ? "the archive ends inside an entry" : "the archive cannot be read"};
  }

  // Where the current entry's header stands; a 7z entry has no header of its own.
  std::uint64_t header_offset() const {
    if (!opened || archive_format(handle) == ARCHIVE_FORMAT_7ZIP) return 0;
    const auto at = std::max<la_int64_t>(archive_read_header_position(handle), 0);
    return std::min(static_cast<std::uint64_t>(at), input.source.size());
  }

  bool next_block();

  Input input;
  struct archive* handle = archive_read_new();
  bool opened = false;
  bool ended = false;
  std::optional<ParseError> error;
  std::optional<ParseError> entry_error;
  std::vector<ParseError> complaints;
  Bytes block;                     // what the library gave last, not yet passed on
  std::uint64_t block_offset = 0;  // of `block` in the entry
  std::uint64_t position = 0;      // in the entry
};

LibraryReader::LibraryReader(ByteSource& source, LibraryFormat format)
    : state_(std::make_unique<State>(source)) {
  const Utf8Names names;
  if (!state_->open(format)) state_->error = state_->last_error(0);
}

LibraryReader::~LibraryReader() = default;

std::optional<LibraryReader::NextEntry> LibraryReader::next() {
  State& state = *state_;
  if (state.error || state.ended) return std::nullopt;
  const Utf8Names names;
  state.entry_error.reset();
  state.complaints.clear();
  state.block = {};
  state.block_offset = state.position = 0;
  struct archive_entry* found = nullptr;
  const int result = archive_read_next_header(state.handle, &found);
  if (result == ARCHIVE_EOF) {
    state.ended = true;
    return std::nullopt;
  }
  if (result < ARCHIVE_WARN) {
    state.error = state.last_error(state.header_offset());
    return std::nullopt;
  }
  NextEntry next;
  if (result == ARCHIVE_WARN &&
      !mentions(text_or_empty(archive_error_string(state.handle)), "convert")) {
    next.warning = state.last_error(state.header_offset());
  }
  next.encrypted = archive_entry_is_encrypted(found) != 0;
  Entry& entry = next.entry;
  entry.name = text_or_empty(archive_entry_pathname(found));
  entry.link = target_of(found);
  entry.kind = kind_of_entry(found);
  entry.mode = archive_entry_perm(found);
  entry.size = static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(found), 0));
  entry.offset = state.header_offset();
  return next;
}

// Asks the library for more of the entry. False at its end or on an error.
bool LibraryReader::State::next_block() {
  const void* data = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  const int result = archive_read_data_block(handle, &data, &size, &offset);
  if (result == ARCHIVE_EOF) return false;
  if (result == ARCHIVE_WARN) {
    complaints.push_back(last_error(position));
  } else if (result != ARCHIVE_OK) {
    entry_error = last_error(position);
    return false;
  }
  block = Bytes{static_cast<const std::byte*>(data), size};
  block_offset = static_cast<std::uint64_t>(offset);
  return true;
}

std::size_t LibraryReader::read(std::span<std::byte> out) {
  State& state = *state_;
  const Utf8Names names;
  while (state.block.empty()) {
    if (state.entry_error || !state.next_block()) return 0;
  }
  std::size_t size = 0;
  if (state.position < state.block_offset) {
    size = static_cast<std::size_t>(
        std::min<std::uint64_t>(out.size(), state.block_offset - state.position));
    std::ranges::fill(out.first(size), std::byte{0});
  } else {
    size = std::min(out.size(), state.block.size());
    std::memcpy(out.data(), state.block.data(), size);
    state.block = state.block.subspan(size);
    state.block_offset += size;
  }
  state.position += size;
  return size;
}

const std::optional<ParseError>& LibraryReader::error() const { return state_->error; }
const std::optional<ParseError>& LibraryReader::entry_error() const { return state_->entry_error; }
const std::vector<ParseError>& LibraryReader::complaints() const { return state_->complaints; }

void prepare() {
  const Utf8Names names;
  tzset();
  // 7z and rar keep names in UTF-16.
  const iconv_t converter = iconv_open("UTF-8", "UTF-16LE");
  if (converter != reinterpret_cast<iconv_t>(-1)) iconv_close(converter);
}

}  // namespace assay::archive
