#include "provenance/oms/coverage.h"

#include <algorithm>
#include <set>

#include "provenance/oms/listing.h"
#include "provenance/oms/path.h"
#include "provenance/oms/tally.h"

namespace assay::provenance::oms {
namespace {

class Comparison {
 public:
  Comparison(const Manifest& manifest, const Model& model, const Exclusions& exclusions)
      : manifest_(manifest),
        model_(model),
        exclusions_(exclusions),
        listed_(listed_files(manifest, model)),
        by_signer_(manifest.ignore_paths),
        by_user_(exclusions.ignore_paths) {
    const PathSet git(kGitPaths);
    const bool signer_has_them =
        std::ranges::any_of(listed_, [&](const auto& each) { return git.covers(each.first); });
    if (exclusions.git_paths && !signer_has_them) by_default_ = git;
  }

  std::vector<Coverage> run(Checks& checks) {
    if (manifest_.is_single_file() && !model_.single_file) {
      checks.fail("oms.single-file", "the signature is over one file, " +
                                         quoted(manifest_.model_name) + ", and not over a folder");
    }
    std::set<std::string_view> present;
    for (const ModelFile& file : model_.files) {
      present.insert(file.path);
      add(file.path, state_of(file));
    }
    for (const auto& [path, resources] : listed_) {
      if (!present.contains(path)) add(path, CoverageState::missing);
    }
    std::ranges::sort(coverage_, {}, &Coverage::path);
    report(checks);
    return std::move(coverage_);
  }

 private:
  void add(std::string_view path, CoverageState state) {
    coverage_.push_back({std::string(path), state});
  }

  CoverageState state_of(const ModelFile& file) {
    const auto found = listed_.find(file.path);
    return found == listed_.end() ? state_of_unlisted(file) : state_of_listed(file, found->second);
  }

  CoverageState state_of_unlisted(const ModelFile& file) {
    if (by_signer_.covers(file.path)) return CoverageState::excluded_by_signer;
    if (file.path == exclusions_.signature_path || by_default_.covers(file.path)) {
      return CoverageState::excluded_by_default;
    }
    if (by_user_.covers(file.path) || exclusions_.unsigned_files) {
      return CoverageState::excluded_by_user;
    }
    const bool is_file = file.kind != FileKind::other && file.kind != FileKind::link_outside;
    const bool is_invisible = is_file && file.size == 0 && manifest_.plan.shard_size != 0;
    invisible_ += is_invisible;
    return is_invisible ? CoverageState::not_covered : CoverageState::extra;
  }

  CoverageState state_of_listed(const ModelFile& file, const Resources& resources) {
    if (file.kind == FileKind::other) return CoverageState::changed;
    if (file.kind == FileKind::link_outside) {
      symlinks_.fail("oms.symlink", file.path, "is a link that leads out of the model or nowhere");
      return CoverageState::not_covered;
    }
    if (file.kind == FileKind::link_inside && !manifest_.allow_symlinks) {
      symlinks_.fail("oms.symlink", file.path, "is a link, and the signer allowed none");
    }
    blob_links_ += file.kind == FileKind::link_to_blob;
    if (!have_size(resources, file.size)) return CoverageState::changed;
    const FileDigests* digests = file.find(manifest_.plan);
    if (!digests) {
      ++unread_;
      return CoverageState::not_covered;
    }
    return agree(*digests, resources) ? CoverageState::covered : CoverageState::changed;
  }

  static bool agree(const FileDigests& digests, const Resources& resources) {
    return std::ranges::equal(
        digests.digests, resources, {}, {},
        [](const Resource* each) -> const ByteString& { return each->digest; });
  }

  void report(Checks& checks) const {
    report_state(CoverageState::changed, "model.changed", "is not as it was signed", checks);
    report_state(CoverageState::missing, "model.missing", "is signed and absent", checks);
    report_state(CoverageState::extra, "model.extra", "is present and not signed", checks);
    symlinks_.report(checks);
    if (unread_ > 0) {
      checks.cannot("model.unread", std::to_string(unread_) + " signed files were not read");
    }
    if (blob_links_ > 0) {
      checks.pass("oms.symlink",
                  std::to_string(blob_links_) + " files are links to the blobs of the Hub's cache");
    }
    if (invisible_ > 0) {
      checks.pass("oms.empty-files",
                  std::to_string(invisible_) + " files have no content, which shards do not cover");
    }
  }

  void report_state(CoverageState state, std::string_view name, std::string_view what,
                    Checks& checks) const {
    Tally tally;
    for (const Coverage& each : coverage_) {
      if (each.state == state) tally.fail(name, each.path, what);
    }
    tally.report(checks);
    if (tally.empty()) checks.pass(name);
  }

  const Manifest& manifest_;
  const Model& model_;
  const Exclusions& exclusions_;
  std::map<std::string_view, Resources> listed_;
  PathSet by_signer_;
  PathSet by_user_;
  PathSet by_default_;
  Tally symlinks_;
  std::uint64_t unread_ = 0;
  std::uint64_t blob_links_ = 0;
  std::uint64_t invisible_ = 0;
  std::vector<Coverage> coverage_;
};

}  // namespace

std::vector<Coverage> compare(const Manifest& manifest, const Model& model,
                              const Exclusions& exclusions, Checks& checks) {
  return Comparison(manifest, model, exclusions).run(checks);
}

}  // namespace assay::provenance::oms
