#include "provenance/git/commit_files.h"

#include <deque>
#include <utility>

#include "core/text.h"

namespace assay::provenance::git {
namespace {

using State = Lookup::State;

constexpr std::size_t kMaxDepth = 256;
constexpr std::size_t kMaxPath = 4096;          // PATH_MAX: no longer one can be checked out
constexpr std::size_t kMaxPaths = 256U << 20U;  // bytes of all together

// Walks the trees breadth first. What is not at hand is noted by the store, and the walk
// goes on elsewhere, so that one round asks for all that is known to be needed.
class Walk {
 public:
  Walk(ObjectStore& store, Checks& checks) : store_(store), checks_(checks) {}

  std::optional<std::map<std::string, CommitFile>> run(const std::string& tree) {
    folders_.push_back({"", tree, 0});
    while (!folders_.empty() && !failed_) {
      const Folder folder = std::move(folders_.front());
      folders_.pop_front();
      enter(folder);
    }
    for (auto& [path, file] : files_) {
      if (!failed_ && file.kind == EntryKind::file) look_for_pointer(file);
    }
    if (failed_ || unread_) return std::nullopt;
    if (!missing_.empty()) {
      checks_.cannot("git.object.missing", "the clone is partial, and does not hold " + missing_);
    }
    if (!unread_blob_.empty()) checks_.cannot("git.budget", unread_blob_);
    return std::move(files_);
  }

 private:
  struct Folder {
    std::string path;  // empty, or with a slash at its end
    std::string id;
    std::size_t depth;
  };

  void fail(std::string_view name, std::string message) {
    checks_.fail(name, std::move(message));
    failed_ = true;
  }
  void give_up(std::string message, std::string_view name = "git.budget") {
    checks_.cannot(name, std::move(message));
    failed_ = true;
  }
  void miss(const std::string& id) {
    if (missing_.empty()) missing_ = id;
  }

  // Nothing when there is nothing to go on with.
  std::optional<Object> take(const std::string& id, std::string_view type, Lookup found) {
    switch (found.state) {
      case State::found:
        if (found.object.type == type) return std::move(found.object);
        fail("git.object",
             id + " is a " + escaped(found.object.type) + " and no " + std::string(type));
        return std::nullopt;
      case State::absent:
        miss(id);
        return std::nullopt;
      case State::large:
        return std::nullopt;
      case State::unread:
        unread_ = true;
        return std::nullopt;
      case State::broken:
        break;
    }
    if (found.error.code == ParseErrc::malformed) {
      fail("git.object", found.error.message);
    } else {
      give_up(found.error.message,
              found.error.code == ParseErrc::unsupported ? "git.unsupported" : "git.budget");
    }
    return std::nullopt;
  }

  void enter(const Folder& folder) {
    const auto object = take(folder.id, "tree", store_.find(folder.id));
    if (!object) return;
    const auto entries = parse_tree(object->content);
    if (!entries) return fail("git.tree", escaped(folder.path) + ": " + entries.error().message);
    for (const TreeEntry& entry : *entries) add(folder, entry);
  }

  void add(const Folder& folder, const TreeEntry& entry) {
    const std::string path = folder.path + entry.name;
    paths_size_ += path.size();
    if (path.size() > kMaxPath || paths_size_ > kMaxPaths) {
      return give_up("the commit has longer paths than are read");
    }
    if (entry.kind != EntryKind::folder) {
      files_[path] = {.kind = entry.kind, .id = entry.id, .pointer = {}};
    } else if (folder.depth == kMaxDepth) {
      give_up("folders are nested deeper than is read");
    } else {
      folders_.push_back({path + "/", entry.id, folder.depth + 1});
    }
    // Trees may be shared, so a small repository can have any number of paths.
    if (++entries_ > kMaxCommitFiles) {
      give_up("the commit has more files than are read");
    }
  }

  void look_for_pointer(CommitFile& file) {
    Lookup found = store_.find(file.id, kMaxPointerSize);
    const bool over_budget =
        found.state == State::broken && found.error.code == ParseErrc::over_budget;
    file.is_known = found.state != State::absent && !over_budget;
    if (over_budget) {
      if (unread_blob_.empty()) unread_blob_ = found.error.message;
      return;
    }
    const auto blob = take(file.id, "blob", std::move(found));
    if (blob) file.pointer = parse_lfs_pointer(as_text(blob->content));
  }

  ObjectStore& store_;
  Checks& checks_;
  std::deque<Folder> folders_;
  std::map<std::string, CommitFile> files_;
  std::string missing_;
  std::string unread_blob_;  // why
  std::size_t paths_size_ = 0;
  std::size_t entries_ = 0;
  bool unread_ = false;
  bool failed_ = false;
};

}  // namespace

std::optional<std::map<std::string, CommitFile>> files_of_commit(ObjectStore& store,
                                                                 const std::string& tree,
                                                                 Checks& checks) {
  return Walk(store, checks).run(tree);
}

}  // namespace assay::provenance::git
