#include "provenance/git/clone.h"

#include <map>
#include <utility>

#include "core/text.h"
#include "provenance/git/commit.h"
#include "provenance/git/commit_files.h"
#include "provenance/git/name_tally.h"
#include "provenance/git/object_id.h"
#include "provenance/git/object_store.h"
#include "provenance/git/refs.h"

namespace assay::provenance::git {
namespace {

using State = Lookup::State;
using CommitFiles = std::map<std::string, CommitFile>;

// The files of a commit against those of the work tree.
class Comparison {
 public:
  Comparison(const CommitFiles& commit, const std::vector<WorkFile>& files) : commit_(commit) {
    for (const WorkFile& file : files) work_[file.path] = &file;
  }

  void run(CloneAnswer& answer) {
    std::map<std::string_view, CoverageState> states;
    for (const auto& [path, file] : commit_) states[path] = state_of(path, file, answer.work);
    for (const auto& [path, file] : work_) {
      if (commit_.contains(std::string(path))) continue;
      const bool is_submodules = lies_in_submodule(path);
      if (!is_submodules) extra_.add(path);
      states[path] = is_submodules ? CoverageState::not_covered : CoverageState::extra;
    }
    for (const auto& [path, state] : states) {
      answer.evidence.coverage.push_back({std::string(path), state});
    }
    judge(answer.evidence.checks);
  }

 private:
  // Another repository has these.
  bool lies_in_submodule(std::string_view path) const {
    for (auto slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1)) {
      const auto above = commit_.find(std::string(path.substr(0, slash)));
      if (above != commit_.end()) return above->second.kind == EntryKind::submodule;
    }
    return false;
  }

  CoverageState state_of(const std::string& path, const CommitFile& file, WorkNeeds& needs) {
    if (file.kind == EntryKind::submodule) {
      submodules_.add(path);
      return CoverageState::not_covered;
    }
    const auto found = work_.find(path);
    if (found == work_.end()) {
      missing_.add(path);
      return CoverageState::missing;
    }
    const WorkFile& work = *found->second;
    if (file.kind == EntryKind::link) return compare_link(path, file, work, needs);
    if (work.link_target) return changed(path);  // it leads to anything
    return compare(path, file, work, needs);
  }

  // The blob of a link is where it leads. Where links cannot be, git writes that to a file.
  CoverageState compare_link(const std::string& path, const CommitFile& file, const WorkFile& work,
                             WorkNeeds& needs) {
    if (work.followed_link || work.link_target == "") {
      links_.add(path);
      return CoverageState::not_covered;
    }
    if (!work.link_target && work.blob_id.empty()) return unread(path, needs.blob_id);
    const std::string id =
        work.link_target ? object_id("blob", as_bytes(*work.link_target)) : work.blob_id;
    return id == file.id ? CoverageState::covered : changed(path);
  }

  CoverageState compare(const std::string& path, const CommitFile& file, const WorkFile& work,
                        WorkNeeds& needs) {
    if (file.pointer && work.pointer == file.pointer) return absent(path);
    const std::string& digest = file.pointer ? work.sha256 : work.blob_id;
    if (digest.empty()) return unread(path, file.pointer ? needs.sha256 : needs.blob_id);
    const bool same = file.pointer
                          ? digest == file.pointer->sha256 && work.size == file.pointer->size
                          : digest == file.id;
    // The blob itself may not be at hand; the same content is the same pointer.
    if (same && work.pointer && !file.pointer) return absent(path);
    if (same) return CoverageState::covered;
    if (file.is_known) return changed(path);
    // It may be what a pointer names that is not at hand.
    unknown_.add(path);
    return CoverageState::not_covered;
  }

  CoverageState changed(const std::string& path) {
    contents_.add(path);
    return CoverageState::changed;
  }

  CoverageState absent(const std::string& path) {
    pointers_.add(path);
    return CoverageState::weights_absent;
  }

  CoverageState unread(const std::string& path, std::vector<std::string>& needs) {
    needs.push_back(path);
    unread_.add(path);
    return CoverageState::not_covered;
  }

