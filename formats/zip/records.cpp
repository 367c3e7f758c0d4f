#include "formats/zip/records.h"

#include <string>
#include <utility>

#include "core/byte_reader.h"

namespace assay::zip {
namespace {

constexpr std::uint32_t kAskZip64 = 0xFFFFFFFF;
constexpr std::uint16_t kZip64Id = 0x0001;

// Fills `value` from the zip64 field if its 32 bits say so (4.5.3: only the
// values that do not fit are there, in a fixed order).
void widen(ByteReader& zip64, std::uint64_t& value, Fields& fields) {
  if (value != kAskZip64) return;
  const auto wide = zip64.le<std::uint64_t>();
  if (zip64.ok()) {
    value = wide;
  } else {
    fields.zip64_odd = true;
  }
}

// A reader that takes the zip64 field unasked would see other sizes.
bool contradicts(Bytes zip64, const Fields& fields) {
  ByteReader in{zip64};
  const auto size = in.le<std::uint64_t>();
  const auto stored_size = in.le<std::uint64_t>();
  return in.ok() && (size != fields.size || stored_size != fields.stored_size);
}

void apply_zip64(Fields& fields, std::uint64_t* local_offset) {
  const bool asked = fields.size == kAskZip64 || fields.stored_size == kAskZip64 ||
                     (local_offset != nullptr && *local_offset == kAskZip64);
  const std::optional<Bytes> field = extra_field(fields.extra, kZip64Id);
  if (!field) return;
  if (!asked) {
    fields.zip64_odd = contradicts(*field, fields);
    return;
  }
  ByteReader zip64{*field};
  widen(zip64, fields.size, fields);
  widen(zip64, fields.stored_size, fields);
  if (local_offset != nullptr) widen(zip64, *local_offset, fields);
}

// flags ... size: the run of fields that both headers share.
Fields read_common(ByteReader& in) {
  Fields fields;
  fields.flags = in.le<std::uint16_t>();
  fields.method = in.le<std::uint16_t>();
  in.skip(4);  // time and date
  fields.crc = in.le<std::uint32_t>();
  fields.stored_size = in.le<std::uint32_t>();
  fields.size = in.le<std::uint32_t>();
  return fields;
}

}  // namespace

std::optional<LocalHeader> read_local_header(SourceReader& in, std::uint64_t offset) {
  in.seek(offset);
  ByteReader lengths{in.peek(kLocalHeaderSize)};
  lengths.skip(26);
  const auto name_size = lengths.le<std::uint16_t>();
  const auto extra_size = lengths.le<std::uint16_t>();
  if (!lengths.ok()) return std::nullopt;

  LocalHeader header;
  header.header_size = kLocalHeaderSize + name_size + extra_size;
  ByteReader fields{in.peek(header.header_size)};
  header.has_magic = as_text(fields.take(4)) == kLocalMagic;
  fields.skip(2);  // version needed
  header.fields = read_common(fields);
  fields.skip(4);
  header.fields.name = as_text(fields.take(name_size));
  header.fields.extra = fields.take(extra_size);
  if (!fields.ok()) return std::nullopt;
  apply_zip64(header.fields, nullptr);
  return header;
}

std::optional<CentralEntry> read_central_entry(Bytes bytes, std::uint64_t offset) {
  ByteReader in{bytes};
  if (as_text(in.take(4)) != kCentralMagic) return std::nullopt;
  in.skip(4);  // versions
  CentralEntry entry;
  entry.fields = read_common(in);
  const auto name_size = in.le<std::uint16_t>();
  const auto extra_size = in.le<std::uint16_t>();
  const auto comment_size = in.le<std::uint16_t>();
  entry.disk = in.le<std::uint16_t>();
  in.skip(2);  // internal attributes
  entry.attributes = in.le<std::uint32_t>();
  entry.local_offset = in.le<std::uint32_t>();
  entry.fields.name = as_text(in.take(name_size));
  entry.fields.extra = in.take(extra_size);
  in.skip(comment_size);
  if (!in.ok()) return std::nullopt;
  entry.offset = offset;
  entry.record_size = in.offset();
  apply_zip64(entry.fields, &entry.local_offset);
  return entry;
}

std::optional<Bytes> extra_field(Bytes extra, std::uint16_t id) {
  ByteReader in{extra};
  while (in.remaining() >= 4) {
    const auto field = in.le<std::uint16_t>();
    const auto size = in.le<std::uint16_t>();
    const Bytes content = in.take(size);
    if (!in.ok()) break;
    if (field == id) return content;
  }
  return std::nullopt;
}

std::string method_name(std::uint16_t method) {
  constexpr std::pair<std::uint16_t, const char*> kNames[] = {
      {0, "stored"}, {1, "shrink"}, {6, "implode"}, {8, "deflate"}, {9, "deflate64"}, {12, "bzip2"},
      {14, "lzma"},  {20, "zstd"},  {93, "zstd"},   {95, "xz"},     {98, "ppmd"},     {99, "aes"}};
  for (const auto& [number, name] : kNames) {
    if (number == method) return name;
  }
  return "method " + std::to_string(method);
}

}  // namespace assay::zip
