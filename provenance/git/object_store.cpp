#include "provenance/git/object_store.h"

#include <algorithm>
#include <charconv>

#include "core/text.h"
#include "provenance/git/inflate.h"
#include "provenance/git/object_id.h"
#include "provenance/git/store_lookup.h"

namespace assay::provenance::git {
namespace {

using State = Lookup::State;

constexpr std::string_view kSuffix = ".idx";
constexpr std::uint64_t kMaxIndexSize = 64U << 20;
constexpr std::uint64_t kObjectHeader = 40;   // type and size of a loose object
constexpr std::uint64_t kHeadOfLoose = 1024;  // of the file, to see that
constexpr std::uint64_t kSearchCost = 16;     // of one index, in bytes expanded

struct LooseHeader {
  std::string type;
  std::uint64_t size = 0;   // of the content
  std::uint64_t begin = 0;  // of the content
};

// "type size\0" at the front of what the file expands to.
Parsed<LooseHeader> parse_header(Bytes head) {
  const std::string_view text = as_text(head);
  const auto blank = text.find(' ');
  const auto end = text.find('\0');
  if (blank == std::string_view::npos || end == std::string_view::npos || blank > end) {
    return fail(ParseErrc::malformed, 0, "a loose object has no header");
  }
  std::uint64_t size = 0;
  const auto [stop, error] = std::from_chars(text.data() + blank + 1, text.data() + end, size);
  if (error != std::errc{} || stop != text.data() + end) {
    return fail(ParseErrc::malformed, 0, "a loose object has no size");
  }
  return LooseHeader{std::string(text.substr(0, blank)), size, end + 1};
}

}  // namespace

bool ObjectStore::spend(std::uint64_t bytes) {
  const bool enough = bytes <= work_;
  work_ = enough ? work_ - bytes : 0;
  return enough;
}

Lookup ObjectStore::find(std::string_view id, std::uint64_t max_size) {
  if (!is_object_id(id)) return broken("no object has such an id");
  const std::string loose =
      "objects/" + std::string(id.substr(0, 2)) + "/" + std::string(id.substr(2));
  Lookup found;
  if (const StoreFile* file = files_.find(loose)) {
    found = find_loose(*file, max_size);
  } else {
    const auto place = place_of(*from_hex(id));
    if (!place) return place.error();
    found = find_packed(*place, max_size);
  }
  if (found.state == State::found && object_id(found.object.type, found.object.content) != id) {
    return broken("the object " + std::string(id) + " is not what its id says");
  }
  return found;
}

ObjectStore::Found<ByteString> ObjectStore::expand(const StoreFile& file, std::uint64_t offset,
                                                   std::uint64_t size, bool whole) {
  const std::uint64_t rest = file.size - std::min(offset, file.size);
  const std::uint64_t most = std::min(rest, stored_size(size));
  const Bytes bytes = clip(files_.at_hand(file, offset), 0, most);
  if (!spend(size)) return std::unexpected(too_much());
  auto out = inflate(bytes, size, whole);
  if (!out) return std::unexpected(broken(out.error()));
  if (!*out) {
    if (bytes.size() == most) return std::unexpected(broken("a zlib stream is cut"));
    files_.note(file, offset, std::min(most, std::max(kWindow, 4 * bytes.size())));
    return std::unexpected(Lookup{});
  }
  if (whole && (*out)->size() != size) {
    return std::unexpected(broken("a zlib stream is shorter than it says"));
  }
  return std::move(**out);
}

Lookup ObjectStore::find_loose(const StoreFile& file, std::uint64_t max_size) {
  const std::uint64_t all = std::min(file.size, stored_size(max_size + kObjectHeader));
  const bool may_be_large = all < file.size;
  const auto bytes = files_.view(file, 0, may_be_large ? kHeadOfLoose : all);
  if (!bytes) return {};
  const auto head = expand(file, 0, kObjectHeader, false);
  if (!head) return head.error();
  auto header = parse_header(*head);
  if (!header) return broken(header.error());
  if (header->size > max_size) return {State::large, {}, {}};
  if (file.size > stored_size(header->begin + header->size)) {
    return broken("a loose object is longer than it says");
  }
  auto content = expand(file, 0, header->begin + header->size, true);
  if (!content) return content.error();
  content->erase(content->begin(), content->begin() + static_cast<std::ptrdiff_t>(header->begin));
  return {State::found, {std::move(header->type), std::move(*content)}, {}};
}

ObjectStore::Found<const PackIndex*> ObjectStore::index_of(const StoreFile& file) {
  const auto known = indexes_.find(file.path);
  if (known != indexes_.end()) return &known->second;
  if (file.size > kMaxIndexSize) {
    return std::unexpected(
        broken({ParseErrc::over_budget, 0, "a pack's index of more than 64 MiB is not read"}));
  }
  const auto bytes = files_.view(file, 0, file.size);
  if (!bytes) return std::unexpected(Lookup{});
  const auto index = PackIndex::parse(*bytes);
  if (!index) return std::unexpected(broken(index.error()));
  return &indexes_.emplace(file.path, *index).first->second;
}

// Asks for all indexes at once. An index that cannot be read may hold the object, so
// then nothing is called absent.
ObjectStore::Found<ObjectStore::Place> ObjectStore::place_of(Bytes id) {
  if (!index_files_) {
    index_files_ = files_.below("objects/pack/");
    std::erase_if(*index_files_, [](const StoreFile* f) { return !f->path.ends_with(kSuffix); });
  }
  if (index_files_->size() > kMaxPacks) {
    return std::unexpected(
        broken({ParseErrc::over_budget, 0, "there are more packs than are read"}));
  }
  if (!spend(kSearchCost * index_files_->size())) return std::unexpected(too_much());
  Lookup problem{State::absent, {}, {}};
  for (const StoreFile* file : *index_files_) {
    const auto index = index_of(*file);
    if (!index) {
      if (problem.state != State::broken) problem = index.error();
      continue;
    }
    const auto offset = (*index)->find(id);
    if (!offset) continue;
    const std::string pack = file->path.substr(0, file->path.size() - kSuffix.size()) + ".pack";
    if (const StoreFile* found = files_.find(pack)) return Place{found, *offset};
  }
  return std::unexpected(problem);
}

}  // namespace assay::provenance::git
