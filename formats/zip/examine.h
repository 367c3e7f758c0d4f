#pragma once

#include <optional>
#include <vector>

#include "core/parse_context.h"
#include "formats/torch/layout.h"
#include "formats/zip/directory.h"
#include "formats/zip/member.h"
#include "formats/zip/walk.h"

namespace assay::zip {

// Goes through an archive front to back, so that every byte is a member's, the
// structure's, or reported: each entry is compared with its local header and
// examined, each stretch between them is walked.
class Examiner {
 public:
  Examiner(ParseContext& context, const std::optional<torch::Layout>& layout);

  // Fails when a limit leaves members unexamined.
  Parsed<void> examine(Archive& archive);

 private:
  void examine_entry(const Entry& entry);
  void report_entry(const Entry& entry);
  void report_local(const Entry& entry, const std::optional<LocalHeader>& local);
  Subject subject_of(const Entry& entry, const std::optional<LocalHeader>& local) const;
  void report_content(const Entry& entry, const Subject& subject);
  void report_weights_only(const Entry& entry, const Subject& subject);
  std::uint64_t declared_end(const Subject& subject) const;
  void walk_unused(const Subject& subject, std::uint64_t used);
  void advance(std::uint64_t begin, std::uint64_t end);

  ParseContext& context_;
  const std::optional<torch::Layout>& layout_;
  SourceReader headers_;
  MemberReader members_;
  Walker walker_;
  std::uint64_t size_;
  // There is one, unless names come twice; asking costs a walk.
  static constexpr int kMaxPicklesAsked = 8;
  int pickles_asked_ = 0;
  std::uint64_t accounted_ = 0;  // every byte before this is accounted for
};

}  // namespace assay::zip
