#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/bytes.h"

// Ids of git objects (gitformat-pack(5), "git hash-object"): SHA-1 over type, a
// blank, the size in decimal, a NUL and the content.
namespace assay::provenance::git {

// The id of the object of that type ("blob", "tree", "commit", "tag"), in
// lower-case hex.
std::string object_id(std::string_view type, Bytes content);

// Whether `text` has the form of one: 40 lower-case hex digits.
bool is_object_id(std::string_view text);

// The id as blob of content given in any number of parts, `size` bytes in all.
class BlobId {
 public:
  explicit BlobId(std::uint64_t size);
  BlobId(const BlobId&) = delete;
  BlobId& operator=(const BlobId&) = delete;
  ~BlobId();

  void update(Bytes bytes);

  // The id in lower-case hex. Ends the computation.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace assay::provenance::git
