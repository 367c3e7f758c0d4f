#include "core/budget.h"

#include <catch2/catch.hpp>

using namespace assay;

TEST_CASE("a budget is spent once and stays spent") {
  Budget budget(Limits{.members = 2});
  CHECK(budget.spend(Cost::members));
  CHECK(budget.spend(Cost::members));
  CHECK_FALSE(budget.spend(Cost::members));
  CHECK_FALSE(budget.spend(Cost::members, 0) == false);
  CHECK(budget.error(7).message == "limit reached: members (2 for one file)");
  CHECK(budget.error(7).offset == 7);
}

TEST_CASE("an amount over what is left takes nothing half") {
  Budget budget(Limits{.expanded_bytes = 10});
  CHECK_FALSE(budget.spend(Cost::expanded_bytes, 11));
  CHECK(budget.left(Cost::expanded_bytes) == 0);
}

TEST_CASE("depth is given back when a scope ends") {
  Budget budget(Limits{.depth = 1});
  {
    const DepthScope outer(budget);
    CHECK(outer);
    const DepthScope inner(budget);
    CHECK_FALSE(inner);
    CHECK(budget.error(0).message == "limit reached: depth (1 levels)");
  }
  CHECK(budget.depth() == 0);
}

TEST_CASE("a stop from outside empties every budget and is no limit of the file") {
  std::atomic<bool> stop = false;
  Budget budget(Limits{.stop = &stop});
  CHECK(budget.spend(Cost::nodes));
  stop = true;
  CHECK_FALSE(budget.spend(Cost::nodes));
  CHECK(budget.error(0).code == ParseErrc::timeout);
}
