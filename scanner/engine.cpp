#include "scanner/engine.h"

#include <algorithm>
#include <utility>

#include "provenance/sha256.h"
#include "scanner/analyzer.h"
#include "scanner/artifact_assembler.h"
#include "scanner/file_queue.h"
#include "scanner/judging.h"
#include "scanner/provenance/scan_provenance.h"
#include "scanner/readers.h"
#include "scanner/references.h"
#include "scanner/version.h"

namespace assay {
namespace {

ScanResult assemble(std::vector<Outcome> outcomes, const Rules& rules) {
  ScanResult result;
  result.tool.version = kVersion;
  result.tool.rules_digest = rules.digest();
  const auto catalog = rules.catalog.catalog();
  result.rules.assign(catalog.begin(), catalog.end());
  for (Outcome& outcome : outcomes) {
    result.files.push_back(std::move(outcome.artifact));
    std::move(outcome.findings.begin(), outcome.findings.end(),
              std::back_inserter(result.findings));
  }
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
  const std::vector<RuleSet::File> added = catalog.added();
  if (added.empty() && user_yara.empty()) {
    return "sha256:" + std::string(RuleSet::built_in_digest());
  }
  Sha256 hash;
  const auto add = [&](std::string_view name, std::string_view text) {
    for (const std::string_view part : {name, text}) {
      hash.update(as_bytes(std::to_string(part.size()) + ":"));
      hash.update(as_bytes(part));
    }
  };
  add("built-in", RuleSet::built_in_digest());
  for (const RuleSet::File& file : added) add(file.name, file.text);
  for (const libyara::Source& source : user_yara) add(source.name, source.text);
  return "sha256:" + hash.finish();
}

ScanResult scan(const SourceListing& listing, const Rules& rules, const ScanOptions& options,
                Watchdog& watchdog, ScanProgress& progress) {
  ScanProvenance provenance(listing, options, watchdog.stop_flag());
  FileQueue queue(listing.files, rules.catalog, options.timeout, watchdog.stop_flag(), progress,
                  provenance.plan());
  const unsigned threads = static_cast<unsigned>(
      std::clamp<std::size_t>(listing.files.size(), 1, std::max(options.jobs, 1U)));
  SandboxWords sandbox;
  if (options.workers) sandbox = read_by_workers(queue, threads, rules, options, watchdog);
  if (!sandbox.has_worker) read_here(queue, threads, rules, options, watchdog);
  std::vector<Outcome> outcomes = queue.take();
  std::vector<Artifact*> artifacts;
  for (Outcome& outcome : outcomes) artifacts.push_back(&outcome.artifact);
  settle_references(artifacts);
  KnownDigests known;
  for (Outcome& outcome : outcomes) known.push_back(known_digests(outcome));
  ScanResult result = assemble(std::move(outcomes), rules);
  provenance.check(known, rules.catalog, result);
  if (options.before_verdict) options.before_verdict(result);
  decide(result, options.verdict);
  result.tool.sandbox = sandbox.level;
  result.tool.sandbox_missing = std::move(sandbox.missing);
  if (!options.workers) {
    result.tool.sandbox_missing = {"switched off: files are read in this process"};
  }
  result.source = {listing.uri, listing.kind, ""};
  result.summary.bytes_read = options.examine.hash ? bytes_read(result.files) : 0;
  return result;
}

ScanResult scan_bytes(std::string name, Bytes bytes, const Rules& rules,
                      const ScanOptions& options) {
  MemorySource source(bytes);
  Budget budget(options.examine.limits);
  YaraScanner yara(*rules.yara);
  ArtifactAssembler assembler;
  Analyzer(budget, &yara, {.hash = options.examine.hash}, assembler)
      .analyze({.name = name}, source);
  std::vector<Outcome> outcomes(1);
  outcomes[0].artifact = assembler.take();
  outcomes[0].findings = judge_file(outcomes[0].artifact, rules.catalog);
  ScanResult result = assemble(std::move(outcomes), rules);
  decide(result, options.verdict);
  result.source = {name, "path", ""};
  return result;
}

}  // namespace assay