  void judge(Checks& checks) const {
    contents_.judge(checks, "git.content", "other content than the commit has");
    missing_.judge(checks, "git.missing", "in the commit, but not present");
    const auto warn = [&](const NameTally& names, std::string_view name, std::string_view what) {
      if (!names.empty()) checks.warn(name, std::string(what) + ": " + names.text());
    };
    const auto cannot = [&](const NameTally& names, std::string_view name, std::string_view what) {
      if (!names.empty()) checks.cannot(name, std::string(what) + ": " + names.text());
    };
    warn(extra_, "git.extra", "present, but not in the commit");
    warn(links_, "git.link", "where these links lead is not compared");
    warn(submodules_, "git.submodule", "submodules are not compared");
    cannot(pointers_, "git.pointer", "the weights are absent, only a pointer to them is there");
    cannot(unknown_, "git.object.missing", "what the commit says of these could not be read");
    cannot(unread_, "git.unread", "these were not read");
  }

  const CommitFiles& commit_;
  std::map<std::string_view, const WorkFile*> work_;
  NameTally contents_, missing_, extra_, links_, submodules_, pointers_, unknown_, unread_;
};

// Nothing while files must be read first, or when the reason stands in the checks.
std::optional<ByteString> commit_of(ObjectStore& store, const Head& head, Checks& checks) {
  Lookup found = store.find(head.commit, kMaxCommitSize);
  switch (found.state) {
    case State::found:
      if (found.object.type == "commit") return std::move(found.object.content);
      checks.fail("git.object", "HEAD leads to no commit");
      break;
    case State::absent:
      checks.cannot("git.object.missing", "the clone does not hold its commit");
      break;
    case State::large:
      checks.cannot("git.budget", "the commit is larger than is read");
      break;
    case State::broken:
      if (found.error.code == ParseErrc::malformed) {
        checks.fail("git.object", found.error.message);
      } else {
        checks.cannot(found.error.code == ParseErrc::unsupported ? "git.unsupported" : "git.budget",
                      found.error.message);
      }
      break;
    case State::unread:
      break;
  }
  return std::nullopt;
}

class Checking {
 public:
  Checking(const CloneCheck& check, const std::vector<WorkFile>& files)
      : check_(check), work_(files), files_(check.store, check.parts), store_(files_) {}

  CloneAnswer run() {
    walk();
    answer_.needs = files_.needs();
    answer_.evidence.kind = "git-clone";
    return std::move(answer_);
  }

 private:
  Checks& checks() { return answer_.evidence.checks; }

  void walk() {
    if (files_.find("objects/info/alternates")) {
      return checks().cannot("git.unsupported", "objects are borrowed from another repository");
    }
    const auto head = read_head(files_);
    if (!head) return told(head.error());
    if (!*head) return;
    const auto object = commit_of(store_, **head, checks());
    if (!object) return;
    Checks before = std::move(checks());
    answer_.evidence = verify_commit(*object, check_.keys, check_.principal, check_.now);
    before.append(checks());
    checks() = std::move(before);
    auto& properties = answer_.evidence.properties;
    if (!(*head)->ref.empty()) properties.emplace_back("ref", (*head)->ref);
    properties.emplace_back(
        "links", "commit, trees and blobs by SHA-1, weights by SHA-256 in their pointers");
    const auto commit = parse_commit(*object);
    // Nobody vouches for the files below an unsigned commit.
    if (!commit || !commit->signature) return;
    const auto files = files_of_commit(store_, commit->tree, checks());
    if (files) Comparison(*files, work_).run(answer_);
  }

  void told(const ParseError& error) {
    if (error.code == ParseErrc::unsupported) {
      checks().cannot("git.unsupported", error.message);
    } else {
      checks().fail("git.ref", error.message);
    }
  }

  const CloneCheck& check_;
  const std::vector<WorkFile>& work_;
  GitFiles files_;
  ObjectStore store_;
  CloneAnswer answer_;
};

}  // namespace

CloneAnswer check_clone(const CloneCheck& check, const std::vector<WorkFile>& files) {
  return Checking(check, files).run();
}

}  // namespace assay::provenance::git
