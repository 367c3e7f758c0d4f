#include "scanner/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

#include "core/text.h"

namespace assay::log {
namespace {

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = [] {
    auto made = std::make_shared<spdlog::logger>("assay",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("assay: %v");
    made->set_level(spdlog::level::err);
    return made;
  }();
  return *instance;
}

spdlog::level::level_enum level_of(Level level) {
  switch (level) {
    case Level::quiet:
      return spdlog::level::off;
    case Level::error:
      return spdlog::level::err;
    case Level::info:
      return spdlog::level::info;
    case Level::debug:
      return spdlog::level::debug;
  }
  return spdlog::level::err;
}

}  // namespace

void set_level(Level level) { logger().set_level(level_of(level)); }
void error(std::string_view message) { logger().error("{}", escaped(message)); }
void info(std::string_view message) { logger().info("{}", escaped(message)); }
void debug(std::string_view message) { logger().debug("{}", escaped(message)); }

}  // namespace assay::log
