#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/finding.h"

namespace assay::rules {

// 32 hex digits that stay the same while the cause does: a hash (FNV-1a, 128
// bit) of the rule, the path with its member chain, and the identifying
// evidence. Positions inside evidence ("byte 41", "offset 0x10") do not count.
// It tells findings apart; it is no protection against made-up collisions.
std::string fingerprint(std::string_view rule, std::string_view path,
                        std::span<const Evidence> identity);

}  // namespace assay::rules
