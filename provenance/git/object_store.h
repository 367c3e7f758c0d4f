#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/error.h"
#include "provenance/base64.h"
#include "provenance/git/git_files.h"
#include "provenance/git/pack_entry.h"
#include "provenance/git/pack_index.h"

namespace assay::provenance::git {

struct Object {
  std::string type;  // "commit", "tree", "blob", "tag"
  ByteString content;
};

// What came of looking for an object. `unread`: files were noted that must be at hand;
// `large`: it is there, and larger than was asked for.
struct Lookup {
  enum class State : std::uint8_t { found, absent, large, unread, broken };
  State state = State::unread;
  Object object;     // when found; its id is what was asked for
  ParseError error;  // when broken; `over_budget` and `unsupported` when nothing is wrong
};

// No object is read beyond that.
inline constexpr std::uint64_t kMaxObjectSize = 32U << 20;
// No chain of deltas is followed beyond that; git makes none longer than 4,095.
inline constexpr std::size_t kMaxDeltas = 4096;
// More packs than git leaves lying about; it joins them when there are fifty.
inline constexpr std::size_t kMaxPacks = 1000;
// Bytes that all objects together may expand to, each step of a delta counted.
inline constexpr std::uint64_t kMaxStoreWork = std::uint64_t{1} << 30;

// The objects of a repository (gitrepository-layout(5), "objects"; gitformat-pack(5)):
// loose ones and those in packs, deltas resolved. Every object's SHA-1 is computed and
// compared: what is found is what its id says, as far as SHA-1 goes. Asks for windows of
// the packs that are likely to hold what is needed next: a pack lists bases in front of
// their deltas, and trees beside each other.
class ObjectStore {
 public:
  explicit ObjectStore(GitFiles& files, std::uint64_t work = kMaxStoreWork)
      : files_(files), work_(work) {}

  // `id` in lower-case hex.
  Lookup find(std::string_view id, std::uint64_t max_size = kMaxObjectSize);

 private:
  struct Place {
    const StoreFile* pack = nullptr;
    std::uint64_t offset = 0;
    auto operator<=>(const Place&) const = default;
  };
  // Of an entry that was followed from a delta to its base.
  struct Step {
    Place place;
    ByteString delta;
  };
  // What is likely needed around the begin of an entry.
  struct Window {
    std::uint64_t before;
    std::uint64_t behind;
  };
  template <typename T>
  using Found = std::expected<T, Lookup>;

  Lookup find_loose(const StoreFile& file, std::uint64_t max_size);
  Lookup find_packed(Place place, std::uint64_t max_size);
  Lookup build(Object object, std::vector<Step>& steps);

  Found<PackEntry> entry_at(Place place, Window window);
  Found<Place> base_of(Place place, const PackEntry& entry);
  Found<ByteString> content_of(Place place, const PackEntry& entry);
  Found<std::uint64_t> delta_result(Place place, const PackEntry& entry);
  // What the zlib stream at `offset` expands to: exactly `size` bytes, or with not `whole`
  // the first ones. Notes more of the file until the stream ends.
  Found<ByteString> expand(const StoreFile& file, std::uint64_t offset, std::uint64_t size,
                           bool whole);

  Found<Place> place_of(Bytes id);
  Found<const PackIndex*> index_of(const StoreFile& file);

  bool spend(std::uint64_t bytes);
  void remember(Place place, const Object& object);

  GitFiles& files_;
  std::uint64_t work_;
  std::optional<std::vector<const StoreFile*>> index_files_;
  std::map<std::string, PackIndex, std::less<>> indexes_;
  // Objects that deltas are likely to be of, by where they lie.
  std::map<Place, Object> bases_;
  std::uint64_t bases_size_ = 0;
};

}  // namespace assay::provenance::git
