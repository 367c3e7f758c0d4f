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

void Reading::add(Reading other) {
  append(formats, other.formats);
  append(members, other.members);
  append(gaps, other.gaps);
  append(regions, other.regions);
  append(raw_members, other.raw_members);
}

Collector::Collector(Analyzer& analyzer, ByteSource& source, std::string_view name,
                     std::string_view format_name)
    : ParseContext(source, name, analyzer.budget()), analyzer_(analyzer), format_(format_name) {
  analyzer_.sink().begin_attempt(format_name);
}

Collector::~Collector() {
  if (!accepted_) analyzer_.sink().reject();
}

void Collector::fact(std::uint64_t offset, std::uint64_t size, FactValue value) {
  // Also one that finds no room: the attempt must stand, and say so.
  has_call_ =
      has_call_ || std::holds_alternative<Import>(value) || std::holds_alternative<Call>(value);
  if (analyzer_.tell({offset, size, std::move(value)})) return;
  if (!std::exchange(facts_spent_, true)) gap(budget().error(offset));
}

void Collector::gap(ParseError error) { analyzer_.tell(std::move(error), reading_.gaps); }

void Collector::member(const MemberInfo& info, ByteSource& bytes) {
  const DepthScope deeper(budget());
  if (!deeper || !budget().spend(Cost::members) ||
      !budget().spend(Cost::fact_bytes, analyzer_.path_size(info.name))) {
    ParseError error = budget().error(info.offset);
    // One gap tells it all; a hundred thousand members need not repeat it.
    const auto& gaps = reading_.gaps;
    if (gaps.empty() || gaps.back().message != error.message) gap(std::move(error));
    return;
  }
  if (info.raw_data) reading_.raw_members.push_back({info.offset, bytes.size()});
  Outline outline = analyzer_.analyze(info, bytes);
  for (Outline& inner : outline.members) inner.members.clear();
  reading_.members.push_back(std::move(outline));
}

// Adjacent regions become one; beyond the cap the last one grows over the rest.
void Collector::code_bytes(std::uint64_t offset, std::uint64_t size) {
  if (size == 0) return;
  auto& regions = reading_.regions;
  if (!regions.empty()) {
    Region& last = regions.back();
    const bool touches = offset >= last.offset && offset <= last.offset + last.size;
    if (touches || (regions.size() >= kMaxRegions && offset >= last.offset)) {
      last.size = std::max(last.size, offset + size - last.offset);
      return;
    }
  }
  regions.push_back({offset, size});
}

void Collector::code_text(std::uint64_t offset, std::string_view text) {
  analyzer_.scan_text(text, offset, *this);
}

bool Collector::is_telling(bool raw_data) const {
  return has_call_ || (!reading_.members.empty() && !raw_data);
}

bool Collector::is_seen_inside(const std::vector<Outline>& members) const {
  const auto content = [](const std::vector<Outline>& outlines) {
    std::vector<std::tuple<std::string, std::uint64_t, std::string>> all;
    for (const Outline& member : outlines) {
      // What the other format makes of bytes that no entry claims is its own affair.
      if (member.unclaimed) continue;
      all.emplace_back(member.name, member.size, member.sha256);
    }
    std::sort(all.begin(), all.end());
    return all;
  };
  const auto here = content(reading_.members);
  if (here.empty()) return false;
  return std::any_of(members.begin(), members.end(), [&](const Outline& member) {
    const auto there = content(member.members);
    return std::includes(there.begin(), there.end(), here.begin(), here.end());
  });
}

void Collector::accept(Reading& reading) {
  accepted_ = true;
  analyzer_.sink().accept(format_);
  reading_.formats = {format_};
  reading.add(std::move(reading_));
}

}  // namespace assay
