#pragma once

// Precompiled for all tests (cmake/AssayTargets.cmake); no file includes it.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ranges>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>
