#include "provenance/hub/listing.h"

#include <algorithm>

#include "core/text.h"
#include "provenance/json.h"

namespace assay::provenance::hub {
namespace {

constexpr std::int64_t kFormatVersion = 1;

std::unexpected<ParseError> malformed(std::string_view path, std::string_view what) {
  return fail(ParseErrc::malformed, 0,
              "listing: '" + escaped(shortened(path, 200)) + "' " + std::string(what));
}

std::optional<std::uint64_t> size_of(const JsonValue& entry, std::string_view name) {
  const JsonValue* value = entry.find(name);
  const auto number = value ? value->integer() : std::nullopt;
  if (!number || *number < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

const std::string* text_of(const JsonValue& entry, std::string_view name) {
  const JsonValue* value = entry.find(name);
  return value ? value->text() : nullptr;
}

Parsed<ListedFile> parse_file(const std::string& path, const JsonValue& entry) {
  const auto size = size_of(entry, "size");
  const std::string* blob_id = text_of(entry, "blob_id");
  if (!size) return malformed(path, "has no size");
  if (!blob_id || !git::is_object_id(*blob_id)) return malformed(path, "has no blob id");
  ListedFile file{.path = path, .size = *size, .blob_id = *blob_id, .large = std::nullopt};
  if (!entry.find("lfs_sha256") && !entry.find("lfs_size")) return file;
  const std::string* sha256 = text_of(entry, "lfs_sha256");
  const auto large_size = size_of(entry, "lfs_size");
  if (!sha256 || !git::is_sha256(*sha256)) return malformed(path, "has no SHA-256");
  if (!large_size) return malformed(path, "has no size of its content");
  file.large = git::LfsPointer{.sha256 = *sha256, .size = *large_size};
  return file;
}

}  // namespace

Parsed<Listing> parse_listing(Bytes json) {
  const auto document = parse_json(json);
  if (!document) return std::unexpected(document.error());
  const JsonValue* version = document->find("format_version");
  if (!version || !version->integer()) {
    return fail(ParseErrc::malformed, 0, "listing: no format version");
  }
  if (*version->integer() != kFormatVersion) {
    return fail(ParseErrc::unsupported, 0,
                "listing: format version " + std::to_string(*version->integer()) + ", known is " +
                    std::to_string(kFormatVersion));
  }
  const JsonValue* files = document->find("files");
  if (!files || !files->object()) return fail(ParseErrc::malformed, 0, "listing: no files");
  Listing listing;
  for (const auto& [path, entry] : *files->object()) {
    auto file = parse_file(path, entry);
    if (!file) return std::unexpected(file.error());
    listing.files.push_back(std::move(*file));
  }
  // Nothing would be compared, and that would read as "matches".
  if (listing.files.empty()) return fail(ParseErrc::malformed, 0, "listing: names no file");
  std::ranges::sort(listing.files, {}, &ListedFile::path);
  return listing;
}

}  // namespace assay::provenance::hub
