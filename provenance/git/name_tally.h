#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/text.h"
#include "provenance/evidence.h"

namespace assay::provenance {

// Files that share one fault: told as one check, however many there are.
class NameTally {
 public:
  void add(std::string_view name) {
    if (count_++ < kShown) {
      names_ += (count_ == 1 ? "'" : ", '") + escaped(shortened(name, 200)) + "'";
    }
  }
  std::size_t count() const { return count_; }
  bool empty() const { return count_ == 0; }

  // "'a', 'b', 'c' and 7 more"
  std::string text() const {
    return count_ > kShown ? names_ + " and " + std::to_string(count_ - kShown) + " more" : names_;
  }

  // `checks` gets the failure `name` when there is any such file, else a pass.
  void judge(Checks& checks, std::string_view name, std::string_view what) const {
    if (empty()) {
      checks.pass(name);
    } else {
      checks.fail(name, std::string(what) + ": " + text());
    }
  }

 private:
  static constexpr std::size_t kShown = 3;
  std::string names_;
  std::size_t count_ = 0;
};

}  // namespace assay::provenance
