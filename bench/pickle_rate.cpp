// pickle_rate FILE...: what analysing and judging pickles costs, without SHA-256 and
// YARA. A line for each: bytes, opcodes, findings, CPU seconds (the best of three).
#include <fcntl.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "scanner/analyzer.h"
#include "scanner/artifact_assembler.h"
#include "scanner/file_source.h"
#include "scanner/judging.h"

namespace {

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

struct Run {
  std::uint64_t bytes = 0;
  std::string opcodes = "0";
  std::size_t findings = 0;
  double seconds = 0;
};

Run analyse(const char* path, const assay::RuleSet& rules) {
  const double start = cpu_seconds();
  assay::FileSource source(assay::FileDescriptor(open(path, O_RDONLY | O_CLOEXEC)));
  assay::Budget budget{assay::Limits{}};
  assay::ArtifactAssembler assembler;
  assay::Analyzer(budget, nullptr, {.hash = false}, assembler).analyze({.name = path}, source);
  assay::Artifact artifact = assembler.take();
  Run run{.bytes = source.size()};
  run.findings = judge_file(artifact, rules).size();
  run.seconds = cpu_seconds() - start;
  for (const assay::Fact& fact : artifact.facts) {
    const auto* metadata = std::get_if<assay::Metadata>(&fact.value);
    if (metadata && metadata->key == "pickle.opcodes") run.opcodes = metadata->value;
  }
  return run;
}

}  // namespace

int main(int argc, char** argv) {
  const auto rules = assay::RuleSet::built_in();
  if (!rules || argc < 2) return 1;
  for (int i = 1; i < argc; ++i) {
    Run best = analyse(argv[i], *rules);
    for (int again = 0; again < 2; ++again) {
      const Run run = analyse(argv[i], *rules);
      best.seconds = std::min(best.seconds, run.seconds);
    }
    std::printf("%llu %s %zu %.6f\n", static_cast<unsigned long long>(best.bytes),
                best.opcodes.c_str(), best.findings, best.seconds);
  }
}
