// What a worker pays for its layers: sandbox_test '[cost]' prints it.
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <vector>

#include "scanner/sandbox/layers.h"
#include "scanner/sandbox/test_child.h"

using namespace assay::sandbox;
using namespace assay::sandbox::test;

namespace {

double microseconds(clockid_t clock) {
  timespec time{};
  if (::clock_gettime(clock, &time) != 0) return 0;
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + std::ssize(values) / 2);
  return values[values.size() / 2];
}

// Of 101 children, the median of what `work` says.
double median_of(const std::function<double(int descriptor)>& work) {
  std::vector<double> values;
  for (int i = 0; i < 101; ++i) {
    const Ended ended = in_child([&](int out) { say(out, std::to_string(work(out))); });
    values.push_back(ended.exited() ? std::stod(ended.said) : 0);
  }
  return median(values);
}

double cost_of_layers(const std::set<Layer>& wanted) {
  return median_of([&](int out) {
    Options options;
    options.keep.insert(out);
    for (const Layer layer : all_layers()) {
      if (!wanted.contains(layer)) options.without.insert(layer);
    }
    const double before = microseconds(CLOCK_PROCESS_CPUTIME_ID);
    lock_down(options);
    return microseconds(CLOCK_PROCESS_CPUTIME_ID) - before;
  });
}

double cost_of_fstat(bool locked) {
  return median_of([&](int out) {
    Options options;
    options.keep.insert(out);
    if (locked) lock_down(options);
    struct stat found{};
    const double before = microseconds(CLOCK_MONOTONIC);
    for (int i = 0; i < 1000; ++i) ::fstat(out, &found);
    return (microseconds(CLOCK_MONOTONIC) - before) / 1000;
  });
}

}  // namespace

TEST_CASE("the cost of each layer, in microseconds of processor time", "[.][cost]") {
  const double none = cost_of_layers({});
  std::printf("%-18s %6.0f\n", "nothing", none);
  for (const Layer layer : all_layers()) {
    // Landlock and seccomp need it.
    const double cost = cost_of_layers({Layer::no_new_privs, layer});
    std::printf("%-18s %6.0f\n", std::string(to_string(layer)).c_str(), cost - none);
    CHECK(cost > 0);
  }
  std::set<Layer> all(all_layers().begin(), all_layers().end());
  std::printf("%-18s %6.0f\n", "all", cost_of_layers(all) - none);
  all.erase(Layer::network_namespace);
  std::printf("%-18s %6.0f\n", "all but network", cost_of_layers(all) - none);
  std::printf("%-18s %6.2f, locked %.2f\n", "one fstat", cost_of_fstat(false), cost_of_fstat(true));
}
