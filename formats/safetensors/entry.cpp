#include "formats/safetensors/entry.h"

#include "core/text.h"
#include "formats/safetensors/dtype.h"
#include "formats/safetensors/safetensors.h"

namespace assay::safetensors {
namespace {

using json::Kind;
using json::Token;

constexpr std::array<std::string_view, 3> kFields{"dtype", "shape", "data_offsets"};

class EntryReader {
 public:
  EntryReader(json::Reader& reader, const Token& name) : reader_(reader), name_(name) {}

  Entry read() {
    const Token first = reader_.next();
    if (first.kind == Kind::object_begin) {
      read_object();
    } else if (first.kind == Kind::array_begin) {
      remark("array-entry", first, "a tensor is spelled as a list", false);
      read_array();
    } else {
      refuse("bad-entry", first, "a tensor is no JSON object");
    }
    for (const json::DuplicateKey& twice : reader_.take_duplicates()) {
      entry_.remarks.push_back({"safetensors.duplicate-key", "a key of one tensor stands twice",
                                twice.offset, twice.size, false});
    }
    entry_.complete = seen_ == std::array{true, true, true} && !bad_;
    return std::move(entry_);
  }

 private:
  void read_object() {
    for (Token key = reader_.next(); key.kind == Kind::key; key = reader_.next()) read_field(key);
    for (std::size_t i = 0; i < kFields.size() && reader_.ok(); ++i) {
      if (!seen_[i]) refuse("bad-entry", name_, "no \"" + std::string(kFields[i]) + "\"");
    }
  }

  void read_field(const Token& key) {
    const std::string name = json::text_of(key);
    for (std::size_t i = 0; i < kFields.size(); ++i) {
      if (name != kFields[i]) continue;
      if (seen_[i]) refuse("bad-entry", key, "\"" + name + "\" stands twice");
      read_value(i, reader_.next());
      return;
    }
    remark("unknown-entry-key", key, "key " + escaped(shortened(name, 64)), false);
    reader_.skip(reader_.next());
  }

  // serde also takes a struct as the list of its fields.
  void read_array() {
    std::size_t count = 0;
    for (Token item = reader_.next(); !closes(item); item = reader_.next(), ++count) {
      if (count < kFields.size()) {
        read_value(count, item);
      } else {
        reader_.skip(item);
      }
    }
    if (count != kFields.size() && reader_.ok()) {
      refuse("bad-entry", name_, "a list of " + std::to_string(count) + " instead of 3 fields");
    }
  }

  void read_value(std::size_t field, const Token& value) {
    seen_[field] = true;
    if (field == 0) {
      read_dtype(value);
    } else if (field == 1) {
      read_shape(value);
    } else {
      read_offsets(value);
    }
  }

  void read_dtype(const Token& value) {
    if (value.kind == Kind::string) {
      entry_.dtype = json::text_of(value);
    } else if (value.kind == Kind::object_begin) {
      read_map_dtype(value);
    } else {
      refuse("bad-entry", value, "dtype is no string");
      reader_.skip(value);
    }
  }

  // serde takes {"F32": null} for the enumerator F32.
  void read_map_dtype(const Token& value) {
    remark("map-dtype", value, "dtype is spelled as an object", false);
    const std::size_t outside = reader_.depth() - 1;
    const Token key = reader_.next();
    if (key.kind == Kind::key) {
      entry_.dtype = json::text_of(key);
      if (reader_.next().kind == Kind::null && reader_.next().kind == Kind::object_end) return;
    }
    refuse("bad-entry", value, "dtype is an object");
    reader_.leave(outside);
  }

  void read_shape(const Token& value) {
    if (value.kind != Kind::array_begin) {
      refuse("bad-shape", value, "shape is no list");
      return reader_.skip(value);
    }
    entry_.shape.clear();
    entry_.rank = 0;
    entry_.element_count = 1;
    for (Token item = reader_.next(); !closes(item); item = reader_.next()) add_dimension(item);
    if (entry_.rank > kMaxRank) {
      remark("many-dimensions", value, std::to_string(entry_.rank) + " dimensions", false);
    }
  }

  // Folded from the left as the reference does: [0, 2^63, 2^63] is fine and
  // [2^63, 2^63, 0] overflows.
  void add_dimension(const Token& item) {
    const auto size = json::uint64_of(item);
    if (!size) {
      if (!bad_) refuse("bad-shape", item, "a dimension is no 64-bit count");
      return reader_.skip(item);
    }
    if (entry_.rank++ < kMaxRank) entry_.shape.push_back(*size);
    std::uint64_t product = 0;
    if (!entry_.element_count || __builtin_mul_overflow(*entry_.element_count, *size, &product)) {
      entry_.element_count.reset();
    } else {
      entry_.element_count = product;
    }
  }

  void read_offsets(const Token& value) {
    if (value.kind != Kind::array_begin) {
      refuse("bad-offsets", value, "data_offsets is no list");
      return reader_.skip(value);
    }
    std::array<std::uint64_t, 2> offsets{};
    std::size_t count = 0;
    bool counts = true;
    for (Token item = reader_.next(); !closes(item); item = reader_.next(), ++count) {
      const auto number = json::uint64_of(item);
      counts = counts && number;
      if (number && count < offsets.size()) offsets[count] = *number;
      reader_.skip(item);
    }
    if (!reader_.ok()) return;
    if (!counts || count != offsets.size()) {
      return refuse("bad-offsets", value, "data_offsets are not two 64-bit counts");
    }
    if (offsets[1] < offsets[0]) refuse("bad-offsets", value, "a tensor ends before it begins");
    entry_.begin = offsets[0];
    entry_.end = offsets[1];
  }

  bool closes(const Token& token) const {
    return token.kind == Kind::array_end || token.kind == Kind::end;
  }

  void remark(std::string_view code, const Token& where, std::string detail, bool refused) {
    entry_.remarks.push_back({"safetensors." + std::string(code), std::move(detail), where.offset,
                              where.raw.size(), refused});
  }

  void refuse(std::string_view code, const Token& where, std::string detail) {
    if (!reader_.ok()) return;  // the syntax error says it all
    bad_ = true;
    remark(code, where, std::move(detail), true);
  }

  json::Reader& reader_;
  const Token& name_;
  Entry entry_;
  std::array<bool, 3> seen_{};
  bool bad_ = false;
};

}  // namespace

Entry read_entry(json::Reader& reader, const json::Token& name) {
  return EntryReader(reader, name).read();
}

void check_size(Entry& entry, const json::Token& name) {
  const auto refuse = [&](std::string_view code, std::string detail) {
    entry.remarks.push_back({"safetensors." + std::string(code), std::move(detail), name.offset,
                             name.raw.size(), true});
  };
  const auto bits = dtype_bits(entry.dtype);
  if (!bits) {
    return refuse("unknown-dtype", "dtype " + escaped(shortened(entry.dtype, 64)));
  }
  std::uint64_t total = 0;
  if (!entry.element_count || __builtin_mul_overflow(*entry.element_count, *bits, &total)) {
    return refuse("shape-overflow", "the shape has more bits than 64 bits count");
  }
  if (total % 8 != 0) {
    return refuse("misaligned-size", std::to_string(total) + " bits are no whole bytes");
  }
  if (total / 8 != entry.end - entry.begin) {
    refuse("shape-mismatch", "shape and dtype need " + std::to_string(total / 8) +
                                 " bytes, data_offsets give " +
                                 std::to_string(entry.end - entry.begin));
  }
}

}  // namespace assay::safetensors
