#pragma once

#include <cstdint>
#include <string_view>

namespace assay::log {

enum class Level : std::uint8_t { quiet, error, info, debug };

// From which level on lines go to standard error. Until it is called: error.
void set_level(Level level);

// One line, "assay: <message>", with the message escaped: it may quote a file.
void error(std::string_view message);
void info(std::string_view message);
void debug(std::string_view message);

}  // namespace assay::log
