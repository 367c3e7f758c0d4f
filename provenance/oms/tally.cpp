#include "provenance/oms/tally.h"

#include <algorithm>

#include "core/text.h"

namespace assay::provenance::oms {

std::string quoted(std::string_view subject) {
  return "'" + escaped(shortened(subject, 200)) + "'";
}

void Tally::fail(std::string_view name, std::string_view subject, std::string_view what) {
  const auto found = std::ranges::find(entries_, name, &Entry::name);
  if (found != entries_.end()) {
    ++found->others;
    return;
  }
  entries_.push_back({name, quoted(subject) + ' ' + std::string(what)});
}

void Tally::report(Checks& checks) const {
  for (const Entry& entry : entries_) {
    std::string message = entry.message;
    if (entry.others > 0) message += " (and " + std::to_string(entry.others) + " more)";
    checks.fail(entry.name, std::move(message));
  }
}

}  // namespace assay::provenance::oms
