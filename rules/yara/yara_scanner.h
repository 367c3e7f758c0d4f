#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/budget.h"
#include "core/byte_source.h"
#include "core/error.h"
#include "core/fact.h"
#include "rules/yara/libyara.h"
#include "rules/yara/region_blocks.h"

namespace assay {

// The YARA rules in force: those of rules/yara/*.yar, compiled into the program,
// and the user's. Copies share what they hold and may go to other threads.
class YaraRules {
 public:
  // The built-in rules; what they mean is said in rules/catalog/yara.json.
  static Parsed<YaraRules> built_in();

  // The image that built_in() loads, for a digest over the rules in force.
  static Bytes built_in_image();

  // Adds rule files of the user, each in a namespace of its own, all or none.
  // Includes and modules that look outside the scanned bytes are refused, and so
  // is the name of a built-in rule. The error's message begins "name:line:".
  // One call with all files: each call compiles all that were added so far.
  Parsed<void> add(std::span<const libyara::Source> sources);
  Parsed<void> add(std::string name, std::string_view source);

  // Identifiers of all rules, the built-in ones first.
  std::vector<std::string> identifiers() const;

 private:
  friend class YaraScanner;
  explicit YaraRules(libyara::Rules built_in) : sets_{std::move(built_in)} {}
  Parsed<void> refuse_taken_names(const libyara::Rules& user) const;

  std::vector<libyara::Source> sources_;
  std::vector<libyara::Rules> sets_;  // built-in, then the user's if there are any
};

// Runs the rules over code-bearing bytes. One per thread; reuse it.
class YaraScanner {
 public:
  using OnMatch = std::function<void(Fact)>;

  explicit YaraScanner(const YaraRules& rules);

  // Reads `regions` of `source` and no other byte, in constant memory. Each rule
  // that holds over all of them together brings one `Match` fact at the first
  // match of its strings, and costs one Cost::matches. The error says what was
  // not looked at: a limit of the budget or of YARA (over_budget, with the rule
  // and its string), the engine's stop (timeout), or the source's own error.
  // Facts that came before it stay good.
  Parsed<void> scan(ByteSource& source, std::span<const Region> regions, Budget& budget,
                    const OnMatch& on_match);

  // The same for text that stands in the artifact in another form: all its
  // facts are at `offset`, with size 0.
  Parsed<void> scan_text(std::string_view text, std::uint64_t offset, Budget& budget,
                         const OnMatch& on_match);

 private:
  std::vector<libyara::Scanner> scanners_;
};

}  // namespace assay
