#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scanner/cli/arguments.h"

namespace CLI {
class App;
}

// The options of the commands that read files and write reports.
namespace assay::cli {

// The raw words, before they are checked against each other.
struct Words {
  std::string format = "text";
  std::vector<std::string> outputs;
  std::string fail_on = "high";
  std::string color = "auto";
  std::string files_from;
  bool null_separated = false;
  std::uint64_t timeout = 0;
  bool no_hash = false;
  bool no_progress = false;
  bool no_sandbox = false;
  std::uint64_t max_memory = WorkerOptions{}.max_memory;
  bool accepted = false;  // flags that ask for what this version does anyway
};

void add_source_options(CLI::App& app, Words& words, Arguments& arguments);
void add_output_options(CLI::App& app, Words& words, Arguments& arguments);
void add_verdict_options(CLI::App& app, Words& words, Arguments& arguments);
void add_inspect_options(CLI::App& app, Arguments& arguments);
void add_rule_options(CLI::App& app, Arguments& arguments);
void add_memory_option(CLI::App& app, Words& words);

}  // namespace assay::cli
