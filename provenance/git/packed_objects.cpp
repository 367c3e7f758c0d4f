// The part of ObjectStore that is about packs.
#include <algorithm>

#include "provenance/git/delta.h"
#include "provenance/git/object_store.h"
#include "provenance/git/store_lookup.h"

namespace assay::provenance::git {
namespace {

using State = Lookup::State;

constexpr std::uint64_t kWholePack = 16U << 20;  // one that is no larger is read at once
// Blobs are looked at for whether they are pointers, and lie all over a pack. Bases of
// the small ones lie a little in front of them.
constexpr std::uint64_t kSmallBlob = 4096;
constexpr std::uint64_t kSmallBases = 16U << 10;
constexpr std::uint64_t kDeltaSizes = 20;  // at the front of a delta, at most
constexpr std::uint64_t kMaxBase = 1U << 20;
constexpr std::uint64_t kMaxBases = 64U << 20;  // of all that are kept

}  // namespace

void ObjectStore::remember(Place place, const Object& object) {
  if (object.content.size() > kMaxBase) return;
  if (bases_size_ > kMaxBases) {
    bases_.clear();
    bases_size_ = 0;
  }
  if (bases_.emplace(place, object).second) bases_size_ += object.content.size();
}

ObjectStore::Found<PackEntry> ObjectStore::entry_at(Place place, Window window) {
  const StoreFile& pack = *place.pack;
  if (place.offset >= pack.size) return std::unexpected(broken("an index leads out of its pack"));
  const std::uint64_t header = std::min(kMaxEntryHeader, pack.size - place.offset);
  const Bytes bytes = files_.at_hand(pack, place.offset);
  if (bytes.size() < header) {
    if (pack.size <= kWholePack) {
      files_.note(pack, 0, pack.size);
    } else {
      const std::uint64_t begin = place.offset - std::min(place.offset, window.before);
      files_.note(pack, begin, place.offset - begin + window.behind);
    }
    return std::unexpected(Lookup{});
  }
  auto entry = parse_pack_entry(bytes.first(static_cast<std::size_t>(header)));
  if (!entry) return std::unexpected(broken(std::move(entry.error())));
  if (entry->is_delta() && entry->size > kMaxObjectSize) {
    return std::unexpected(
        broken({ParseErrc::over_budget, 0, "a delta of more than 32 MiB is not read"}));
  }
  return *entry;
}

ObjectStore::Found<ByteString> ObjectStore::content_of(Place place, const PackEntry& entry) {
  return expand(*place.pack, place.offset + entry.header_size, entry.size, true);
}

// The size of what the delta makes, for which its first bytes are enough.
ObjectStore::Found<std::uint64_t> ObjectStore::delta_result(Place place, const PackEntry& entry) {
  const auto head = expand(*place.pack, place.offset + entry.header_size,
                           std::min(entry.size, kDeltaSizes), false);
  if (!head) return std::unexpected(head.error());
  const auto size = size_after_delta(*head);
  if (!size) return std::unexpected(broken("a delta has no sizes"));
  return *size;
}

ObjectStore::Found<ObjectStore::Place> ObjectStore::base_of(Place place, const PackEntry& entry) {
  if (entry.base_distance > 0) {
    if (entry.base_distance > place.offset) {
      return std::unexpected(broken("a delta's base lies nowhere"));
    }
    return Place{place.pack, place.offset - entry.base_distance};
  }
  auto base = place_of(entry.base_id);
  if (!base && base.error().state == State::absent) {
    return std::unexpected(broken("a delta's base is absent"));
  }
  return base;
}

// Follows deltas down to a whole object, which a circle never comes to.
Lookup ObjectStore::find_packed(Place place, std::uint64_t max_size) {
  const bool is_small = max_size <= kSmallBlob;
  const Window at_first{is_small ? 0 : kWindow,
                        is_small ? stored_size(max_size) + kMaxEntryHeader : kWindow};
  const Window at_base{is_small ? kSmallBases : kWindow, is_small ? kSmallBases : kWindow};
  std::vector<Step> steps;
  std::uint64_t total = 0;
  for (;;) {
    if (const auto known = bases_.find(place); known != bases_.end()) {
      if (steps.empty() && known->second.content.size() > max_size) return {State::large, {}, {}};
      return build(known->second, steps);
    }
    const auto entry = entry_at(place, steps.empty() ? at_first : at_base);
    if (!entry) return entry.error();
    if (steps.empty()) {
      const auto size = entry->is_delta() ? delta_result(place, *entry) : entry->size;
      if (!size) return size.error();
      if (*size > max_size) return {State::large, {}, {}};
    }
    if (entry->size > kMaxObjectSize) {
      return broken({ParseErrc::over_budget, 0, "a delta's base of more than 32 MiB is not read"});
    }
    auto content = content_of(place, *entry);
    if (!content) return content.error();
    if (!entry->is_delta()) {
      Object object{std::string(entry->type), std::move(*content)};
      if (!steps.empty()) remember(place, object);
      return build(std::move(object), steps);
    }
    total += content->size();
    if (total > 4 * kMaxObjectSize || steps.size() == kMaxDeltas) {
      return broken({ParseErrc::over_budget, 0, "a chain of deltas is longer than is followed"});
    }
    const auto base = base_of(place, *entry);
    if (!base) return base.error();
    steps.push_back({place, std::move(*content)});
    place = *base;
  }
}

Lookup ObjectStore::build(Object object, std::vector<Step>& steps) {
  for (; !steps.empty(); steps.pop_back()) {
    const Step& step = steps.back();
    if (!spend(size_after_delta(step.delta).value_or(0))) return too_much();
    auto made = apply_delta(object.content, step.delta, kMaxObjectSize);
    if (!made) return broken(std::move(made.error()));
    object.content = std::move(*made);
    remember(step.place, object);
  }
  return {State::found, std::move(object), {}};
}

}  // namespace assay::provenance::git
