#include "provenance/git/refs.h"

#include <algorithm>

#include "core/text.h"
#include "provenance/git/object_id.h"

namespace assay::provenance::git {
namespace {

constexpr std::uint64_t kMaxRefs = 16U << 20;
constexpr std::string_view kSymbolic = "ref:";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) {
    text.remove_suffix(1);
  }
  return text;
}

std::optional<std::string_view> text_of(GitFiles& files, const StoreFile& file) {
  const auto bytes = files.view(file, 0, kMaxRefs);
  if (!bytes) return std::nullopt;
  return as_text(*bytes);
}

// Lines "ID NAME"; others are comments and what annotated tags point to.
std::string_view find_packed(std::string_view text, std::string_view ref) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto blank = line.find(' ');
    if (blank != line.npos && line.substr(blank + 1) == ref) return line.substr(0, blank);
  }
  return {};
}

std::unexpected<ParseError> malformed(const char* what) {
  return fail(ParseErrc::malformed, 0, what);
}
std::unexpected<ParseError> unsupported(const char* what) {
  return fail(ParseErrc::unsupported, 0, what);
}

bool is_sha256_id(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

// The id in the text of a ref.
Parsed<std::string> id_in(std::string_view text) {
  if (is_object_id(text)) return std::string(text);
  if (is_sha256_id(text)) return unsupported("repositories of SHA-256 objects are not read");
  if (text.starts_with("ref:")) return unsupported("a ref that leads to another is not followed");
  return malformed("the ref of HEAD holds no id");
}

// What git takes from elsewhere than the folder.
const char* what_is_elsewhere(const GitFiles& files) {
  if (files.find(".git")) return "the repository is elsewhere: `.git` is a file that says where";
  if (files.find("commondir")) return "the repository is that of another work tree";
  if (!files.below("reftable/").empty()) return "refs in tables are not read";
  return nullptr;
}

Parsed<std::optional<Head>> resolve(GitFiles& files, std::string ref) {
  if (const StoreFile* loose = files.find(ref)) {
    const auto text = text_of(files, *loose);
    if (!text) return std::nullopt;
    auto id = id_in(trimmed(*text));
    if (!id) return std::unexpected(id.error());
    return Head{std::move(*id), std::move(ref)};
  }
  const StoreFile* packed = files.find("packed-refs");
  if (!packed) return malformed("HEAD names a ref that does not exist");
  const auto text = text_of(files, *packed);
  if (!text) return std::nullopt;
  const std::string_view found = find_packed(*text, ref);
  if (found.empty()) return malformed("HEAD names a ref that does not exist");
  auto id = id_in(found);
  if (!id) return std::unexpected(id.error());
  return Head{std::move(*id), std::move(ref)};
}

}  // namespace

Parsed<std::optional<Head>> read_head(GitFiles& files) {
  if (const char* elsewhere = what_is_elsewhere(files)) return unsupported(elsewhere);
  const StoreFile* head = files.find("HEAD");
  if (!head) return malformed("there is no HEAD");
  const auto text = text_of(files, *head);
  if (!text) return std::nullopt;
  const std::string_view line = trimmed(*text);
  if (!line.starts_with(kSymbolic)) {
    auto id = id_in(line);
    if (!id) return std::unexpected(id.error());
    return Head{std::move(*id), {}};
  }
  std::string_view ref = line.substr(kSymbolic.size());
  ref.remove_prefix(std::min(ref.find_first_not_of(" \t"), ref.size()));
  if (!ref.starts_with("refs/") || ref.contains("..")) return malformed("HEAD names no ref");
  return resolve(files, std::string(ref));
}

}  // namespace assay::provenance::git
