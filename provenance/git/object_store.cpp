#include "provenance/git/object_store.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/byte_reader.h"
#include "core/text.h"
#include "provenance/git/delta.h"
#include "provenance/git/inflate.h"
#include "provenance/git/object_id.h"

namespace assay::provenance::git {
namespace {

using State = Lookup::State;

constexpr std::uint64_t kMaxIndexSize = 64U << 20;
constexpr std::uint64_t kWindow = 64U << 10;     // of a pack, read at a time
constexpr std::uint64_t kWholePack = 16U << 20;  // one that is no larger is read at once
constexpr std::uint64_t kMaxEntryHeader = 64;    // of an entry of a pack
constexpr std::uint64_t kObjectHeader = 40;      // type and size of a loose object
// How much a zlib stream of that many bytes can take (zlib's compressBound, and some).
constexpr std::uint64_t stored_size(std::uint64_t size) { return size + size / 1000 + 1024; }

Lookup broken(std::string what) {
  return {State::broken, {}, {ParseErrc::malformed, 0, std::move(what)}};
}
Lookup broken(const ParseError& error) { return {State::broken, {}, error}; }

std::string_view type_name(unsigned type) {
  constexpr std::string_view kNames[] = {"", "commit", "tree", "blob", "tag"};
  return type < std::size(kNames) ? kNames[type] : std::string_view();
}

constexpr unsigned kOffsetDelta = 6;
constexpr unsigned kReferenceDelta = 7;

}  // namespace

// One entry of a pack as it is stored.
struct ObjectStore::Packed {
  unsigned type = 0;
  std::uint64_t size = 0;         // of what it inflates to
  std::uint64_t header_size = 0;  // before the zlib stream
  Place base = {};                // of a delta
  ByteString content;             // inflated
};

Lookup ObjectStore::find(std::string_view id, std::uint64_t max_size) {
  if (!is_object_id(id)) return broken("no object has such an id");
  const std::string loose =
      "objects/" + std::string(id.substr(0, 2)) + "/" + std::string(id.substr(2));
  Lookup found;
  if (const StoreFile* file = files_.find(loose)) {
    found = find_loose(id, *file, max_size);
  } else {
    const auto raw = from_hex(id);
    const auto place = place_of(*raw, found);
    if (!place) return found;
    found = find_packed(*place, max_size);
  }
  if (found.state == State::found && object_id(found.object.type, found.object.content) != id) {
    return broken("the object " + std::string(id) + " is not what its id says");
  }
  return found;
}

Lookup ObjectStore::find_loose(std::string_view, const StoreFile& file, std::uint64_t max_size) {
  const bool may_be_large = file.size > stored_size(max_size + kObjectHeader);
  const auto bytes = files_.view(file, 0, may_be_large ? kWindow : file.size);
  if (!bytes) return {};
  auto head = inflate(*bytes, kObjectHeader, false);
  if (!head) return broken(head.error());
  if (!*head) return broken("a loose object is cut");
  const std::string_view text = as_text(**head);
  const auto blank = text.find(' ');
  const auto end = text.find('\0');
  if (blank == std::string_view::npos || end == std::string_view::npos || blank > end) {
    return broken("a loose object has no header");
  }
  std::uint64_t size = 0;
  const auto [stop, error] = std::from_chars(text.data() + blank + 1, text.data() + end, size);
  if (error != std::errc{} || stop != text.data() + end) return broken("a loose object has no size");
  if (size > max_size) return {State::large, {}, {}};
  if (may_be_large) return broken("a loose object is longer than it says");
  auto content = inflate(*bytes, end + 1 + size, true);
  if (!content) return broken(content.error());
  if (!*content || (*content)->size() != end + 1 + size) return broken("a loose object is cut");
  (*content)->erase((*content)->begin(),
                    (*content)->begin() + static_cast<std::ptrdiff_t>(end + 1));
  return {State::found, {std::string(text.substr(0, blank)), std::move(**content)}, {}};
}

const PackIndex* ObjectStore::index_of(const StoreFile& file, Lookup& problem) {
  const auto known = indexes_.find(file.path);
  if (known != indexes_.end()) return &known->second;
  if (file.size > kMaxIndexSize) {
    problem = broken({ParseErrc::over_budget, 0, "a pack's index of more than 64 MiB is not read"});
    return nullptr;
  }
  const auto bytes = files_.view(file, 0, file.size);
  if (!bytes) {
    if (problem.state != State::broken) problem = {};
    return nullptr;
  }
  const auto index = PackIndex::parse(*bytes);
  if (!index) {
    problem = broken(index.error());
    return nullptr;
  }
  return &indexes_.emplace(file.path, *index).first->second;
}

// Asks for all indexes at once. An index that cannot be read may hold the object, so
// then nothing is called absent.
std::optional<ObjectStore::Place> ObjectStore::place_of(Bytes id, Lookup& problem) {
  constexpr std::string_view kSuffix = ".idx";
  problem = {State::absent, {}, {}};
  for (const StoreFile* file : files_.below("objects/pack/")) {
    if (!file->path.ends_with(kSuffix)) continue;
    Lookup own{State::absent, {}, {}};
    const PackIndex* index = index_of(*file, own);
    if (!index) {
      if (problem.state != State::broken) problem = own;
      continue;
    }
    const auto offset = index->find(id);
    if (!offset) continue;
    const std::string pack = file->path.substr(0, file->path.size() - kSuffix.size()) + ".pack";
    if (const StoreFile* found = files_.find(pack)) return Place{found, *offset};
  }
  return std::nullopt;
}

// The stream behind the header of an entry.
std::optional<ByteString> ObjectStore::inflated(Place place, std::uint64_t header,
                                                std::uint64_t size, bool whole, Lookup& problem) {
  const std::uint64_t at = place.offset + header;
  // What was read for the header holds as much.
  std::uint64_t window =
      place.pack->size <= kWholePack ? place.pack->size : kWindow - kMaxEntryHeader;
  for (;; window *= 4) {
    const auto bytes = files_.view(*place.pack, at, window);
    if (!bytes) return std::nullopt;
    auto out = inflate(*bytes, size, whole);
    if (!out) {
      problem = broken(out.error());
      return std::nullopt;
    }
    if (*out) {
      if (whole && (*out)->size() != size) problem = broken("a packed object is shorter than it says");
      return problem.state == State::broken ? std::nullopt : std::move(*out);
    }
    if (window >= stored_size(size) || at + window >= place.pack->size) {
      problem = broken("a packed object is cut");
      return std::nullopt;
    }
  }
}

// The header of an entry, and where its base lies.
Lookup ObjectStore::read_packed(Place place, std::uint64_t max_size, Packed& packed) {
  if (place.pack->size <= kWholePack && !files_.view(*place.pack, 0, place.pack->size)) return {};
  const auto bytes = files_.view(*place.pack, place.offset,
                                 place.pack->size <= kWholePack ? kMaxEntryHeader : kWindow);
  if (!bytes) return {};
  ByteReader in{*bytes};
  unsigned byte = in.u8();
  packed.type = byte >> 4U & 7U;
  packed.size = byte & 0xFU;
  for (unsigned shift = 4; (byte & 0x80U) != 0; shift += 7) {
    if (shift > 53) return broken("a packed object has no size");
    byte = in.u8();
    packed.size |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
  }
  if (packed.type == kOffsetDelta) {
    // gitformat-pack(5): each further byte adds 2^7 and what went before.
    byte = in.u8();
    std::uint64_t distance = byte & 0x7FU;
    while ((byte & 0x80U) != 0) {
      if (distance > (std::uint64_t{1} << 55U)) return broken("a delta's base lies nowhere");
      byte = in.u8();
      distance = ((distance + 1) << 7U) | (byte & 0x7FU);
    }
    if (distance == 0 || distance > place.offset) return broken("a delta's base lies nowhere");
    packed.base = {place.pack, place.offset - distance};
  } else if (packed.type == kReferenceDelta) {
    const Bytes id = in.take(20);
    if (in.error()) return broken("a pack is cut");
    Lookup problem;
    const auto base = place_of(id, problem);
    if (!base) return problem.state == State::absent ? broken("a delta's base is absent") : problem;
    packed.base = *base;
  } else if (type_name(packed.type).empty()) {
    return broken("a packed object is of no kind");
  }
  if (in.error()) return broken("a pack is cut");
  packed.header_size = in.offset();
  if (!packed.base.pack && packed.size > max_size) return {State::large, {}, {}};
  if (packed.size > kMaxObjectSize) {
    return broken({ParseErrc::over_budget, 0, "an object of more than 32 MiB is not read"});
  }
  return {State::found, {}, {}};
}

// Follows deltas down to a whole object, then builds it up again.
Lookup ObjectStore::find_packed(Place place, std::uint64_t max_size) {
  std::vector<ByteString> deltas;
  std::uint64_t total = 0;
  for (;;) {
    Packed packed;
    // Of a small object made by a delta, the base may be large.
    const Lookup head = read_packed(place, deltas.empty() ? max_size : kMaxObjectSize, packed);
    if (head.state != State::found) return head;
    Lookup problem;
    auto content = inflated(place, packed.header_size, packed.size, true, problem);
    if (!content) return problem;
    total += content->size();
    if (total > 4 * kMaxObjectSize || deltas.size() > kMaxDeltas) {
      return broken({ParseErrc::over_budget, 0, "a chain of deltas is longer than is followed"});
    }
    if (!packed.base.pack) {
      Object object{std::string(type_name(packed.type)), std::move(*content)};
      for (; !deltas.empty(); deltas.pop_back()) {
        auto made = apply_delta(object.content, deltas.back(), kMaxObjectSize);
        if (!made) return broken(made.error());
        object.content = std::move(*made);
      }
      return {State::found, std::move(object), {}};
    }
    const auto size = size_after_delta(*content);
    if (!size) return broken("a delta has no sizes");
    if (deltas.empty() && *size > max_size) return {State::large, {}, {}};
    deltas.push_back(std::move(*content));
    place = packed.base;
  }
}

}  // namespace assay::provenance::git
