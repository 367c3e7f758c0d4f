#include "formats/safetensors/header.h"

#include <algorithm>
#include <unordered_set>

#include "core/text.h"

namespace assay::safetensors {
namespace {

using json::Kind;
using json::Token;

constexpr std::uint64_t kHeaderOffset = 8;
constexpr std::size_t kMaxNameSize = 256;
// Facts kept back for anomalies when a header has more tensors than there is room.
constexpr std::uint64_t kReservedFacts = 1000;

// The usual case, seen in one pass.
bool is_plain(std::string_view text) {
  return std::ranges::all_of(text,
                             [](char c) { return c >= 0x20 && c < 0x7F && c != '/' && c != '\\'; });
}

// Names become file names in converters and lines in listings.
std::string_view oddity_of(std::string_view name) {
  if (name.size() > kMaxNameSize) return "longer than 256 bytes";
  if (is_plain(name)) return {};
  if (escaped(name) != name) return "holds characters that cannot be shown";
  if (name.find("../") != name.npos || name.find("..\\") != name.npos) return "climbs directories";
  if (name.starts_with('/') || name.starts_with('\\')) return "is an absolute path";
  return {};
}

}  // namespace

HeaderWalk::HeaderWalk(ParseContext& context, const Layout& layout, Bytes header)
    : context_(context),
      layout_(layout),
      header_(header),
      reader_(header, kHeaderOffset, context.budget()),
      tally_(context) {}

Parsed<void> HeaderWalk::run() {
  check_space();
  const Token first = reader_.next();
  if (first.kind == Kind::object_begin) {
    read_members();
  } else if (reader_.ok()) {
    refuse("not-an-object", first, "the header is no JSON object");
    reader_.skip(first);
  }
  reader_.next();  // what stands behind the value is an error of its own
  if (const auto& error = reader_.error()) {
    if (error->code != ParseErrc::over_budget && error->code != ParseErrc::timeout) {
      tally_.add(error->offset, 0, "safetensors.invalid-json", error->message);
    }
    refused_ = *error;
  } else if (all_ranges_known_ && first.kind == Kind::object_begin) {
    for (const Remark& r : check_coverage(ranges_, layout_.data_offset, layout_.data_size)) {
      report(r);
      if (r.size > 0) context_.code_bytes(r.offset, r.size);
    }
  }
  tally_.finish();
  if (refused_) return std::unexpected(*refused_);
  return {};
}

void HeaderWalk::read_members() {
  Token key = reader_.next();
  for (; key.kind == Kind::key; key = reader_.next()) {
    if (json::text_of(key) == "__metadata__") {
      read_metadata(key);
    } else {
      read_tensor(key);
    }
  }
  if (!reader_.ok()) return;
  hide_duplicates();
  const std::uint64_t end = key.offset - kHeaderOffset + 1;
  const std::string_view padding = as_text(clip(header_, end, header_.size()));
  const std::size_t odd = padding.find_first_not_of(' ');
  if (odd != std::string_view::npos) {
    tally_.add(kHeaderOffset + end + odd, padding.size() - odd, "safetensors.trailing-padding",
               "the header is padded with other bytes than spaces");
  }
}

void HeaderWalk::read_metadata(const Token& key) {
  if (++metadata_count_ > 1) refuse("bad-metadata", key, "\"__metadata__\" stands twice");
  const Token first = reader_.next();
  if (first.kind == Kind::null) return remark("null-metadata", first, "\"__metadata__\" is null");
  if (first.kind != Kind::object_begin) {
    refuse("bad-metadata", key, "\"__metadata__\" is no object");
    return reader_.skip(first);
  }
  for (Token pair = reader_.next(); pair.kind == Kind::key; pair = reader_.next()) read_pair(pair);
  for (const json::DuplicateKey& twice : reader_.take_duplicates()) {
    tally_.add(twice.offset, twice.size, "safetensors.duplicate-metadata-key",
               "a metadata key stands twice");
  }
}

void HeaderWalk::read_pair(const Token& key) {
  const Token value = reader_.next();
  if (value.kind != Kind::string) {
    refuse("bad-metadata", key, "a metadata value is no string");
    return reader_.skip(value);
  }
  const std::string text = json::text_of(value);
  if (value.escaped) context_.code_text(value.offset, text);
  if (!has_room()) return;
  context_.metadata(key.offset, value.offset + value.raw.size() - key.offset,
                    cut(json::text_of(key)), cut(text));
}

void HeaderWalk::read_tensor(const Token& name) {
  std::string text = json::text_of(name);
  check_name(name, text);
  Entry entry = read_entry(reader_, name);
  if (entry.complete) {
    check_size(entry, name);
    ranges_.push_back({entry.begin, entry.end, name.offset});
  } else {
    all_ranges_known_ = false;
  }
  for (const Remark& r : entry.remarks) report(r);
  if (reader_.ok()) put_tensor(name, std::move(text), entry);
}

void HeaderWalk::check_name(const Token& name, const std::string& text) {
  if (text.empty()) return remark("empty-name", name, "a tensor has no name");
  const std::string_view oddity = oddity_of(text);
  if (!oddity.empty()) {
    remark("odd-name", name,
           "tensor name " + escaped(shortened(text, 64)) + " " + std::string(oddity));
  }
  if (name.escaped) context_.code_text(name.offset, text);
}

void HeaderWalk::put_tensor(const Token& name, std::string text, Entry& entry) {
  if (!has_room()) return;
  const bool inside = entry.complete && entry.begin <= entry.end && entry.end <= layout_.data_size;
  const std::uint64_t size = entry.end < entry.begin ? 0 : entry.end - entry.begin;
  context_.fact(inside ? layout_.data_offset + entry.begin : name.offset,
                inside ? size : name.raw.size(),
                Tensor{cut(text), cut(entry.dtype), std::move(entry.shape), size});
}

// The reference keeps the last tensor of a name; other readers keep the first.
void HeaderWalk::hide_duplicates() {
  std::unordered_set<std::uint64_t> hidden;
  for (const json::DuplicateKey& twice : reader_.take_duplicates()) {
    hidden.insert(twice.first_offset);
    tally_.add(twice.offset, twice.size, "safetensors.duplicate-key",
               "a name stands twice; readers differ in which they take");
  }
  std::erase_if(ranges_, [&](const Range& r) { return hidden.contains(r.name_offset); });
}

void HeaderWalk::check_space() {
  const std::string_view text = as_text(header_);
  const std::size_t start = std::min(text.find_first_not_of(" \t\n\r"), text.size());
  if (start > 0) {
    tally_.add(kHeaderOffset, start, "safetensors.leading-whitespace",
               "the header does not begin with '{'");
  }
}

void HeaderWalk::report(const Remark& remark) {
  tally_.add(remark.offset, remark.size, remark.code, remark.detail);
  if (!remark.refused || refused_) return;
  ParseErrc code = ParseErrc::malformed;
  if (remark.code == "safetensors.missing-data") code = ParseErrc::truncated;
  if (remark.code == "safetensors.unknown-dtype") code = ParseErrc::unsupported;
  refused_ = ParseError{code, remark.offset, remark.detail};
}

void HeaderWalk::remark(std::string_view code, const Token& where, std::string detail) {
  report({"safetensors." + std::string(code), std::move(detail), where.offset, where.raw.size(),
          false});
}

void HeaderWalk::refuse(std::string_view code, const Token& where, std::string detail) {
  if (!reader_.ok()) return;
  report({"safetensors." + std::string(code), std::move(detail), where.offset, where.raw.size(),
          true});
}

bool HeaderWalk::has_room() {
  if (context_.budget().left(Cost::facts) > kReservedFacts) return true;
  if (!out_of_room_) {
    context_.gap({ParseErrc::over_budget, reader_.error() ? reader_.error()->offset : kHeaderOffset,
                  "more tensors and metadata than facts may be kept"});
  }
  out_of_room_ = true;
  return false;
}

std::string HeaderWalk::cut(std::string_view text) const {
  return shortened(text, context_.budget().limits().text_size);
}

}  // namespace assay::safetensors
