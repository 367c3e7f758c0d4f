#include "provenance/git/refs.h"

#include <algorithm>

#include "core/text.h"
#include "provenance/git/object_id.h"

namespace assay::provenance::git {
namespace {

constexpr std::uint64_t kMaxRefs = 16U << 20;
constexpr std::string_view kSymbolic = "ref: ";

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
std::string find_packed(std::string_view text, std::string_view ref) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.size() == 41 + ref.size() && line[40] == ' ' && line.substr(41) == ref &&
        is_object_id(line.substr(0, 40))) {
      return std::string(line.substr(0, 40));
    }
  }
  return {};
}

std::unexpected<ParseError> malformed(const char* what) {
  return fail(ParseErrc::malformed, 0, what);
}

Parsed<std::optional<Head>> resolve(GitFiles& files, std::string ref) {
  if (const StoreFile* loose = files.find(ref)) {
    const auto text = text_of(files, *loose);
    if (!text) return std::nullopt;
    const std::string_view id = trimmed(*text);
    if (!is_object_id(id)) return malformed("the ref of HEAD holds no id");
    return Head{std::string(id), std::move(ref)};
  }
  const StoreFile* packed = files.find("packed-refs");
  if (!packed) return malformed("HEAD names a ref that does not exist");
  const auto text = text_of(files, *packed);
  if (!text) return std::nullopt;
  std::string id = find_packed(*text, ref);
  if (id.empty()) return malformed("HEAD names a ref that does not exist");
  return Head{std::move(id), std::move(ref)};
}

}  // namespace

Parsed<std::optional<Head>> read_head(GitFiles& files) {
  if (!files.below("reftable/").empty()) {
    return fail(ParseErrc::unsupported, 0, "refs in tables are not read");
  }
  const StoreFile* head = files.find("HEAD");
  if (!head) return malformed("there is no HEAD");
  const auto text = text_of(files, *head);
  if (!text) return std::nullopt;
  const std::string_view line = trimmed(*text);
  if (is_object_id(line)) return Head{std::string(line), {}};
  if (!line.starts_with(kSymbolic)) return malformed("HEAD holds neither an id nor a ref");
  const std::string_view ref = line.substr(kSymbolic.size());
  if (!ref.starts_with("refs/") || ref.contains("..")) return malformed("HEAD names no ref");
  return resolve(files, std::string(ref));
}

}  // namespace assay::provenance::git
