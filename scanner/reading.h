#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/error.h"
#include "rules/yara/yara_scanner.h"

namespace assay {

// What the analyzer itself must remember of an artifact that it told the sink
// of: two formats may show the same members.
struct Outline {
  std::string name;
  std::uint64_t size = 0;
  std::string sha256;
  bool unclaimed = false;        // as MemberInfo says
  std::vector<Outline> members;  // without theirs
};

// What reading an artifact, by one format or by all, brought beyond what the
// sink was told.
struct Reading {
  std::vector<std::string> formats;
  std::vector<Outline> members;
  std::vector<ParseError> gaps;
  std::vector<Region> regions;      // for YARA
  std::vector<Region> raw_members;  // only the pass over the whole sees these bytes

  // Adds what another format's reading brought.
  void add(Reading other);
};

}  // namespace assay
