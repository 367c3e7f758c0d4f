#include <algorithm>
#include <map>
#include <string_view>

#include "core/relative_path.h"
#include "provenance/git/name_tally.h"
#include "provenance/hub/listing.h"

namespace assay::provenance::hub {
namespace {

// One file of the listing must be consistent in itself: the pointer's text follows
// from digest and size, so its blob id does.
bool contradicts_itself(const ListedFile& file) {
  if (!escape_reason(file.path).empty()) return true;
  return file.large &&
         (file.large->size != file.size || git::pointer_id(*file.large) != file.blob_id);
}

class Comparison {
 public:
  Comparison(const Listing& listing, const std::vector<git::WorkFile>& files) : listing_(listing) {
    for (const git::WorkFile& file : files) present_[file.path] = &file;
  }

  void run(Evidence& evidence) {
    for (const ListedFile& file : listing_.files) {
      if (contradicts_itself(file)) contradictions_.add(file.path);
      states_[file.path] = state_of(file);
    }
    for (const auto& [path, file] : present_) {
      if (!states_.contains(path)) states_[std::string(path)] = unlisted(path);
    }
    for (const auto& [path, state] : states_) evidence.coverage.push_back({path, state});
    judge(evidence.checks);
  }

 private:
  CoverageState state_of(const ListedFile& listed) {
    const auto found = present_.find(listed.path);
    if (found == present_.end()) {
      missing_.add(listed.path);
      return CoverageState::missing;
    }
    return compare(listed, *found->second);
  }

  CoverageState compare(const ListedFile& listed, const git::WorkFile& file) {
    // git itself knows the pointer, so a clone without its large files has it.
    if (listed.large && file.pointer == listed.large) {
      pointers_.add(file.path);
      return CoverageState::weights_absent;
    }
    if (file.size != listed.size) {
      sizes_.add(file.path);
      return CoverageState::changed;
    }
    const bool same =
        listed.large ? file.sha256 == listed.large->sha256 : file.blob_id == listed.blob_id;
    if (!same) contents_.add(file.path);
    return same ? CoverageState::covered : CoverageState::changed;
  }

  CoverageState unlisted(std::string_view path) {
    if (is_downloaders_own(path)) return CoverageState::excluded_by_default;
    extra_.add(path);
    return CoverageState::extra;
  }

  void judge(Checks& checks) const {
    contradictions_.judge(checks, "hub.listing.contradiction",
                          "what the listing says of these cannot all be true");
    sizes_.judge(checks, "hub.size", "other size than listed");
    contents_.judge(checks, "hub.content", "other content than listed");
    extra_.judge(checks, "hub.extra", "present, but not listed");
    missing_.judge(checks, "hub.missing", "listed, but not present");
    if (!pointers_.empty()) {
      checks.cannot("hub.pointer",
                    "the weights are absent, only a pointer to them is there: " + pointers_.text());
    }
  }

  const Listing& listing_;
  std::map<std::string_view, const git::WorkFile*> present_;
  std::map<std::string, CoverageState, std::less<>> states_;
  NameTally contradictions_, sizes_, contents_, extra_, missing_, pointers_;
};

}  // namespace

bool is_downloaders_own(std::string_view path) {
  return path.starts_with(".cache/huggingface/") || path.starts_with(".git/") ||
         path == ".gitattributes";
}

Evidence verify_listing(Bytes json, const std::vector<git::WorkFile>& files) {
  Evidence evidence;
  evidence.kind = "hub-listing";
  evidence.method = "listing";
  const auto listing = parse_listing(json);
  if (!listing) {
    const auto& [code, offset, message] = listing.error();
    if (code == ParseErrc::unsupported) {
      evidence.checks.cannot("hub.format-version", message);
    } else if (code == ParseErrc::over_budget) {
      evidence.checks.cannot("hub.listing.parse", message);
    } else {
      evidence.checks.fail("hub.listing.parse", message);
    }
    return evidence;
  }
  evidence.checks.pass("hub.listing.parse");
  Comparison(*listing, files).run(evidence);
  return evidence;
}

}  // namespace assay::provenance::hub
