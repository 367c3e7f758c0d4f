#include "scanner/analyzer.h"

#include <algorithm>
#include <exception>
#include <new>
#include <optional>
#include <utility>

#include "core/text.h"
#include "formats/names/names.h"
#include "formats/registry.h"
#include "scanner/collector.h"
#include "scanner/one_pass_source.h"

namespace assay {

// One artifact on its way through the stages.
struct Analyzer::Subject {
  Analyzer& analyzer;
  const MemberInfo& info;
  ByteSource& source;
  Reading reading = {};
  bool facts_spent = false;

  void gap(ParseError error) { analyzer.tell(std::move(error), reading.gaps); }
  void fact(Fact fact) {
    const std::uint64_t offset = fact.offset;
    if (analyzer.tell(std::move(fact)) || std::exchange(facts_spent, true)) return;
    gap(analyzer.budget_.error(offset));
  }
  void anomaly(std::string code, std::string detail) {
    fact({0, 0, Anomaly{std::move(code), std::move(detail)}});
  }
  // A name for bytes that no parser of ours reads, or needs to.
  void name(std::string_view format) {
    analyzer.sink_.begin_attempt(format);
    analyzer.sink_.accept(format);
    reading.formats.emplace_back(format);
  }
};

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : " + ") + word;
  return all;
}

ParseError no_memory() {
  return {ParseErrc::over_budget, 0, "the memory limit (max-memory) was reached"};
}

// A file of no bytes holds nothing to examine, unless its kind may be empty.
bool may_be_empty(std::string_view name) {
  if (base_name(name).starts_with('.')) return true;
  const auto entry = names::extension_entry(name);
  return entry && entry->promise == names::Promise::text;
}

}  // namespace

std::string path_name(std::string_view name) {
  constexpr std::size_t kCutMark = 3;  // the "..." of shortened()
  return name.size() <= kMaxPathName ? std::string(name) : shortened(name, kMaxPathName - kCutMark);
}

Outline Analyzer::analyze(const MemberInfo& info, ByteSource& source) {
  const bool is_file = budget_.depth() == 0;
  std::optional<DigestTelling> telling;
  if (is_file && !options_.digests.empty()) {
    telling.emplace(options_.digests, source.size(), sink_);
  }
  // Raw members lie in bytes that the pass over their archive sees.
  OnePassSource pass(source, budget_, options_.hash, telling ? &*telling : nullptr);
  Subject subject{*this, info, info.raw_data ? source : static_cast<ByteSource&>(pass)};
  const std::uint64_t outer =
      std::exchange(path_size_, is_file ? info.name.size() : path_size(info.name));
  sink_.begin_artifact(is_file ? info.name : path_name(info.name));
  std::string sha256;
  try {
    parse_all(subject);
    if (!info.raw_data && pass.finish()) {
      sha256 = pass.sha256();
      note_embedded(pass.hits(), subject);
    }
  } catch (const std::bad_alloc&) {
    subject.gap(no_memory());
  } catch (const std::exception& error) {
    subject.gap({ParseErrc::crashed, 0, std::string("a parser failed: ") + error.what()});
  }
  if (budget_.stopped()) subject.gap(budget_.error(0));
  if (const auto error = source.error()) {
    const auto& gaps = subject.reading.gaps;
    const bool known = std::any_of(gaps.begin(), gaps.end(), [&](const ParseError& gap) {
      return gap.message == error->message && gap.offset == error->offset;
    });
    if (!known) subject.gap(*error);
  }
  if (is_file) {  // the members' own readers ask for theirs
    for (ParseError& complaint : source.complaints()) subject.gap(std::move(complaint));
  }
  // Of the file itself, where no rejected attempt takes it back.
  if (is_file && gaps_left_out_) {
    sink_.gap({ParseErrc::over_budget, 0,
               "limit reached: gaps (" + std::to_string(gap_count_) + " for one file)"});
  }
  Outline outline{info.name, source.size(), std::move(sha256), info.unclaimed,
                  std::move(subject.reading.members)};
  sink_.end_artifact(outline.size, outline.sha256);
  path_size_ = outer;
  return outline;
}

std::uint64_t Analyzer::path_size(std::string_view member_name) const {
  return path_size_ + kMemberMark.size() + path_name(member_name).size();
}

bool Analyzer::tell(Fact fact) {
  if (!budget_.spend(Cost::facts) || !budget_.spend(Cost::fact_bytes, bytes_of(fact.value))) {
    return false;
  }
  sink_.fact(std::move(fact));
  return true;
}

void Analyzer::tell(ParseError gap, std::vector<ParseError>& told) {
  if (gap_count_ == budget_.limits().gaps) {
    gaps_left_out_ = true;
    return;
  }
  ++gap_count_;
  sink_.gap(gap);
  told.push_back(std::move(gap));
}

// What the sweep saw in bytes that neither YARA nor a member's own examination
// covers: weights. The artifact's own head is no finding.
void Analyzer::note_embedded(const std::vector<embedded::Hit>& hits, Subject& subject) {
  const bool is_archive = !subject.reading.members.empty();
  for (const embedded::Hit& hit : hits) {
    const auto holds = [&](const Region& region) {
      return hit.offset >= region.offset && hit.offset - region.offset < region.size;
    };
    const auto& regions = is_archive ? subject.reading.raw_members : subject.reading.regions;
    const bool inside = std::any_of(regions.begin(), regions.end(), holds);
    if (hit.offset == 0 || inside != is_archive) continue;
    subject.fact({hit.offset, 0, Embedded{std::string(hit.format)}});
  }
}

