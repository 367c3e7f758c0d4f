#include "provenance/roots/public_good.h"

#include <catch2/catch.hpp>

#include "provenance/json.h"
#include "provenance/sha256.h"

using namespace assay;
using namespace assay::provenance;

TEST_CASE("the trusted root that is built in is the one that was published") {
  CHECK(sha256_hex(public_good_root()) == kPublicGoodRootDigest);
  const auto root = parse_json(public_good_root());
  REQUIRE(root.has_value());
  CHECK(root->find("tlogs") != nullptr);
}
