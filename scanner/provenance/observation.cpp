#include "scanner/provenance/observation.h"

#include "core/text.h"

namespace assay {
namespace {

// Pointers of Git LFS are smaller (their specification allows 1,024 bytes).
constexpr std::uint64_t kMaxPointerSize = 1024;

std::string text_of(FileSource& file) {
  return std::string(as_text(read_bytes(file, 0, file.size())));
}

// The path below `folder`; nothing for one that is not below it.
std::optional<std::string> path_below(const std::string& folder, const std::string& path) {
  if (folder.empty()) return path;
  if (!path.starts_with(folder + "/")) return std::nullopt;
  return path.substr(folder.size() + 1);
}

bool is_wanted(const EvidencePlace& place, const SourceFile& file) {
  if (file.left_out && base_name(file.report_path) == ".git") return false;
  return !file.is_stdin && (place.subject.empty() || place.subject == file.report_path);
}

// Where a pointer of Git LFS may stand for a file, small files are looked into.
std::uint64_t max_content_of(EvidenceKind kind) {
  const bool has_pointers = kind == EvidenceKind::hub_listing ||
                            kind == EvidenceKind::hub_downloads || kind == EvidenceKind::git_clone;
  return has_pointers ? kMaxPointerSize : 0;
}

}  // namespace

ObservedFile observe_file(const SourceFile& source, std::string path, std::uint64_t max_content) {
  ObservedFile file{.path = std::move(path), .digests = {}, .content = {}, .link = source.link};
  if (source.link == LinkKind::to_blob) file.blob = base_name(source.system_path);
  auto opened = open_file(source);
  file.is_file = !source.problem && opened.has_value();
  if (!file.is_file) return file;
  FileSource content(std::move(*opened));
  file.size = content.size();
  if (max_content > 0 && file.size <= max_content) file.content = text_of(content);
  return file;
}

Observation observe(const SourceListing& listing, const EvidencePlace& place,
                    const KnownDigests* known) {
  Observation observation;
  const std::uint64_t max_content = max_content_of(place.kind);
  for (std::size_t i = 0; i < listing.files.size(); ++i) {
    const SourceFile& source = listing.files[i];
    if (!is_wanted(place, source)) continue;
    auto path = path_below(place.folder, source.report_path);
    if (!path) continue;
    ObservedFile& file =
        observation.files.emplace_back(observe_file(source, std::move(*path), max_content));
    observation.sources.push_back(file.is_file ? &source : nullptr);
    observation.places.push_back(i);
    if (known && file.is_file) file.digests = (*known)[i];
  }
  return observation;
}

Parsed<std::string> read_evidence(const SourceFile& source) {
  auto opened = open_file(source);
  if (!opened) return std::unexpected(opened.error());
  FileSource file(std::move(*opened));
  if (file.size() > kMaxEvidenceSize) {
    return fail(ParseErrc::over_budget, 0, "evidence of more than 64 MiB is not read");
  }
  std::string text = text_of(file);
  if (const auto error = file.error()) return std::unexpected(*error);
  return text;
}

}  // namespace assay
