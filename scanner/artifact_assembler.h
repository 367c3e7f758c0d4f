#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/artifact.h"
#include "scanner/analysis_sink.h"

namespace assay {

// Makes the artifact of what the analyzer says. A call that does not fit the
// grammar of AnalysisSink changes nothing and is remembered: the words may come
// from a process that somebody took over.
class ArtifactAssembler final : public AnalysisSink {
 public:
  void begin_artifact(std::string_view name) override;
  void end_artifact(std::uint64_t size, std::string_view sha256) override;
  void begin_attempt(std::string_view format) override;
  void accept(std::string_view format) override;
  void reject() override;
  void fact(Fact fact) override;
  void gap(ParseError error) override;

  bool is_consistent() const { return consistent_; }
  bool is_complete() const { return complete_.has_value(); }

  // Artifacts and attempts that are open, one inside the other.
  std::size_t depth() const { return frames_.size(); }

  // Bytes of the path of the artifact that is open, 0 if none is.
  std::size_t path_size() const {
    return frames_.empty() ? 0 : frames_.back().artifact.path.size();
  }

  // The artifact. While it is incomplete: what is known of it, every open
  // attempt taken as accepted, so that nothing found is lost. Resets.
  Artifact take();

  // Forgets everything: ready for another file.
  void reset();

 private:
  // An artifact, or an attempt at reading the one below it: then `artifact`
  // holds what the attempt would add.
  struct Frame {
    bool is_attempt = false;
    Artifact artifact;
  };

  bool expect(bool condition);
  bool in_attempt() const { return !frames_.empty() && frames_.back().is_attempt; }
  void close_attempt(std::string_view format);
  void close_artifact();

  std::vector<Frame> frames_;
  std::optional<Artifact> complete_;
  bool consistent_ = true;
};

}  // namespace assay
