#pragma once

// Precompiled for all libraries (cmake/AssayTargets.cmake); no file includes it, and each
// includes what it uses.
#include <algorithm>
#include <array>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ranges>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>
