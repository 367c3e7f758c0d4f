#include <fstream>
#include <iostream>
#include <iterator>

#include "scanner/cli/commands.h"

namespace assay::cli {

int run_convert(const Arguments& arguments) {
  const std::string& name = arguments.sources.front();
  std::ifstream file;
  if (name != "-") {
    file.open(name, std::ios::binary);
    if (!file) return complain(name + ": cannot be read", kExitUsage);
  }
  std::istream& in = name == "-" ? std::cin : file;
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  auto result = read_report(text);
  if (!result) {
    return complain(name + ": not a report of assay: " + result.error().message, kExitUsage);
  }
  const auto rules = rules_of(arguments);
  if (!rules) return kExitUsage;
  const auto catalog = rules->catalog.catalog();
  result->rules.assign(catalog.begin(), catalog.end());
  return write_reports(*result, arguments) ? kExitPass : kExitUsage;
}

}  // namespace assay::cli
