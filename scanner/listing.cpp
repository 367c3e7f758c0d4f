#include "scanner/listing.h"

#include <exception>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "core/text.h"
#include "formats/registry.h"

namespace assay {
namespace {

struct Wanted {
  AnalysisSink& sink;
  std::uint64_t from = 0;
  bool found = false;
};

void list(const MemberInfo& info, ByteSource& source, Budget& budget, std::string_view path,
          Wanted& wanted);

// Looks for the artifact behind `path` among the members of this one; with no
// path left it is this one.
class Seeker final : public ParseContext {
 public:
  Seeker(ByteSource& source, std::string_view name, Budget& budget, std::string_view path,
         Wanted& wanted)
      : ParseContext(source, name, budget), path_(path), wanted_(wanted) {}

  std::optional<std::uint64_t> list_from() const override {
    return path_.empty() ? std::optional(wanted_.from) : std::nullopt;
  }
  void fact(std::uint64_t offset, std::uint64_t size, FactValue value) override {
    if (!std::holds_alternative<Instruction>(value)) return;
    has_told_ = true;
    wanted_.sink.fact({offset, size, std::move(value)});
  }
  void gap(ParseError error) override {
    if (has_told_) wanted_.sink.gap(std::move(error));
  }
  void format(std::string_view) override {}
  void member(const MemberInfo& info, ByteSource& bytes) override;
  void code_bytes(std::uint64_t, std::uint64_t) override {}
  void code_text(std::uint64_t, std::string_view) override {}

 private:
  std::string_view path_;
  Wanted& wanted_;
  bool has_told_ = false;
};

void Seeker::member(const MemberInfo& info, ByteSource& bytes) {
  const std::string name = path_name(info.name);
  if (path_.empty() || !path_.starts_with(name)) return;
  std::string_view rest = path_.substr(name.size());
  if (!rest.empty() && !rest.starts_with(kMemberMark)) return;
  if (!rest.empty()) rest.remove_prefix(kMemberMark.size());
  const DepthScope deeper(budget());
  if (deeper && budget().spend(Cost::members)) list(info, bytes, budget(), rest, wanted_);
}

void list(const MemberInfo& info, ByteSource& source, Budget& budget, std::string_view path,
          Wanted& wanted) {
  wanted.found = wanted.found || path.empty();
  const ByteView head = source.view(0, Probe::kHeadSize);
  const Probe probe{head, source.size(), info.name, &source};
  for (const Format* format : all_formats()) {
    if (format->identify(probe) == Confidence::none) continue;
    Seeker seeker(source, info.name, budget, path, wanted);
    if (const auto done = format->parse(seeker); !done) seeker.gap(done.error());
  }
}

}  // namespace

void list_file(const std::string& name, FileDescriptor fd, const ExamineOptions& options,
               const ListingRequest& request, const std::atomic<bool>& stop, AnalysisSink& sink) {
  FileSource source(std::move(fd));
  Limits limits = limits_for(source.size(), options.limits);
  limits.stop = &stop;
  Budget budget(limits);
  Wanted wanted{sink, request.from};
  sink.begin_artifact(name);
  try {
    list({.name = name}, source, budget, request.member, wanted);
  } catch (const std::exception& error) {
    sink.gap({ParseErrc::crashed, 0, std::string("a parser failed: ") + error.what()});
  }
  if (!wanted.found) sink.gap({ParseErrc::unreadable, 0, "no member of this name was reached"});
  sink.end_artifact(source.size(), "");
}

}  // namespace assay
