#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/error.h"
#include "provenance/base64.h"
#include "provenance/git/git_files.h"
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
  ParseError error;  // when broken
};

// No object is read beyond that.
inline constexpr std::uint64_t kMaxObjectSize = 32U << 20;
// No chain of deltas is followed beyond that; git makes none longer than 4,095.
inline constexpr std::size_t kMaxDeltas = 4096;

// The objects of a repository (gitrepository-layout(5), "objects"; gitformat-pack(5)):
// loose ones and those in packs, deltas resolved. Every object's SHA-1 is computed and
// compared: what is found is what its id says, as far as SHA-1 goes.
class ObjectStore {
 public:
  explicit ObjectStore(GitFiles& files) : files_(files) {}

  // `id` in lower-case hex.
  Lookup find(std::string_view id, std::uint64_t max_size = kMaxObjectSize);

 private:
  struct Pack;
  struct Place {
    const StoreFile* pack = nullptr;
    std::uint64_t offset = 0;
  };
  struct Packed;

  Lookup find_loose(std::string_view id, const StoreFile& file, std::uint64_t max_size);
  Lookup find_packed(Place place, std::uint64_t max_size);
  Lookup read_packed(Place place, std::uint64_t max_size, Packed& packed);
  std::optional<Place> place_of(Bytes id, Lookup& problem);
  const PackIndex* index_of(const StoreFile& file, Lookup& problem);
  std::optional<ByteString> inflated(Place place, std::uint64_t header, std::uint64_t size,
                                     bool whole, Lookup& problem);

  GitFiles& files_;
  std::map<std::string, PackIndex, std::less<>> indexes_;
};

}  // namespace assay::provenance::git
