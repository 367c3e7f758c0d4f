#include "core/relative_path.h"

#include <catch2/catch.hpp>
#include <string>

using assay::escape_reason;

TEST_CASE("a path that could leave its folder is told why") {
  const auto path =
      GENERATE(as<std::string>{}, "", "/a", "..", "../a", "a/..", "a/../../b", "C:a", "c:/a",
               "\\\\host\\a", "a\\..\\b", "file:///a", std::string("a\0b", 3));
  CAPTURE(path);
  CHECK_FALSE(escape_reason(path).empty());
}

TEST_CASE("a plain relative path is fine") {
  const auto path =
      GENERATE(as<std::string>{}, "a", "a/b.bin", "a..b", "...", "./a", "..a/b..", "model:0.bin");
  CAPTURE(path);
  CHECK(escape_reason(path).empty());
}
