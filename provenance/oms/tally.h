#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "provenance/evidence.h"

namespace assay::provenance::oms {

// What goes wrong with many things, as one check per class: the first is told, the
// others are counted.
class Tally {
 public:
  // `name` must outlive the tally.
  void fail(std::string_view name, std::string_view subject, std::string_view what);
  bool empty() const { return entries_.empty(); }
  void report(Checks& checks) const;

 private:
  struct Entry {
    std::string_view name;
    std::string message;
    std::uint64_t others = 0;
  };
  std::vector<Entry> entries_;
};

// 'subject' fit for a message.
std::string quoted(std::string_view subject);

}  // namespace assay::provenance::oms
