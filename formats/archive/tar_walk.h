#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "core/parse_context.h"
#include "formats/archive/entry_checks.h"
#include "formats/archive/pax.h"
#include "formats/archive/tar_header.h"

namespace assay::archive::tar_format {

// Walks a tar from header to header: the seventh edition's, ustar, PAX (POSIX.1)
// and GNU tar's. Goes on where some readers stop (behind the end-of-archive
// blocks, behind a damaged header), since others do.
class Walk {
 public:
  explicit Walk(ParseContext& context) : context_(context), checks_(context) {}
  Parsed<void> run();

 private:
  Parsed<void> block(Bytes block);
  Parsed<void> header(const Header& header);
  Parsed<void> extension(const Header& header);
  void forget_extensions();
  Parsed<void> entry(const Header& header);
  Parsed<void> data(const Entry& entry, const PaxRecords& pax, char type, std::uint64_t size);
  Parsed<void> sparse_data(const Entry& entry, const PaxRecords& pax, char type,
                           std::uint64_t size);
  Parsed<void> damaged(Bytes block);
  void end_of_archive();
  Parsed<void> end_of_file(Bytes rest);
  Entry describe(const Header& header, const PaxRecords& pax) const;
  void compare_with_pax(const Header& header, const PaxRecords& pax);
  std::uint64_t data_size(const Header& header, const PaxRecords& pax, EntryKind kind);
  void show(const std::string& name, std::uint64_t offset, std::uint64_t size);
  void skip_unowned(const char* name, std::uint64_t from);
  Parsed<void> step_over(std::uint64_t size);
  bool has(std::uint64_t begin, std::uint64_t size);
  bool header_at(std::uint64_t offset);
  std::optional<std::uint64_t> next_header(std::uint64_t offset);

  ParseContext& context_;
  EntryChecks checks_;
  std::uint64_t offset_ = 0;         // of the block to read next
  std::uint64_t header_offset_ = 0;  // of the first header block of this entry
  PaxRecords global_;
  std::optional<PaxRecords> local_;
  std::optional<std::string> long_name_;  // GNU types L and K
  std::optional<std::string> long_link_;
  // What torch.save wrote before 0.2 has these; torch.load knows it by them.
  static constexpr std::array<std::string_view, 3> kTorchParts{"pickle", "storages", "tensors"};
  unsigned torch_parts_ = 0;  // a bit for each that was seen
  bool ended_ = false;        // end-of-archive blocks were seen
  bool wants_end_ = true;     // no end-of-archive block stands behind the last header
};

}  // namespace assay::archive::tar_format
