#pragma once

#include <cstdint>
#include <string_view>

namespace assay::pickle {

inline constexpr std::uint64_t kNestedHead = 32;

// Whether bytes that begin with `head` (kNestedHead of them will do) may be a
// pickle with a PROTO, a torch file, a zip, or one of these compressed.
bool begins_nested(std::string_view head);

}  // namespace assay::pickle
