#include "scanner/policy/glob.h"

#include <catch2/catch.hpp>
#include <string>

using assay::policy::glob_matches;
using assay::policy::Plain;

TEST_CASE("a star stays within a component, two stars cross them") {
  struct Row {
    const char* pattern;
    const char* path;
    bool fits;
  };
  const Row row = GENERATE(
      Row{"models/*", "models/a.pt", true}, Row{"models/*", "models/b/a.pt", false},
      Row{"models/**", "models/b/a.pt", true}, Row{"models/**", "models", true},
      Row{"models/**", "modelsx/a", false}, Row{"**/a.pt", "a.pt", true},
      Row{"**/a.pt", "x/y/a.pt", true}, Row{"**/a.pt", "x/ya.pt", false}, Row{"**", "x/y", true},
      Row{"a/**/b", "a/b", true}, Row{"a/**/b", "a/x/y/b", true}, Row{"a/**/b", "a/x/bc", false},
      Row{"a*c*e", "abcde", true}, Row{"a*c*e", "abcdf", false}, Row{"a?c", "abc", true},
      Row{"a/?", "a/", false}, Row{"[ab]", "a", false}, Row{"[ab]", "[ab]", true},
      Row{"a/*", "a/.hidden", true}, Row{"*.pt", "x/y/a.pt", true}, Row{"*.pt", "a.pt/x", false},
      Row{"A.pt", "a.pt", false}, Row{"a**b", "axxb", true});
  CAPTURE(row.pattern, row.path);
  CHECK(glob_matches(row.pattern, row.path) == row.fits);
}

TEST_CASE("a repository's pattern without a slash is the whole name") {
  CHECK_FALSE(glob_matches("acme", "org/acme", Plain::whole));
  CHECK(glob_matches("*/acme", "org/acme", Plain::whole));
  CHECK_FALSE(glob_matches("acme/*", "acme/a/b", Plain::whole));
}

TEST_CASE("many stars take no time") {
  std::string pattern;
  for (int i = 0; i < 400; ++i) pattern += "*a";
  CHECK_FALSE(glob_matches(pattern, std::string(4000, 'a') + "b"));
  std::string deep;
  std::string path;
  for (int i = 0; i < 200; ++i) deep += "**/a/";
  for (int i = 0; i < 1000; ++i) path += "a/";
  CHECK_FALSE(glob_matches(deep + "b", path + "c"));
}
