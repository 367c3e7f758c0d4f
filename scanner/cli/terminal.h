#pragma once

#include <memory>
#include <string>

#include "scanner/cli/arguments.h"
#include "scanner/engine.h"

namespace assay::cli {

// How a text report on standard output should look, from the terminal and the
// environment (NO_COLOR, COLUMNS).
RenderOptions render_options(const Arguments& arguments, bool to_terminal);

// Writes all of `text` to standard output. False when the reader went away, which
// is no error.
bool print(const std::string& text);

// Shows on standard error how far a scan is, once it has taken a second and
// only on a terminal. Clears its line when it ends.
class ProgressLine {
 public:
  ProgressLine(const ScanProgress& progress, bool wanted);
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace assay::cli
