#include "scanner/collector.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>
#include <variant>

#include "scanner/analyzer.h"

namespace assay {
namespace {
constexpr std::size_t kMaxRegions = 100'000;

template <typename T>
void append(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}
}  // namespace

Collector::Collector(Analyzer& analyzer, ByteSource& source, std::string_view name,
                     std::string_view path, std::string_view format_name)
    : ParseContext(source, name, analyzer.budget()),
      analyzer_(analyzer),
      path_(path),
      format_(format_name) {}

void Collector::fact(std::uint64_t offset, std::uint64_t size, FactValue value) {
  if (budget().spend(Cost::facts)) {
    facts_.push_back({offset, size, std::move(value)});
  } else if (!std::exchange(facts_spent_, true)) {
    gap(budget().error(offset));
  }
}

void Collector::gap(ParseError error) {
  gaps_.push_back({std::string(path_), error.code, std::move(error.message), error.offset});
}

void Collector::member(const MemberInfo& info, ByteSource& bytes) {
  const DepthScope deeper(budget());
  if (!deeper || !budget().spend(Cost::members)) {
    const ParseError error = budget().error(info.offset);
    // One gap tells it all; a hundred thousand members need not repeat it.
    if (gaps_.empty() || gaps_.back().message != error.message) gap(error);
    return;
  }
  if (info.raw_data) raw_members_.push_back({info.offset, bytes.size()});
  members_.push_back(analyzer_.analyze(info, std::string(path_) + "!/" + info.name, bytes));
}

// Adjacent regions become one; beyond the cap the last one grows over the rest.
void Collector::code_bytes(std::uint64_t offset, std::uint64_t size) {
  if (size == 0) return;
  if (!regions_.empty()) {
    Region& last = regions_.back();
    const bool touches = offset >= last.offset && offset <= last.offset + last.size;
    if (touches || (regions_.size() >= kMaxRegions && offset >= last.offset)) {
      last.size = std::max(last.size, offset + size - last.offset);
      return;
    }
  }
  regions_.push_back({offset, size});
}

void Collector::code_text(std::uint64_t offset, std::string_view text) {
  analyzer_.scan_text(text, offset, *this);
}

bool Collector::is_telling(bool raw_data) const {
  if (!members_.empty() && !raw_data) return true;
  return std::any_of(facts_.begin(), facts_.end(), [](const Fact& fact) {
    return std::holds_alternative<Import>(fact.value) || std::holds_alternative<Call>(fact.value);
  });
}

bool Collector::is_seen_inside(const Artifact& artifact) const {
  // Bytes that no entry claims: what the other format makes of them is its own.
  constexpr std::string_view kUnclaimed = "!/[bytes at ";
  const auto content = [](const std::vector<Artifact>& members) {
    std::vector<std::tuple<std::string, std::uint64_t, std::string>> all;
    for (const Artifact& member : members) {
      const std::size_t name = member.path.rfind("!/");
      if (std::string_view(member.path).substr(name).starts_with(kUnclaimed)) continue;
      all.emplace_back(member.path.substr(name), member.size, member.sha256);
    }
    std::sort(all.begin(), all.end());
    return all;
  };
  const auto here = content(members_);
  if (here.empty()) return false;
  return std::any_of(artifact.members.begin(), artifact.members.end(), [&](const Artifact& member) {
    const auto there = content(member.members);
    return std::includes(there.begin(), there.end(), here.begin(), here.end());
  });
}

void Collector::commit(Artifact& artifact, std::vector<Region>& regions,
                       std::vector<Region>& raw_members) {
  artifact.formats.push_back(format_);
  append(artifact.facts, facts_);
  append(artifact.gaps, gaps_);
  append(artifact.members, members_);
  append(regions, regions_);
  append(raw_members, raw_members_);
}

}  // namespace assay
