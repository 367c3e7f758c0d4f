#include "scanner/provenance/evidence_finder.h"

#include <array>
#include <map>
#include <optional>

#include "core/text.h"

namespace assay {
namespace {

constexpr std::array<std::string_view, 3> kBundleSuffixes{".sigstore.json", ".sigstore", ".bundle"};
constexpr std::array<std::string_view, 3> kStatementSuffixes{".intoto.jsonl", ".intoto.json",
                                                             ".intoto"};
constexpr std::array<std::string_view, 3> kForeignSuffixes{".asc", ".minisig", ".p7s"};
constexpr std::string_view kSignatureSuffix = ".sig";
constexpr std::string_view kHubFolder = ".cache/huggingface/";
constexpr std::string_view kTrees = "trees/";
constexpr std::string_view kDownloads = "download/";
constexpr std::string_view kMetadata = ".metadata";
constexpr std::string_view kLayout = "oci-layout";

bool cut_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix) || base_name(text).size() == suffix.size()) return false;
  text.remove_suffix(suffix.size());
  return true;
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? std::string_view() : path.substr(0, slash));
}

// Where ".cache/huggingface/" stands as whole components; npos if nowhere.
std::size_t find_hub_folder(std::string_view path) {
  if (path.starts_with(kHubFolder)) return 0;
  const std::size_t at = path.find("/" + std::string(kHubFolder));
  return at == std::string_view::npos ? at : at + 1;
}

class Finder {
 public:
  explicit Finder(const SourceListing& listing) : listing_(listing) {
    for (const SourceFile& file : listing.files) paths_.emplace(file.report_path, &file);
  }

  std::vector<EvidencePlace> find() {
    for (const std::vector<SourceFile>* files : {&listing_.files, &listing_.beside}) {
      for (const SourceFile& file : *files) {
        // Of a linked work tree it is a file.
        const bool is_git = file.left_out ? base_name(file.report_path) == ".git"
                                          : file.report_path == ".git" && !file.problem;
        if (is_git) {
          add(EvidenceKind::git_clone, file, "", folder_of(file.report_path));
        } else if (!file.problem && !file.left_out && !file.is_stdin) {
          visit(file);
        }
      }
    }
    find_caches();
    for (auto& [folder, files] : downloads_) {
      places_.push_back({EvidenceKind::hub_downloads, std::move(files), "", folder});
    }
    return std::move(places_);
  }

 private:
  // Repositories of the cache: the folders that have both blobs and snapshots.
  void find_caches() {
    constexpr std::string_view kBlobs = "blobs/", kSnapshots = "snapshots/",
                               kTreesOfCache = "trees/";
    std::map<std::string, const SourceFile*> blobs, snapshots;
    bool is_snapshot = false;
    for (const SourceFile& file : listing_.files) {
      is_snapshot = is_snapshot || file.link == LinkKind::to_blob;
      if (const auto above = above_folder(file.report_path, kBlobs)) blobs.emplace(*above, &file);
      if (const auto above = above_folder(file.report_path, kSnapshots)) {
        snapshots.emplace(*above, &file);
      }
    }
    for (const auto& [above, blob] : blobs) {
      if (!snapshots.contains(above)) continue;
      places_.push_back({EvidenceKind::hub_cache, {}, "", above + "blobs", above + "blobs"});
    }
    for (const SourceFile& file : listing_.files) {
      const auto above = above_folder(file.report_path, kTreesOfCache);
      if (!above || !snapshots.contains(*above)) continue;
      std::string_view commit = base_name(file.report_path);
      if (cut_suffix(commit, ".json")) {
        add(EvidenceKind::hub_listing, file, "", *above + "snapshots/" + std::string(commit));
      }
    }
    if (is_snapshot && blobs.empty()) {
      places_.push_back({EvidenceKind::hub_snapshot, {}, "", "", "."});
    }
  }

  // What stands before the component `folder`, when the path has it at the top or one
  // folder below it, as a cache of many repositories has.
  static std::optional<std::string> above_folder(std::string_view path, std::string_view folder) {
    if (path.starts_with(folder)) return "";
    const auto slash = path.find('/');
    if (slash == std::string_view::npos || !path.substr(slash + 1).starts_with(folder)) {
      return std::nullopt;
    }
    return std::string(path.substr(0, slash + 1));
  }

  void visit(const SourceFile& file) {
    const std::string_view path = file.report_path;
    if (const std::size_t at = find_hub_folder(path); at != std::string_view::npos) {
      return visit_hub(file, at);
    }
    if (base_name(path) == kLayout) return add_layout(file);
    std::string_view subject = path;
    for (const std::string_view suffix : kBundleSuffixes) {
      if (!cut_suffix(subject, suffix)) continue;
      const bool is_beside = paths_.contains(subject);
      add(is_beside ? EvidenceKind::bundle : EvidenceKind::attestations, file,
          is_beside ? subject : std::string_view(), folder_of(path));
      return;
    }
    for (const std::string_view suffix : kStatementSuffixes) {
      if (!cut_suffix(subject, suffix)) continue;
      if (!paths_.contains(subject)) subject = {};
      return add(EvidenceKind::attestations, file, subject, folder_of(path));
    }
    for (const std::string_view suffix : kForeignSuffixes) {
      if (!cut_suffix(subject, suffix)) continue;
      if (paths_.contains(subject)) add(EvidenceKind::model, file, subject, folder_of(path));
      return;
    }
    if (!cut_suffix(subject, kSignatureSuffix)) return;
    if (!paths_.contains(subject)) subject = {};
    add(EvidenceKind::model, file, subject, folder_of(path));
  }

  void add_layout(const SourceFile& marker) {
    std::string folder = folder_of(marker.report_path);
    std::vector<const SourceFile*> files{&marker};
    const auto index = paths_.find(folder.empty() ? "index.json" : folder + "/index.json");
    if (index != paths_.end() && !index->second->problem) files.push_back(index->second);
    places_.push_back({EvidenceKind::oci_layout, std::move(files), "", std::move(folder)});
  }

  void visit_hub(const SourceFile& file, std::size_t at) {
    const std::string_view path = file.report_path;
    const std::string folder(path.substr(0, at == 0 ? 0 : at - 1));
    const std::string_view inside = path.substr(at + kHubFolder.size());
    if (inside.starts_with(kTrees) && inside.ends_with(".json")) {
      add(EvidenceKind::hub_listing, file, "", folder);
    } else if (inside.starts_with(kDownloads) && inside.ends_with(kMetadata)) {
      downloads_[folder].push_back(&file);
    }
  }

  void add(EvidenceKind kind, const SourceFile& file, std::string_view subject,
           std::string folder) {
    places_.push_back({kind, {&file}, std::string(subject), std::move(folder)});
  }

  const SourceListing& listing_;
  std::map<std::string, const SourceFile*, std::less<>> paths_;
  std::vector<EvidencePlace> places_;
  std::map<std::string, std::vector<const SourceFile*>> downloads_;
};

}  // namespace

std::vector<EvidencePlace> find_evidence(const SourceListing& listing) {
  return Finder(listing).find();
}

}  // namespace assay
