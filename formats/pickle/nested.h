#pragma once

#include <cstdint>
#include <string_view>

namespace assay::pickle {

inline constexpr std::uint64_t kNestedHead = 64;

// Whether bytes that begin with `head` (kNestedHead of them will do) may be a
// pickle that begins with PROTO or names a global first, a torch file, a zip, or
// one of these compressed.
bool begins_nested(std::string_view head);

// Whether a text that begins so may be one of these, or one that is encoded.
// Most texts are not by their first character.
bool may_stand_for_artifact(std::string_view head);

struct Session;

// Examines the texts that were noted as they stood in the stream and that no call
// has been seen to get.
void examine_standing(Session& session);

}  // namespace assay::pickle
