#include "scanner/artifact_assembler.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace assay {
namespace {

template <typename T>
void append(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

bool ArtifactAssembler::expect(bool condition) {
  consistent_ = consistent_ && condition;
  return condition;
}

void ArtifactAssembler::begin_artifact(std::string_view name) {
  if (!expect(frames_.empty() ? !complete_ : in_attempt())) return;
  Frame frame;
  frame.artifact.path =
      frames_.empty() ? std::string(name)
                      : frames_.back().artifact.path + std::string(kMemberMark) + std::string(name);
  frames_.push_back(std::move(frame));
}

void ArtifactAssembler::end_artifact(std::uint64_t size, std::string_view sha256) {
  if (!expect(!frames_.empty() && !in_attempt())) return;
  frames_.back().artifact.size = size;
  frames_.back().artifact.sha256 = sha256;
  close_artifact();
}

void ArtifactAssembler::begin_attempt(std::string_view format) {
  if (!expect(!frames_.empty() && !in_attempt())) return;
  Frame frame{.is_attempt = true, .artifact = {}};
  frame.artifact.path = frames_.back().artifact.path;
  frame.artifact.format = format;
  frames_.push_back(std::move(frame));
}

void ArtifactAssembler::accept(std::string_view format) {
  if (expect(in_attempt())) close_attempt(format);
}

void ArtifactAssembler::reject() {
  if (expect(in_attempt())) frames_.pop_back();
}

void ArtifactAssembler::fact(Fact fact) {
  if (expect(!frames_.empty())) frames_.back().artifact.facts.push_back(std::move(fact));
}

void ArtifactAssembler::gap(ParseError error) {
  if (!expect(!frames_.empty())) return;
  Artifact& artifact = frames_.back().artifact;
  artifact.gaps.push_back({artifact.path, error.code, std::move(error.message), error.offset});
}

void ArtifactAssembler::close_attempt(std::string_view format) {
  Artifact attempt = std::move(frames_.back().artifact);
  frames_.pop_back();
  Artifact& artifact = frames_.back().artifact;
  artifact.formats.emplace_back(format);
  append(artifact.facts, attempt.facts);
  append(artifact.gaps, attempt.gaps);
  append(artifact.members, attempt.members);
}

void ArtifactAssembler::close_artifact() {
  Artifact artifact = std::move(frames_.back().artifact);
  frames_.pop_back();
  artifact.format = artifact.formats.empty() ? "unknown" : artifact.formats.front();
  std::stable_sort(artifact.facts.begin(), artifact.facts.end(),
                   [](const Fact& a, const Fact& b) { return a.offset < b.offset; });
  if (frames_.empty()) {
    complete_ = std::move(artifact);
  } else {
    frames_.back().artifact.members.push_back(std::move(artifact));
  }
}

Artifact ArtifactAssembler::take() {
  while (!frames_.empty()) {
    if (in_attempt()) {
      close_attempt(std::string(frames_.back().artifact.format));
    } else {
      close_artifact();
    }
  }
  Artifact artifact = std::move(complete_).value_or(Artifact{});
  reset();
  if (artifact.format.empty()) artifact.format = "unknown";
  return artifact;
}

void ArtifactAssembler::reset() {
  frames_.clear();
  complete_.reset();
  consistent_ = true;
}

}  // namespace assay
