#include "rules/yara/yara_scanner.h"

#include <algorithm>
#include <optional>
#include <utility>

extern "C" {
extern const char assay_built_in_yara[];
extern const char assay_built_in_yara_end[];
}

namespace assay {
namespace {

Fact to_fact(const libyara::Hit& hit) {
  return {.offset = hit.offset,
          .size = hit.size,
          .value = Match{.rule = std::string(hit.identifier),
                         .excerpt = std::string(as_text(hit.data)),
                         .severity = std::string(hit.severity),
                         .description = std::string(hit.description)}};
}

// Why `blocks` did not bring all there is.
std::optional<ParseError> shortfall(const RegionBlocks& blocks, const ByteSource& source,
                                    const Budget& budget) {
  if (blocks.stopped()) return budget.error(0);
  if (const auto error = source.error()) return error;
  if (!blocks.reread_too_much()) return std::nullopt;
  return ParseError{ParseErrc::over_budget, 0,
                    "limit reached: conditions of YARA rules read more than " +
                        std::to_string(RegionBlocks::kMaxReread) + " bytes again"};
}

}  // namespace

Bytes YaraRules::built_in_image() {
  return as_bytes(std::string_view(assay_built_in_yara, assay_built_in_yara_end));
}

Parsed<YaraRules> YaraRules::built_in() {
  auto loaded = libyara::Rules::load(built_in_image());
  if (!loaded) return std::unexpected(std::move(loaded.error()));
  return YaraRules(std::move(*loaded));
}

Parsed<void> YaraRules::add(std::span<const libyara::Source> sources) {
  std::vector<libyara::Source> all = sources_;
  all.insert(all.end(), sources.begin(), sources.end());
  auto compiled = libyara::compile(all, libyara::Warnings::ignore);
  if (!compiled) return std::unexpected(std::move(compiled.error()));
  if (auto fine = refuse_taken_names(*compiled); !fine) return fine;
  sets_.resize(1, *compiled);
  sets_.push_back(std::move(*compiled));
  sources_ = std::move(all);
  return {};
}

Parsed<void> YaraRules::add(std::string name, std::string_view source) {
  const libyara::Source one{std::move(name), std::string(source)};
  return add(std::span(&one, 1));
}

// A finding is looked up in the catalog by the rule's name alone.
Parsed<void> YaraRules::refuse_taken_names(const libyara::Rules& user) const {
  const std::vector<std::string> taken = sets_.front().identifiers();
  for (const std::string& name : user.identifiers()) {
    if (std::ranges::find(taken, name) == taken.end()) continue;
    return fail(ParseErrc::malformed, 0, "YARA rule " + name + " has the name of a built-in rule");
  }
  return {};
}

std::vector<std::string> YaraRules::identifiers() const {
  std::vector<std::string> all;
  for (const libyara::Rules& rules : sets_) {
    for (std::string& name : rules.identifiers()) all.push_back(std::move(name));
  }
  return all;
}

YaraScanner::YaraScanner(const YaraRules& rules) {
  for (const libyara::Rules& set : rules.sets_) scanners_.emplace_back(set);
}

Parsed<void> YaraScanner::scan(ByteSource& source, std::span<const Region> regions, Budget& budget,
                               const OnMatch& on_match) {
  std::optional<ParseError> first_error;
  const auto note = [&](ParseError error) {
    if (!first_error) first_error = std::move(error);
  };
  for (libyara::Scanner& scanner : scanners_) {
    RegionBlocks blocks(source, regions, budget);
    const auto scanned = scanner.scan(blocks, [&](const libyara::Hit& hit) {
      if (!budget.spend(Cost::matches)) {
        note(budget.error(hit.offset));
        return false;
      }
      on_match(to_fact(hit));
      return true;
    });
    if (const auto error = shortfall(blocks, source, budget)) note(*error);
    if (!scanned) note(scanned.error());
  }
  if (first_error) return std::unexpected(std::move(*first_error));
  return {};
}

Parsed<void> YaraScanner::scan_text(std::string_view text, std::uint64_t offset, Budget& budget,
                                    const OnMatch& on_match) {
  MemorySource source(as_bytes(text));
  const Region whole{0, text.size()};
  auto scanned = scan(source, std::span(&whole, 1), budget, [&](Fact fact) {
    fact.offset = offset;
    fact.size = 0;
    on_match(std::move(fact));
  });
  if (!scanned) scanned.error().offset = offset;
  return scanned;
}

}  // namespace assay
