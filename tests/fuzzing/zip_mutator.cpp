#include "tests/fuzzing/zip_mutator.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace assay::fuzzing {
namespace {

using Kind = ZipRecordKind;
using Field = ZipField;

// A field both headers have, by its place in the local and in the central one.
constexpr std::array<std::pair<Field, Field>, 5> kShared{{{{6, 2}, {8, 2}},      // flags
                                                          {{8, 2}, {10, 2}},     // method
                                                          {{14, 4}, {16, 4}},    // CRC
                                                          {{18, 4}, {20, 4}},    // stored size
                                                          {{22, 4}, {24, 4}}}};  // size

constexpr std::uint64_t kMethods[]{0, 1, 8, 9, 12, 14, 20, 93, 95, 99};

std::uint32_t crc32(std::string_view data) {
  std::uint32_t crc = ~0U;
  for (const char c : data) {
    crc ^= static_cast<std::uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

class ZipEditor {
 public:
  ZipEditor(std::string_view zip, std::size_t max_size, Dice& dice, ByteMutator mutate)
      : zip_(zip), max_size_(max_size), dice_(dice), mutate_(mutate), records_(zip_records(zip)) {}

  // Whether there was something to edit.
  bool edit() {
    if (records_.empty()) return false;
    switch (dice_.below(10)) {
      case 0:
      case 1:
      case 2:
        return edit_field(dice_.pick(records_));
      case 3:
        return edit_both_headers();
      case 4:
        return exchange_names();
      case 5:
        return drop_or_double_entry();
      case 6:
        return insert_bytes();
      case 7:
      case 8:
        return edit_content();
      default:
        return add_zip64_field();
    }
  }

  std::string take() && { return std::move(zip_); }

 private:
  std::uint64_t number(std::size_t at, std::size_t size) const {
    std::uint64_t value = 0;
    for (std::size_t i = size; i-- > 0;)
      value = value << 8 | static_cast<std::uint8_t>(zip_[at + i]);
    return value;
  }
  void set(std::size_t at, std::size_t size, std::uint64_t value) {
    zip_.replace(at, size, little_endian(value, size));
  }
  void add(std::size_t at, std::size_t size, std::uint64_t more) {
    set(at, size, number(at, size) + more);
  }

  bool fits(std::size_t more) const { return zip_.size() + more <= max_size_; }

  std::vector<ZipRecord> all(Kind kind) const {
    std::vector<ZipRecord> found;
    std::ranges::copy_if(records_, std::back_inserter(found),
                         [&](const ZipRecord& record) { return record.kind == kind; });
    return found;
  }
  std::optional<ZipRecord> any(Kind kind) {
    const auto found = all(kind);
    if (found.empty()) return std::nullopt;
    return dice_.pick(found);
  }

  // Of a field of `size` bytes that holds `old`.
  std::uint64_t new_value(std::uint64_t old, std::size_t size) {
    switch (dice_.below(5)) {
      case 0:
        return dice_.pick(records_).offset;
      case 1:
        return interesting_number(dice_, zip_.size());
      case 2:
        return old ^ 1ULL << dice_.below(8 * size);
      case 3:
        return dice_.pick(kMethods);
      default:
        return interesting_number(dice_, old);
    }
  }

  bool edit_field(const ZipRecord& record) {
    const Field field = dice_.pick(zip_layout(record).fields);
    const std::size_t at = record.offset + field.offset;
    set(at, field.size, new_value(number(at, field.size), field.size));
    return true;
  }

  // The local header that the central entry points at, where it does.
  std::optional<ZipRecord> local_of(const ZipRecord& central) const {
    const std::uint64_t at = number(central.offset + 42, 4);
    const auto locals = all(Kind::local);
    const auto found = std::ranges::find(locals, at, &ZipRecord::offset);
    return found == locals.end() ? std::nullopt : std::optional(*found);
  }

  // The same lie twice: readers that compare the headers find nothing.
  bool edit_both_headers() {
    const auto central = any(Kind::central);
    const auto local = central ? local_of(*central) : std::nullopt;
    if (!local) return false;
    const auto [in_local, in_central] = dice_.pick(kShared);
    const std::uint64_t old = number(local->offset + in_local.offset, in_local.size);
    const std::uint64_t value = new_value(old, in_local.size);
    set(local->offset + in_local.offset, in_local.size, value);
    set(central->offset + in_central.offset, in_central.size, value);
    return true;
  }

  // Where the name of a local header or a central entry stands, as far as there is one.
  std::optional<Field> name_of(const ZipRecord& record) const {
    const bool is_local = record.kind == Kind::local;
    if (!is_local && record.kind != Kind::central) return std::nullopt;
    const std::size_t begin = record.offset + zip_layout(record).size;
    const std::uint64_t size = number(record.offset + (is_local ? 26 : 28), 2);
    if (size == 0 || size > zip_.size() - begin) return std::nullopt;
    return Field{begin, static_cast<std::size_t>(size)};
  }

  // One record takes the front of another one's name, or its own in another case.
  bool exchange_names() {
    const auto to = name_of(dice_.pick(records_));
    const auto from = name_of(dice_.pick(records_));
    if (!to || !from) return false;
    static constexpr std::array<std::string_view, 8> kNames{
        "a/data.pkl", "../x", "/x",       "a\\b",
        "a/version",  "x/",   "data.pkl", std::string_view("a\0b", 3)};
    std::string name = zip_.substr(from->offset, from->size);
    if (dice_.one_in(3)) name = dice_.pick(kNames);
    if (dice_.one_in(3)) name[dice_.below(name.size())] ^= 0x20;
    name.resize(std::min(name.size(), to->size));
    zip_.replace(to->offset, name.size(), name);
    return true;
  }

  bool drop_or_double_entry() {
    const auto central = any(Kind::central);
    if (!central) return false;
    std::size_t size = zip_layout(*central).size;
    for (const std::size_t field : {28U, 30U, 32U}) size += number(central->offset + field, 2);
    if (size > zip_.size() - central->offset) return false;
    const bool doubles = dice_.one_in(2);
    if (doubles && !fits(size)) return false;
    if (!dice_.one_in(3)) count_entries(doubles ? 1 : ~0ULL, doubles ? size : ~size + 1);
    if (doubles) {
      zip_.insert(central->offset, zip_.substr(central->offset, size));
    } else {
      zip_.erase(central->offset, size);
    }
    return true;
  }

  void count_entries(std::uint64_t entries, std::uint64_t bytes) {
    for (const ZipRecord& end : all(Kind::end)) {
      add(end.offset + 8, 2, entries);
      add(end.offset + 10, 2, entries);
      add(end.offset + 12, 4, bytes);
    }
  }

  // Bytes, or a copy of some, before a record; offsets behind go along half the time.
  bool insert_bytes() {
    const std::size_t at = dice_.pick(records_).offset;
    const std::size_t from =
        dice_.one_in(2) ? dice_.below(zip_.size()) : dice_.pick(records_).offset;
    const std::string bytes = zip_.substr(from, 1 + dice_.below(80));
    if (!fits(bytes.size())) return false;
    if (dice_.one_in(2)) shift_offsets(at, bytes.size());
    zip_.insert(at, bytes);
    return true;
  }

  void shift_offsets(std::size_t from, std::size_t size) {
    const auto shift = [&](std::size_t at, std::size_t width) {
      if (number(at, width) >= from) add(at, width, size);
    };
    for (const ZipRecord& record : records_) {
      if (record.kind == Kind::central) shift(record.offset + 42, 4);
      if (record.kind == Kind::end) shift(record.offset + 16, 4);
      if (record.kind == Kind::end64) shift(record.offset + 48, 8);
      if (record.kind == Kind::locator64) shift(record.offset + 8, 8);
    }
  }

  // Changes what a member holds and mostly makes its checksum true for it.
  bool edit_content() {
    const auto local = any(Kind::local);
    if (!local) return false;
    std::size_t begin = local->offset + zip_layout(*local).size;
    for (const std::size_t field : {26U, 28U}) begin += number(local->offset + field, 2);
    const std::uint64_t size = number(local->offset + 18, 4);
    if (begin > zip_.size() || size == 0 || size > zip_.size() - begin) return false;
    const auto length = static_cast<std::size_t>(size);
    std::string content = mutated_bytes(zip_.substr(begin, length), length, mutate_);
    content.resize(length);
    zip_.replace(begin, length, content);
    if (!dice_.one_in(4)) set_checksum(*local, crc32(content));
    return true;
  }

  void set_checksum(const ZipRecord& local, std::uint32_t crc) {
    set(local.offset + 14, 4, crc);
    for (const ZipRecord& central : all(Kind::central)) {
      if (number(central.offset + 42, 4) == local.offset) set(central.offset + 16, 4, crc);
    }
  }

  // An extra field with 64-bit sizes; the 32-bit ones ask for it or do not.
  bool add_zip64_field() {
    const ZipRecord record = dice_.pick(records_);
    const auto name = name_of(record);
    if (!name) return false;
    const bool is_local = record.kind == Kind::local;
    const std::size_t sizes = record.offset + (is_local ? 18 : 20);
    const std::string field = little_endian(1, 2) + little_endian(16, 2) +
                              little_endian(number(sizes + 4, 4), 8) +
                              little_endian(number(sizes, 4), 8);
    if (!fits(field.size())) return false;
    add(record.offset + (is_local ? 28 : 30), 2, field.size());
    if (dice_.one_in(2)) set(sizes, 8, ~0ULL);
    const std::size_t at = name->offset + name->size;
    if (!is_local) count_entries(0, field.size());
    shift_offsets(at, field.size());
    zip_.insert(at, field);
    return true;
  }

  std::string zip_;
  std::size_t max_size_;
  Dice& dice_;
  ByteMutator mutate_;
  std::vector<ZipRecord> records_;
};

}  // namespace

std::string mutated_zip(std::string_view zip, std::size_t max_size, unsigned seed,
                        ByteMutator mutate) {
  Dice dice(seed);
  zip = zip.substr(0, max_size);
  if (!dice.one_in(6)) {
    ZipEditor editor(zip, max_size, dice, mutate);
    for (int attempt = 0; attempt < 4; ++attempt) {
      if (editor.edit()) return std::move(editor).take();
    }
  }
  return mutated_bytes(std::string(zip), max_size, mutate);
}

}  // namespace assay::fuzzing
