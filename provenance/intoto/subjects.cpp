#include "provenance/intoto/subjects.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include "core/text.h"

namespace assay::provenance::intoto {
namespace {

constexpr std::string_view kClass = "artifact.digest";
constexpr std::string_view kGitCommit = "gitCommit";

enum class Likeness : std::uint8_t { same, different, not_comparable };

// The file's digest by that algorithm in lower-case hex; empty when it is not known.
std::string known_digest(const NamedArtifact& file, std::string_view algorithm) {
  if (algorithm == kGitCommit) return to_lower(file.git_commit);
  const auto kind = sha2_of(algorithm);
  const auto digest = kind ? file.digests.digest(*kind) : std::nullopt;
  return digest ? hex(*digest) : std::string();
}

Likeness compare(const ResourceDescriptor& subject, const NamedArtifact& file) {
  Likeness result = Likeness::not_comparable;
  for (const auto& [algorithm, text] : subject.digest) {
    const std::string known = known_digest(file, algorithm);
    if (known.empty()) continue;
    if (to_lower(text) != known) return Likeness::different;
    result = Likeness::same;
  }
  return result;
}

std::string_view without_dot(std::string_view name) {
  return name.starts_with("./") ? name.substr(2) : name;
}

class Matching {
 public:
  Matching(const std::vector<ResourceDescriptor>& subjects, std::span<const NamedArtifact> files)
      : subjects_(subjects), files_(files), state_(files.size(), CoverageState::extra) {
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      for (const auto& [algorithm, text] : subjects[i].digest) {
        auto& named = by_digest_[to_lower(text)];
        if (named.size() < kMaxAlike) named.push_back(i);
      }
    }
    for (std::size_t i = 0; i < files.size(); ++i) {
      by_path_.emplace(files[i].path, i);
      by_base_name_[base_name(files[i].path)].push_back(i);
    }
    matched_.resize(subjects.size());
    by_its_name_.resize(files.size());
  }

  void run() {
    for (std::size_t i = 0; i < files_.size(); ++i) match_by_digest(i);
    for (std::size_t i = 0; i < subjects_.size(); ++i) {
      matched_[i] ? find_swapped(subjects_[i]) : match_by_name(subjects_[i]);
    }
  }

  void judge(Checks& checks) const {
    const auto has = [this](CoverageState state) {
      return std::ranges::find(state_, state) != state_.end();
    };
    if (has(CoverageState::changed)) {
      checks.fail(kClass, "the statement names another content for " + first_changed());
    } else if (has(CoverageState::covered)) {
      checks.pass(kClass);
      if (swapped_) checks.warn("artifact.name", swapped_message());
    } else if (subjects_.empty() || has_comparable()) {
      checks.fail(kClass, "the statement is not about any of the files");
    } else {
      checks.cannot(kClass, "the statement names digests that are not known of the files");
    }
  }

  std::vector<Coverage> list() const {
    std::vector<Coverage> list;
    for (std::size_t i = 0; i < files_.size(); ++i) list.push_back({files_[i].path, state_[i]});
    std::ranges::sort(list, {}, &Coverage::path);
    return list;
  }

 private:
  // Subjects of one digest that are looked at; a writer has no reason for a second.
  static constexpr std::size_t kMaxAlike = 8;

  void match_by_digest(std::size_t at) {
    const NamedArtifact& file = files_[at];
    for (const std::string_view algorithm : {"sha256", "sha384", "sha512", "gitCommit"}) {
      const std::string known = known_digest(file, algorithm);
      const auto found = known.empty() ? by_digest_.end() : by_digest_.find(known);
      if (found == by_digest_.end()) continue;
      for (const std::size_t subject : found->second) {
        if (compare(subjects_[subject], file) != Likeness::same) continue;
        matched_[subject] = true;
        state_[at] = CoverageState::covered;
        if (without_dot(subjects_[subject].name) == file.path) by_its_name_[at] = true;
      }
    }
  }

  // Nobody but the signer says what a name means: builders write paths and base names.
  std::optional<std::size_t> named_file(std::string_view name) const {
    name = without_dot(name);
    const auto path = by_path_.find(name);
    if (path != by_path_.end()) return path->second;
    const auto base = by_base_name_.find(name);
    if (base == by_base_name_.end() || base->second.size() != 1) return std::nullopt;
    return base->second.front();
  }

  void match_by_name(const ResourceDescriptor& subject) {
    const auto at = named_file(subject.name);
    if (!at || state_[*at] == CoverageState::covered) return;
    const Likeness likeness = compare(subject, files_[*at]);
    if (likeness == Likeness::different) state_[*at] = CoverageState::changed;
    if (likeness == Likeness::not_comparable && state_[*at] == CoverageState::extra) {
      state_[*at] = CoverageState::not_covered;
    }
  }

  // Two subjects lie under each other's names.
  void find_swapped(const ResourceDescriptor& subject) {
    const auto path = by_path_.find(without_dot(subject.name));
    if (path == by_path_.end() || by_its_name_[path->second]) return;
    if (compare(subject, files_[path->second]) == Likeness::different) swapped_ = path->second;
  }

  // Whether anything is known of some file that a subject is named by.
  bool has_comparable() const {
    std::set<std::string_view> algorithms;
    for (const ResourceDescriptor& subject : subjects_) {
      for (const auto& [algorithm, text] : subject.digest) {
        if (algorithm == kGitCommit || sha2_of(algorithm)) algorithms.insert(algorithm);
      }
    }
    return std::ranges::any_of(files_, [&](const NamedArtifact& file) {
      return std::ranges::any_of(algorithms, [&](std::string_view algorithm) {
        return !known_digest(file, algorithm).empty();
      });
    });
  }

  std::string shown(std::size_t at) const {
    return "'" + escaped(shortened(files_[at].path, 200)) + "'";
  }
  std::string first_changed() const {
    const auto at = std::ranges::find(state_, CoverageState::changed) - state_.begin();
    return shown(static_cast<std::size_t>(at));
  }
  std::string swapped_message() const {
    return shown(*swapped_) + " is not the file that the statement gives this name";
  }

  const std::vector<ResourceDescriptor>& subjects_;
  std::span<const NamedArtifact> files_;
  std::vector<CoverageState> state_;
  std::vector<bool> matched_;      // of subjects: a file agrees
  std::vector<bool> by_its_name_;  // of files: a subject of its path agrees
  std::optional<std::size_t> swapped_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_digest_;
  std::unordered_map<std::string_view, std::size_t> by_path_;
  std::unordered_map<std::string_view, std::vector<std::size_t>> by_base_name_;
};

}  // namespace

std::vector<Coverage> match_files(const std::vector<ResourceDescriptor>& subjects,
                                  std::span<const NamedArtifact> files, Checks& checks) {
  if (subjects.size() > kMaxSubjects) {
    checks.cannot(kClass, "the statement has more subjects than are looked at");
    return {};
  }
  Matching matching(subjects, files);
  matching.run();
  matching.judge(checks);
  return matching.list();
}

std::set<HashKind> digest_kinds(const std::vector<ResourceDescriptor>& subjects) {
  std::set<HashKind> kinds;
  for (const ResourceDescriptor& subject : subjects) {
    for (const auto& [algorithm, text] : subject.digest) {
      if (const auto kind = sha2_of(algorithm)) kinds.insert(*kind);
    }
  }
  return kinds;
}

}  // namespace assay::provenance::intoto
