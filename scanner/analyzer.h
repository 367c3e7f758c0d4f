#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/budget.h"
#include "core/byte_source.h"
#include "core/format.h"
#include "core/parse_context.h"
#include "formats/embedded/sweep.h"
#include "formats/names/names.h"
#include "provenance/crypto/hasher.h"
#include "rules/yara/yara_scanner.h"
#include "scanner/analysis_sink.h"
#include "scanner/reading.h"

namespace assay {

struct AnalysisOptions {
  bool hash = true;                                     // SHA-256 of the file and of its members
  std::vector<provenance::DigestRequest> digests = {};  // further ones, of the file alone
};

// Examines one file and everything inside it: identify, parse with every format
// that bids, read the code-bearing bytes with YARA, hash and sweep all bytes.
// The only place where content turns into facts; what they mean is decided
// elsewhere, from the artifact alone. One per file.
class Analyzer {
 public:
  // `yara` may be null: no YARA rule is applied, and nothing says so.
  Analyzer(Budget& budget, YaraScanner* yara, AnalysisOptions options, AnalysisSink& sink)
      : budget_(budget), yara_(yara), options_(std::move(options)), sink_(sink) {}

  // Tells the sink everything that can be said of `source`. Errors of parsers
  // and libraries become gaps of the artifact.
  Outline analyze(const MemberInfo& info, ByteSource& source);

  // How long the path of a member of the artifact that is being read would be.
  std::uint64_t path_size(std::string_view member_name) const;

  // A fact, paid for: false when the budget has no room for it.
  bool tell(Fact fact);

  // A gap of the artifact being read: told and remembered, as long as the budget lasts.
  void tell(ParseError gap, std::vector<ParseError>& told);

  // YARA over text that only decoding produced; matches go to `context`.
  void scan_text(std::string_view text, std::uint64_t offset, ParseContext& context);

  Budget& budget() { return budget_; }
  AnalysisSink& sink() { return sink_; }

 private:
  struct Subject;
  void parse_all(Subject& subject);
  void parse_as(const Format& format, bool on_trial, Subject& subject);
  void parse_as_text(Subject& subject);
  void name_the_unknown(Subject& subject);
  void check_name(Subject& subject);
  void check_text_for_a_cut_model(const names::Extension& entry, Subject& subject);
  void scan_regions(Subject& subject);
  void note_embedded(const std::vector<embedded::Hit>& hits, Subject& subject);

  Budget& budget_;
  YaraScanner* yara_;
  AnalysisOptions options_;
  AnalysisSink& sink_;
  std::uint64_t path_size_ = 0;  // of the artifact that is being read
  std::uint64_t gap_count_ = 0;
  bool gaps_left_out_ = false;
};

}  // namespace assay
