#pragma once

#include <string>
#include <utility>
#include <vector>

#include "scanner/artifact_assembler.h"
#include "scanner/worker/record.h"

namespace assay::test {

inline constexpr wire::RecordLimits kRoomy{.facts = 1000,
                                           .fact_bytes = 1 << 20,
                                           .gaps = 1000,
                                           .artifacts = 1000,
                                           .attempts = 1000,
                                           .depth = 20,
                                           .bytes = 1 << 20};

// Keeps every file that a worker says is done; file number 9 is not waited for.
class Listener final : public wire::RecordListener {
 public:
  void on_ready(std::vector<wire::LayerWords> words) override { layers = std::move(words); }
  AnalysisSink& sink() override { return assembler; }
  std::size_t depth() const override { return assembler.depth(); }
  std::size_t path_size() const override { return assembler.path_size(); }
  bool on_done(std::uint64_t file) override {
    if (file == 9 || !assembler.is_complete() || !assembler.is_consistent()) return false;
    done.emplace_back(file, assembler.take());
    return true;
  }

  std::vector<wire::LayerWords> layers;
  ArtifactAssembler assembler;
  std::vector<std::pair<std::uint64_t, Artifact>> done;
};

}  // namespace assay::test
