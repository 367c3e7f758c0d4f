#include "scanner/engine.h"

#include <algorithm>
#include <new>
#include <thread>
#include <utility>

#include "provenance/sha256.h"
#include "rules/evaluator.h"
#include "scanner/analyzer.h"
#include "scanner/artifact_assembler.h"
#include "scanner/log.h"
#include "scanner/references.h"
#include "scanner/version.h"

namespace assay {
namespace {

// Time for a file: a base, and what the slowest parser needs for its bytes.
std::chrono::milliseconds time_for(std::uint64_t size, const ScanOptions& options) {
  if (options.timeout) return *options.timeout;
  constexpr std::uint64_t kBytesPerSecond = 20'000'000;
  return std::chrono::seconds(120 + size / kBytesPerSecond);
}

Artifact failed(const std::string& path, ParseError error) {
  Artifact artifact;
  artifact.path = path;
  artifact.format = "unknown";
  artifact.gaps.push_back({path, error.code, std::move(error.message), error.offset});
  return artifact;
}

// A file may expand as a whole to no more than any stream in it may: archives
// of archives multiply.
Limits limits_for(std::uint64_t size, const ScanOptions& options) {
  Limits limits = options.limits;
  const std::uint64_t expected = size > limits.expanded_bytes / limits.ratio
                                     ? limits.expanded_bytes
                                     : std::max(limits.ratio_floor, size * limits.ratio);
  limits.expanded_bytes = std::min(limits.expanded_bytes, expected);
  return limits;
}

Artifact examine(FileDescriptor fd, const SourceFile& file, YaraScanner& yara,
                 const ScanOptions& options, Watchdog& watchdog) {
  FileSource source(std::move(fd));
  const Watchdog::Lease lease(watchdog, time_for(source.size(), options));
  Limits limits = limits_for(source.size(), options);
  limits.stop = &lease.stop();
  Budget budget(limits);
  ArtifactAssembler assembler;
  Analyzer(budget, &yara, {.hash = options.hash}, assembler)
      .analyze({.name = file.report_path}, source);
  Artifact artifact = assembler.take();
  log::debug(file.report_path + ": " + artifact.format + ", " + std::to_string(artifact.size) +
             " bytes, " + std::to_string(artifact.facts.size()) + " facts");
  if (const auto changed = source.check_unchanged()) {
    artifact.gaps.push_back({file.report_path, changed->code, changed->message, 0});
  }
  return artifact;
}

Artifact examine_listed(const SourceFile& file, YaraScanner& yara, const ScanOptions& options,
                        Watchdog& watchdog) {
  if (file.left_out) {
    Artifact artifact;
    artifact.path = file.report_path;
    artifact.format = "unknown";
    artifact.left_out = true;
    return artifact;
  }
  if (file.problem) return failed(file.report_path, *file.problem);
  if (watchdog.stopped_all()) {
    return failed(file.report_path, {ParseErrc::timeout, 0, "interrupted before it was read"});
  }
  auto fd = file.is_stdin ? spool_stdin() : open_file(file);
  if (!fd) return failed(file.report_path, fd.error());
  try {
    return examine(std::move(*fd), file, yara, options, watchdog);
  } catch (const std::bad_alloc&) {
    return failed(file.report_path, {ParseErrc::over_budget, 0, "memory ran out"});
  }
}

// Everything that depends on one file alone, done by the thread that read it.
struct Outcome {
  Artifact artifact;
  std::vector<Finding> findings;
};

ScanResult assemble(std::vector<Outcome> outcomes, const Rules& rules, const ScanOptions& options) {
  ScanResult result;
  result.tool.version = kVersion;
  result.tool.rules_digest = rules.digest();
  const auto catalog = rules.catalog.catalog();
  result.rules.assign(catalog.begin(), catalog.end());
  for (Outcome& outcome : outcomes) {
    result.files.push_back(std::move(outcome.artifact));
    std::move(outcome.findings.begin(), outcome.findings.end(), std::back_inserter(result.findings));
  }
  decide(result, options.verdict);
  return result;
}

std::uint64_t bytes_read(const std::vector<Artifact>& files) {
  std::uint64_t total = 0;
  for (const Artifact& file : files) {
    if (!file.sha256.empty()) total += file.size;
  }
  return total;
}

}  // namespace

std::string Rules::digest() const {
  Sha256 hash;
  const auto add = [&](std::string_view name, std::string_view text) {
    for (const std::string_view part : {name, text}) {
      hash.update(as_bytes(std::to_string(part.size()) + ":"));
      hash.update(as_bytes(part));
    }
  };
  for (const RuleSet::File& file : catalog.content()) add(file.name, file.text);
  add("yara", as_text(YaraRules::built_in_image()));
  for (const libyara::Source& source : user_yara) add(source.name, source.text);
  return "sha256:" + hash.finish();
}

ScanResult scan(const SourceListing& listing, const Rules& rules, const ScanOptions& options,
                Watchdog& watchdog, ScanProgress& progress) {
  const auto& files = listing.files;
  std::vector<Outcome> outcomes(files.size());
  progress.files_total = files.size();
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    YaraScanner yara(rules.yara);
    for (std::size_t i = next++; i < files.size(); i = next++) {
      outcomes[i].artifact = examine_listed(files[i], yara, options, watchdog);
      judge(outcomes[i].artifact, rules.catalog, outcomes[i].findings);
      progress.bytes_done += outcomes[i].artifact.size;
      ++progress.files_done;
    }
  };
  const auto count = std::min<std::size_t>(std::max(options.jobs, 1U), files.size());
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < count; ++i) threads.emplace_back(work);
  work();
  threads.clear();
  std::vector<Artifact*> artifacts;
  for (Outcome& outcome : outcomes) artifacts.push_back(&outcome.artifact);
  settle_references(artifacts);
  ScanResult result = assemble(std::move(outcomes), rules, options);
  result.source = {listing.uri, listing.kind, ""};
  result.summary.bytes_read = options.hash ? bytes_read(result.files) : 0;
  return result;
}

ScanResult scan_bytes(std::string name, Bytes bytes, const Rules& rules,
                      const ScanOptions& options) {
  MemorySource source(bytes);
  Budget budget(options.limits);
  YaraScanner yara(rules.yara);
  ArtifactAssembler assembler;
  Analyzer(budget, &yara, {.hash = options.hash}, assembler).analyze({.name = name}, source);
  std::vector<Outcome> outcomes(1);
  outcomes[0].artifact = assembler.take();
  judge(outcomes[0].artifact, rules.catalog, outcomes[0].findings);
  ScanResult result = assemble(std::move(outcomes), rules, options);
  result.source = {name, "path", ""};
  return result;
}

}  // namespace assay
