#include "formats/pickle/pickle.h"

#include "core/source_reader.h"
#include "formats/pickle/identify.h"
#include "formats/pickle/machine.h"
#include "formats/pickle/nested.h"
#include "formats/pickle/plain_walk.h"
#include "formats/pickle/session.h"
#include "formats/pickle/torch_legacy.h"
#include "formats/pickle/weights_only.h"

namespace assay::pickle {
namespace {

Confidence identify(const Probe& probe) {
  return trial(probe.head, probe.size > probe.head.size(), probe.name).confidence;
}

// Whether pickles go on behind a STOP. One trial answers for all the pickles
// that end within its head: a row of many small ones is tried but once.
class RowAhead {
 public:
  bool pickle_follows(SourceReader& in) {
    if (in.offset() < known_end_) return true;
    const Bytes head = in.peek(Probe::kHeadSize);
    const Trial seen = trial(head, in.source().has(in.offset() + head.size()), "");
    known_end_ = in.offset() + seen.whole;
    // Opcodes up to where the input ends are a pickle that was cut, not some other data.
    return seen.confidence != Confidence::none || seen.ran_off;
  }
  void forget() { known_end_ = 0; }

 private:
  std::uint64_t known_end_ = 0;
};

// pickle.load stops at the first STOP, but a legacy torch file is several
// pickles in a row and many programs load until the input ends, so we go on.
Parsed<void> walk_row(SourceReader& in, Session& session) {
  TorchLegacy legacy(session);
  RowAhead ahead;
  for (;;) {
    Machine machine(in, session, Machine::Loader::joblib);
    const auto value = machine.run();
    ++session.pickles;
    if (!value) return std::unexpected(value.error());
    legacy.after_pickle(*value);
    if (legacy.storages_follow()) {
      if (auto skipped = legacy.skip_storages(in); !skipped) return skipped;
      ahead.forget();
    }
    if (in.at_end()) break;
    if (!legacy.pickle_follows() && !ahead.pickle_follows(in)) {
      const std::uint64_t size = session.source.size() - in.offset();
      session.anomaly(in.offset(), size, "pickle.trailing-data",
                      std::to_string(size) + " bytes behind the last STOP");
      session.code.note(in.offset(), size);
      in.skip(size);
      break;
    }
  }
  if (const auto failed = session.source.error()) return std::unexpected(*failed);
  return legacy.at_end(in.offset());
}

void tell_metadata(const Session& session, std::uint64_t start) {
  const auto tell = [&](std::string key, std::string value) {
    session.context->metadata(start, 0, std::move(key), std::move(value));
  };
  tell("pickle.protocol", std::to_string(session.protocol));
  tell("pickle.count", std::to_string(session.pickles));
  tell("pickle.opcodes", std::to_string(session.opcodes));
  tell("pickle.calls", std::to_string(session.calls.call_count()));
  std::string ids;
  for (const auto& [kind, count] : session.persistent_ids) {
    ids += (ids.empty() ? "" : ", ") + kind + ": " + std::to_string(count);
  }
  if (!ids.empty()) tell("pickle.persistent-ids", ids);
}

// Where an error stopped the walk, what follows was not examined; the next
// stretch of it is still told as code for what it may show.
void finish_code(SourceReader& in, bool complete, CodeRegions& code) {
  constexpr std::uint64_t kBehindError = 64 * 1024;
  const std::uint64_t offset = in.offset();
  const std::uint64_t more = complete ? 0 : in.source().view(offset, kBehindError).size();
  if (more > 0) code.note(offset, more);
  code.finish(offset + more);
}

}  // namespace

Parsed<void> walk(ParseContext& context, std::uint64_t offset) {
  SourceReader in(context.source(), offset);
  Session session(&context, context.source(), context.budget(), offset);
  const auto walked = walk_row(in, session);
  examine_standing(session);
  if (session.first_array != UINT64_MAX) walk_as_plain(context, offset, session);
  finish_code(in, walked.has_value(), session.code);
  if (const auto what = session.tables.overflowed(); !what.empty()) {
    session.gap_once(offset, "limit reached: " + std::string(what));
  }
  tell_metadata(session, offset);
  if (session.legacy) {
    tell_weights_only(
        context, offset, 0,
        ask_weights_only(context.source(), context.budget(), offset, TorchLegacy::kPickles));
  }
  return walked;
}

const Format format{.name = "pickle", .identify = identify, .parse = [](ParseContext& context) {
                      return walk(context, 0);
                    }};

}  // namespace assay::pickle
