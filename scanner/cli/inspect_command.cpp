#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "scanner/analysis_sink.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/inspect.h"
#include "scanner/cli/terminal.h"
#include "scanner/file_queue.h"
#include "scanner/worker/lister.h"

namespace assay::cli {
namespace {

// Every pickle has this fact, whatever it stands in.
bool has_opcodes(const Artifact& artifact) {
  return std::ranges::any_of(artifact.facts, [](const Fact& fact) {
    const auto* metadata = std::get_if<Metadata>(&fact.value);
    return metadata && metadata->key == "pickle.opcodes";
  });
}

// Shows artifacts one after the other. The opcodes of pickles are not facts of the
// scan: a worker lists them while they are printed.
class Inspector {
 public:
  Inspector(const Arguments& arguments, const Watchdog& watchdog, InspectWriter& writer)
      : arguments_(arguments), watchdog_(watchdog), writer_(writer) {}

  // False when nobody reads any more.
  bool show(const Artifact& file, const SourceFile* source) {
    file_ = &file;
    opened_ = FileDescriptor();
    if (source && !source->problem && !source->left_out) {
      if (auto opened = open_file(*source)) opened_ = std::move(*opened);
    }
    listed_.clear();
    return show(file, arguments_.inspect.member.empty());
  }
  bool has_shown() const { return has_shown_; }

 private:
  // Depth of nesting is bounded by Limits::depth.
  bool show(const Artifact& artifact, bool wanted) {
    const std::string_view member = member_path(artifact);
    wanted = wanted || (!member.empty() && member == arguments_.inspect.member);
    if (wanted && !show_one(artifact)) return false;
    return std::ranges::all_of(artifact.members,
                               [&](const Artifact& inner) { return show(inner, wanted); });
  }

  std::string_view member_path(const Artifact& artifact) const {
    const std::size_t front = file_->path.size() + kMemberMark.size();
    return artifact.path.size() < front ? std::string_view()
                                        : std::string_view(artifact.path).substr(front);
  }

  bool show_one(const Artifact& artifact) {
    has_shown_ = true;
    const bool could_list = arguments_.inspect.opcodes && opened_ && has_opcodes(artifact);
    // Members of one name are listed together.
    const bool is_listed =
        could_list && listed_.size() < kMaxListed && listed_.insert(artifact.path).second;
    bool is_read = print(writer_.artifact(artifact, is_listed));
    if (is_listed && is_read) is_read = list(artifact);
    if (could_list && !listed_.contains(artifact.path)) {
      is_read = is_read && print(writer_.not_listed());
    }
    return is_read && print(writer_.end_artifact());
  }

  bool list(const Artifact& artifact) {
    const InspectOptions& inspect = arguments_.inspect;
    const auto time = arguments_.scan.timeout.value_or(
        std::chrono::ceil<std::chrono::seconds>(time_for(file_->size)));
    const ListingJob job{.name = file_->path,
                         .file = opened_,
                         .request = {std::string(member_path(artifact)), inspect.from},
                         .time = time};
    std::uint64_t count = 0;
    bool is_read = true;
    bool is_stopped = false;
    const auto gaps =
        list_instructions(job, arguments_.scan, watchdog_.stop_flag(), [&](const Fact& fact) {
          is_stopped = inspect.limit > 0 && count == inspect.limit;
          if (is_stopped) return false;
          ++count;
          lines_ += writer_.instruction(fact);
          if (lines_.size() >= kPrintedAtOnce) is_read = flush();
          return is_read;
        });
    for (const ParseError& gap : gaps) lines_ += writer_.listing_gap(gap);
    lines_ += writer_.end_listing(is_stopped);
    return is_read && flush();
  }

  bool flush() { return print(std::exchange(lines_, {})); }

  // Of one file: for each, a worker walks through the file again.
  static constexpr std::size_t kMaxListed = 20;
  static constexpr std::size_t kPrintedAtOnce = 32 << 10;

  const Arguments& arguments_;
  const Watchdog& watchdog_;
  InspectWriter& writer_;
  const Artifact* file_ = nullptr;
  FileDescriptor opened_;
  std::set<std::string> listed_;
  std::string lines_;
  bool has_shown_ = false;
};

// Standard input can be read once, but is read twice: its copy takes its place.
std::vector<FileDescriptor> keep_stdin(SourceListing& listing) {
  std::vector<FileDescriptor> kept;
  for (SourceFile& file : listing.files) {
    if (!file.is_stdin) continue;
    auto copy = spool_stdin();
    file.is_stdin = false;
    if (copy) {
      file.system_path = "/proc/self/fd/" + std::to_string(copy->get());
      kept.push_back(std::move(*copy));
    } else {
      file.problem = copy.error();
    }
  }
  return kept;
}

int show_all(const ScanResult& result, const SourceListing& listing, const Arguments& arguments,
             const Watchdog& watchdog) {
  std::map<std::string_view, const SourceFile*> sources;
  for (const SourceFile& source : listing.files) sources.emplace(source.report_path, &source);
  std::unique_ptr<InspectWriter> writer = std::make_unique<InspectText>();
  if (arguments.json) writer = std::make_unique<InspectJson>();
  Inspector inspector(arguments, watchdog, *writer);
  bool is_read = print(writer->begin(result));
  for (const Artifact& file : result.files) {
    const auto source = sources.find(file.path);
    is_read = is_read && inspector.show(file, source == sources.end() ? nullptr : source->second);
  }
  if (is_read) print(writer->end());
  if (is_read && !inspector.has_shown() && !arguments.inspect.member.empty()) {
    return complain("no member " + arguments.inspect.member, kExitNothing);
  }
  return result.exit_code;
}

}  // namespace

int run_inspect(const Arguments& arguments) {
  const auto rules = rules_of(arguments, !arguments.scan.workers);
  if (!rules) return kExitUsage;
  Watchdog watchdog;
  ScanProgress progress;
  ScanOptions options = arguments.scan;
  options.verdict.fail_on = std::nullopt;
  SourceListing listing = list_sources(arguments.sources, arguments.selection);
  const std::vector<FileDescriptor> kept = keep_stdin(listing);
  ScanResult result = scan(listing, *rules, options, watchdog, progress);
  tell_sandbox(result.tool);
  if (arguments.json || arguments.outputs.front().format == ReportFormat::text) {
    return show_all(result, listing, arguments, watchdog);
  }
  result.findings.clear();
  if (!write_reports(result, arguments)) return kExitUsage;
  return result.exit_code;
}

}  // namespace assay::cli
