#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "core/fact.h"
#include "rules/name_tables.h"

namespace assay::rules {

// What an import or a call comes to. `culprit` is the name that decides: the
// callee, or what a harmless callee was given (then `through` names the callee).
struct Judgement {
  NameClass name_class = NameClass::harmless;
  Use use = Use::imported;
  std::string_view effects{};
  Severity severity = Severity::info;  // of a gadget, in this use
  Import culprit{};
  Import through{};
};

// Judges imports and calls by the tables. Remembers names, since an artifact
// names few things many times. The tables must outlive it.
class Judge {
 public:
  explicit Judge(const NameTables& tables) : tables_(tables) {}

  Judgement import(const Import& import);
  Judgement call(const Call& call);

 private:
  const NameVerdict& verdict(const Import& import);
  Judgement used(const Import& name, Use use);
  Judgement used(const Import& name, CallKind kind);
  Judgement used(const Call& call);
  Judgement shaped(const Call& call, const NameVerdict& callee);
  Judgement worst_passed(const Call& call, Use gadgets, Use direct, Use inner);
  Judgement worse_given(const Call& call, const Judgement& itself);
  Judgement held(const Call& call);
  Judgement changed(const Call& call, Shape shape);
  Judgement built_from(const Call& call);
  Judgement called_with(const Call& call);
  Judgement looked_up(const Call& call);
  Judgement attribute_of(const Call& call);
  bool returns_no_callable(const Argument& argument);

  const NameTables& tables_;
  std::unordered_map<std::string, NameVerdict> seen_;
};

}  // namespace assay::rules
