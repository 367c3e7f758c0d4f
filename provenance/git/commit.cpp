#include "provenance/git/commit.h"

#include <charconv>

#include "provenance/git/header_lines.h"
#include "provenance/git/object_id.h"

namespace assay::provenance::git {
namespace {

std::unexpected<ParseError> malformed(std::string what) {
  return fail(ParseErrc::malformed, 0, "commit: " + std::move(what));
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "+0130"
bool is_zone(std::string_view text) {
  return text.size() == 5 && (text[0] == '+' || text[0] == '-') &&
         text.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

// "A U Thor <author@example.com> 1112354055 +0200"
std::optional<Identity> parse_identity(std::string_view text) {
  const auto open = text.find('<');
  const auto close = text.find('>', open == std::string_view::npos ? 0 : open);
  if (open == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
  std::string_view when = text.substr(close + 1);
  if (!when.starts_with(' ')) return std::nullopt;
  when.remove_prefix(1);
  const auto blank = when.find(' ');
  const auto seconds = whole_number(when.substr(0, blank));
  if (!seconds || blank == std::string_view::npos || !is_zone(when.substr(blank + 1))) {
    return std::nullopt;
  }
  std::string_view name = text.substr(0, open);
  if (name.ends_with(' ')) name.remove_suffix(1);
  return Identity{.name = std::string(name),
                  .mail = std::string(text.substr(open + 1, close - open - 1)),
                  .seconds = *seconds};
}

// Takes headers one by one. git writes tree, parents, author, committer, then the
// others; in any other order they mean something else to somebody.
class CommitReader {
 public:
  // What is wrong with the header; empty when nothing is.
  std::string take(const HeaderLine& header) {
    if (header.name == "gpgsig" || header.name == "gpgsig-sha256") return take_signature(header);
    append(header.raw);
    switch (stage_) {
      case Stage::tree:
        return take_tree(header);
      case Stage::parents:
        if (header.name == "parent") return take_parent(header);
        return take_author(header);
      case Stage::committer:
        return take_committer(header);
      case Stage::others:
        break;
    }
    const bool again = header.name == "tree" || header.name == "parent" ||
                       header.name == "author" || header.name == "committer";
    return again ? "the header '" + std::string(header.name) + "' stands again" : "";
  }

  void append(std::string_view text) {
    const Bytes bytes = as_bytes(text);
    commit_.payload.insert(commit_.payload.end(), bytes.begin(), bytes.end());
  }

  bool complete() const { return stage_ == Stage::others; }
  Commit finish() { return std::move(commit_); }

 private:
  enum class Stage : std::uint8_t { tree, parents, committer, others };

  std::string take_tree(const HeaderLine& header) {
    if (header.name != "tree" || !is_object_id(header.value)) return "does not begin with a tree";
    commit_.tree = header.value;
    stage_ = Stage::parents;
    return "";
  }

  std::string take_parent(const HeaderLine& header) {
    if (!is_object_id(header.value)) return "a parent is no object id";
    commit_.parents.push_back(header.value);
    return "";
  }

  std::string take_author(const HeaderLine& header) {
    auto identity = parse_identity(header.value);
    if (header.name != "author" || !identity) return "has no author";
    commit_.author = std::move(*identity);
    stage_ = Stage::committer;
    return "";
  }

  std::string take_committer(const HeaderLine& header) {
    auto identity = parse_identity(header.value);
    if (header.name != "committer" || !identity) return "has no committer";
    commit_.committer = std::move(*identity);
    stage_ = Stage::others;
    return "";
  }

  std::string take_signature(const HeaderLine& header) {
    if (stage_ != Stage::others) return "has a signature before its committer";
    // The one for SHA-256 repositories is left out of what is signed, and not checked.
    if (header.name == "gpgsig-sha256") return "";
    if (commit_.signature) return "has two signatures";
    commit_.signature = header.value;
    return "";
  }

  Commit commit_;
  Stage stage_ = Stage::tree;
};

}  // namespace

Parsed<Commit> parse_commit(Bytes object) {
  if (object.size() > kMaxCommitSize) {
    return fail(ParseErrc::over_budget, kMaxCommitSize, "commit: larger than is read");
  }
  HeaderLines headers(as_text(object));
  CommitReader reader;
  while (const auto header = headers.next()) {
    std::string problem = reader.take(*header);
    if (!problem.empty()) return malformed(std::move(problem));
  }
  if (headers.broken()) return malformed("a header line is broken");
  if (!reader.complete()) return malformed("ends before its committer");
  reader.append(headers.rest());
  return reader.finish();
}

}  // namespace assay::provenance::git
