#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/finding.h"

namespace assay::sbom {

// How the text report looks: columns, and colours or none.
struct TextStyle {
  std::size_t width = 80;
  bool color = false;
  bool verbose = false;

  std::string paint(std::string_view sgr, std::string_view text) const;
  std::string severity(Severity severity) const;  // "CRITICAL", coloured, 8 columns
  std::string status(Status status) const;        // "SUSPICIOUS", coloured, 10 columns
};

// The lines of one finding; `member` is where in its file it is, empty for the
// file itself.
std::string finding_lines(const Finding& finding, std::string_view member, const TextStyle& style);

// The lines of one gap.
std::string gap_lines(const Gap& gap, const TextStyle& style);

std::string upper(std::string_view ascii);

// "0x1f3a".
std::string hex_number(std::uint64_t number);

}  // namespace assay::sbom
