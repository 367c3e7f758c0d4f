#pragma once

#include <cstdint>

#include "core/parse_context.h"
#include "core/source_reader.h"
#include "formats/zip/magic_finder.h"
#include "formats/zip/member.h"

namespace assay::zip {

// What a stretch of the archive that no central entry claims may be.
enum class Region : std::uint8_t {
  prefix,        // before the first member
  gap,           // between members, or before the end record
  trailing,      // behind the end record
  within,        // in a member's declared data, behind its real end
  no_directory,  // the whole file: there is no central directory
};

// Walks the local headers in [begin, end) of the archive and examines their
// members, which a reader of the local headers alone would see. Records hidden
// members and bytes that belong to nothing; the latter are shown to YARA and,
// unless they stand in front of everything, examined for what they may be.
class Walker {
 public:
  Walker(ParseContext& context, MemberReader& members);

  void walk(std::uint64_t begin, std::uint64_t end, Region region);

 private:
  std::uint64_t examine_local(std::uint64_t at, std::uint64_t end, Region region);
  std::uint64_t end_of_stored(std::uint64_t begin, std::uint64_t end);
  void report_rest(std::uint64_t begin, std::uint64_t end, Region region);

  ParseContext& context_;
  MemberReader& members_;
  MagicFinder magics_;
  SourceReader headers_;
  std::uint64_t rests_ = 0;
};

}  // namespace assay::zip