void Analyzer::parse_all(Subject& subject) {
  const std::uint64_t size = subject.source.size();
  const ByteView head = subject.source.view(0, Probe::kHeadSize);
  if (head.empty()) {
    if (may_be_empty(subject.info.name) || subject.info.raw_data) {
      subject.name("empty");
    } else if (!subject.source.error()) {
      subject.gap({ParseErrc::truncated, 0, "the file is empty"});
    }
    return;
  }
  const Probe probe{head, size, subject.info.name, &subject.source};
  for (const Format* format : all_formats()) {
    const Confidence bid = format->identify(probe);
    if (bid == Confidence::none) continue;
    parse_as(*format, bid == Confidence::possible || subject.info.raw_data, subject);
  }
  if (subject.reading.formats.size() > 1) {
    subject.anomaly("generic.polyglot", joined(subject.reading.formats));
  }
  if (subject.reading.formats.empty()) parse_as_text(subject);
  if (subject.reading.formats.empty()) name_the_unknown(subject);
  check_name(subject);
  scan_regions(subject);
}

void Analyzer::parse_as(const Format& format, bool on_trial, Subject& subject) {
  Collector collector(*this, subject.source, subject.info.name, format.name);
  Parsed<void> done;
  try {
    done = format.parse(collector);
  } catch (const std::bad_alloc&) {
    done = std::unexpected(no_memory());
  } catch (const std::exception& error) {
    done = fail(ParseErrc::crashed, 0, std::string("a parser failed: ") + error.what());
  }
  if (!done && on_trial && !collector.is_telling(subject.info.raw_data)) return;
  if (!subject.reading.members.empty() && collector.is_seen_inside(subject.reading.members)) return;
  if (!done) collector.gap(done.error());
  collector.accept(subject.reading);
}

void Analyzer::parse_as_text(Subject& subject) {
  const ByteView head = subject.source.view(0, Probe::kHeadSize);
  const Probe probe{head, subject.source.size(), subject.info.name, &subject.source};
  if (text_format().identify(probe) != Confidence::none) parse_as(text_format(), true, subject);
}

// No parser wanted the bytes. Unless their loader takes them as raw numbers,
// they are a gap; a known signature at least gives them a name.
void Analyzer::name_the_unknown(Subject& subject) {
  const auto known = names::known_signature(subject.source.view(0, Probe::kHeadSize));
  if (known) {
    subject.name(*known);
    if (names::is_native_code(*known)) {
      subject.fact({0, 0, Embedded{std::string(*known)}});
    }
  } else if (subject.info.raw_data) {
    subject.name("raw-data");
    return;
  }
  const auto entry = names::extension_entry(subject.info.name);
  if (!known && entry &&
      (entry->promise == names::Promise::data || entry->promise == names::Promise::code)) {
    subject.gap({ParseErrc::malformed, 0,
                 "named " + extension_of(subject.info.name) + ", but the bytes are not that"});
  } else {
    subject.gap({ParseErrc::unsupported, 0,
                 known ? std::string(*known) + " is recognised but not read"
                       : std::string("no format that is known here")});
  }
  constexpr std::uint64_t kMaxUnknown = 64 << 20;
  subject.reading.regions.push_back({0, std::min(subject.source.size(), kMaxUnknown)});
}

// Content decides what a file is; a name that says otherwise is a fact.
void Analyzer::check_name(Subject& subject) {
  const auto& formats = subject.reading.formats;
  const auto entry = names::extension_entry(subject.info.name);
  if (!entry || formats.empty() || formats.front() == "git-lfs-pointer" ||
      formats.front() == "empty") {
    return;
  }
  for (const std::string& format : formats) {
    if (entry->allows(format)) continue;
    const std::string detail = extension_of(subject.info.name) + " holds " + format;
    const bool tame =
        entry->promise == names::Promise::data || entry->promise == names::Promise::text;
    if (tame && names::can_execute(format)) {
      subject.anomaly("generic.executable-disguised", detail);
    } else {
      subject.anomaly("generic.extension-mismatch", detail);
    }
  }
  if (formats.front() == "text") check_text_for_a_cut_model(*entry, subject);
}

// The beginning of a model may read as text: of any format when it is short, of
// a pickle in protocol 0 at any length. Cut off, it must not pass for prose.
void Analyzer::check_text_for_a_cut_model(const names::Extension& entry, Subject& subject) {
  if (entry.promise != names::Promise::data && entry.promise != names::Promise::code) return;
  constexpr std::uint64_t kShort = 64;
  bool cut = subject.source.size() < kShort;
  for (const Format* format : all_formats()) {
    if (cut || format->name != "pickle" || !entry.allows(format->name)) continue;
    Collector ignored(*this, subject.source, subject.info.name, format->name);
    const auto done = format->parse(ignored);
    cut = !done && done.error().code == ParseErrc::truncated;
  }
  if (!cut) return;
  subject.gap({ParseErrc::malformed, 0,
               "named " + extension_of(subject.info.name) + ", but the bytes are no whole one"});
}

void Analyzer::scan_regions(Subject& subject) {
  if (!yara_ || subject.reading.regions.empty()) return;
  const auto done = yara_->scan(subject.source, subject.reading.regions, budget_,
                                [&](Fact fact) { subject.fact(std::move(fact)); });
  if (!done) subject.gap(done.error());
}

void Analyzer::scan_text(std::string_view text, std::uint64_t offset, ParseContext& context) {
  if (!yara_) return;
  const auto done = yara_->scan_text(text, offset, budget_, [&](Fact fact) {
    context.fact(fact.offset, fact.size, std::move(fact.value));
  });
  if (!done) context.gap(done.error());
}

}  // namespace assay
