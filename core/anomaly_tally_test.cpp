#include "core/anomaly_tally.h"

#include <catch2/catch.hpp>

#include "tests/support/recording_context.h"

using namespace assay;

TEST_CASE("a thousand anomalies of one code become sixteen and a count, others stay") {
  MemorySource source{Bytes{}};
  Budget budget;
  test::RecordingContext context(source, "", budget);
  AnomalyTally tally(context);
  for (std::uint64_t i = 0; i < 1000; ++i) tally.add(i, 1, "x.many", "one");
  tally.add(5, 1, "x.single", "alone");
  tally.finish();

  const auto anomalies = context.all<Anomaly>();
  REQUIRE(anomalies.size() == AnomalyTally::kShown + 2);
  CHECK(anomalies[AnomalyTally::kShown + 1].detail == "984 more of the same");
  CHECK(context.facts.back().offset == 999);
  CHECK(context.has_anomaly("x.single"));
}
