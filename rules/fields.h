#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/fact.h"
#include "rules/judgement.h"

namespace assay::rules {

// One fact as rules see it: its own fields, and for imports and calls what the
// tables made of it.
struct Subject {
  const Fact& fact;
  const Judgement* judgement = nullptr;
};

// The values of one field: one for most, several for lists. Keeps the text of
// values that had to be composed.
class Values {
 public:
  void add(std::string_view value) { views_.push_back(value); }
  void add(std::string value) { views_.emplace_back(owned_.emplace_back(std::move(value))); }
  void add(std::uint64_t number) { add(std::to_string(number)); }
  void clear() {
    views_.clear();
    owned_.clear();
  }
  std::span<const std::string_view> views() const { return views_; }

 private:
  std::vector<std::string_view> views_;
  std::deque<std::string> owned_;
};

// Where a field goes in a finding. The identity of a finding is what folds
// repetitions and feeds the fingerprint, so it holds nothing that moves.
// `listed` is shown value by value.
enum class Evidential : std::uint8_t { no, shown, listed, identity };

struct Field {
  std::string_view kind;  // of fact: kind_of
  std::string_view name;
  Evidential evidential;
  void (*get)(const Subject& subject, Values& values);
};

// All fields of all kinds of fact, grouped by kind.
std::span<const Field> fields();

// The field `name` of facts of this kind; null if there is none.
const Field* find_field(std::string_view kind, std::string_view name);

// Whether `kind` is a kind of fact.
bool is_fact_kind(std::string_view kind);

}  // namespace assay::rules
