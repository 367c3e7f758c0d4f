#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/fact.h"
#include "core/scan_result.h"

// What rules are told of evidence, by the path of the file it concerns.
namespace assay {

// Of each piece of evidence how far it holds; of each file that it covers badly, or
// leaves out, how; of a source without any signature that it has none.
std::map<std::string, std::vector<Fact>> signature_facts(const ScanResult& result);

// Adds to each file that no verified evidence covers that a signature was required.
void add_required(const ScanResult& result, std::map<std::string, std::vector<Fact>>& facts);

}  // namespace assay
