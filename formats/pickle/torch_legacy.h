#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/source_reader.h"
#include "formats/pickle/session.h"
#include "formats/pickle/value.h"

namespace assay::pickle {

// The magic number as protocols 0 and 1 write it.
inline constexpr std::string_view kMagicLine = "L119547037146038801333356L\n";

// The stream that torch.save wrote before 1.6 (torch/serialization.py,
// _legacy_load): five pickles in a row - magic number, protocol 1001, system
// information, the object, the list of storage keys - then for each key the
// count of its elements and the elements themselves.
class TorchLegacy {
 public:
  static constexpr int kPickles = 5;

  explicit TorchLegacy(Session& session) : session_(session) {}

  // Takes note of what the pickle that was just walked stands for.
  void after_pickle(Value value);

  // Whether a pickle must come next, whatever the bytes look like.
  bool pickle_follows() const { return stage_ >= kProtocol && stage_ <= kKeys; }

  // Whether storages come next instead of a pickle.
  bool storages_follow() const { return stage_ == kStorages; }
  Parsed<void> skip_storages(SourceReader& in);

  // The source ends at `offset`: an error if the stream should go on.
  Parsed<void> at_end(std::uint64_t offset) const;

 private:
  static constexpr int kMagic = 0;
  static constexpr int kProtocol = 1;
  static constexpr int kKeys = 4;
  static constexpr int kStorages = 5;
  static constexpr int kNone = 6;  // not, or no longer, such a stream

  bool is_magic(Value value) const;

  Session& session_;
  int stage_ = kMagic;
  std::vector<std::string> keys_;
};

}  // namespace assay::pickle
