#include "sbom/evidence_text.h"

#include <map>

#include "core/text.h"
#include "sbom/text_layout.h"
#include "sbom/utc_time.h"

namespace assay::sbom {
namespace {

using provenance::Check;
using provenance::Coverage;
using provenance::CoverageState;
using provenance::Evidence;
using provenance::Outcome;

constexpr std::size_t kMaxFiles = 20;  // named one by one, unless verbose

std::string_view color_of(std::string_view state) {
  if (state == "verified" || state == "matches") return "1;32";
  return state == "rejected" ? "1;31" : "1;33";
}

std::string_view words_of(std::string_view state) {
  return state == "signed" ? "SIGNED, SIGNER NOT CHECKED" : state;
}

class EvidenceText {
 public:
  EvidenceText(const EvidenceRecord& record, const TextStyle& style)
      : record_(record), evidence_(record.evidence), style_(style) {}

  std::string take() {
    head();
    signer();
    for (const Check& check : evidence_.checks.list()) told(check);
    coverage();
    if (style_.verbose) properties();
    return std::move(out_);
  }

 private:
  void head() {
    const std::string_view state = evidence_.state();
    out_ +=
        style_.paint(color_of(state), upper(words_of(state))) + "  " + escaped(record_.path) + "\n";
    line("kind", evidence_.kind + (evidence_.method.empty() ? "" : ", by " + evidence_.method));
  }

  void line(std::string_view name, std::string_view text) {
    out_ += "  " + padded(name, 9) + wrapped(escaped(text), style_.width - 11, 11) + "\n";
  }

  void signer() {
    if (!evidence_.signer) return;
    const provenance::Signer& signer = *evidence_.signer;
    if (!signer.identity.empty()) line("signer", signer.identity);
    if (!signer.issuer.empty()) line("issuer", signer.issuer);
    if (!signer.fingerprint.empty()) line("key", "sha256:" + signer.fingerprint);
    for (const auto& time : evidence_.times) {
      line("time", utc_time(time.seconds) + " by " + time.source + " " + time.authority);
    }
  }

  void told(const Check& check) {
    if (check.outcome == Outcome::passed && !style_.verbose) return;
    line(to_string(check.outcome),
         check.name + (check.message.empty() ? "" : ": " + check.message));
  }

  void coverage() {
    std::map<CoverageState, std::size_t> counts;
    for (const Coverage& file : evidence_.coverage) ++counts[file.state];
    for (const auto& [state, count] : counts) {
      line("files", with_separators(count) + " " + std::string(to_string(state)));
      if (state == CoverageState::covered && !style_.verbose) continue;
      std::size_t shown = 0;
      for (const Coverage& file : evidence_.coverage) {
        if (file.state != state) continue;
        if (!style_.verbose && ++shown > kMaxFiles) break;
        out_ += "             " + shortened_in_middle(escaped(file.path), style_.width - 13) + "\n";
      }
    }
  }

  void properties() {
    for (const auto& [name, value] : evidence_.properties) line(name, " " + value);
  }

  const EvidenceRecord& record_;
  const Evidence& evidence_;
  const TextStyle& style_;
  std::string out_;
};

}  // namespace

std::string evidence_lines(const EvidenceRecord& record, const TextStyle& style) {
  return EvidenceText(record, style).take();
}

}  // namespace assay::sbom
