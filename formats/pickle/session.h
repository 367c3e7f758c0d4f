#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/parse_context.h"
#include "formats/pickle/array_dtype.h"
#include "formats/pickle/call_recorder.h"
#include "formats/pickle/code_regions.h"
#include "formats/pickle/recent_globals.h"
#include "formats/pickle/short_text.h"
#include "formats/pickle/tables.h"

namespace assay::pickle {

// What all pickles of a row share: the process that loads them one after the
// other, and what is told of it. Without a context it is a trial: the machine
// runs, nothing is told.
struct Session {
  static constexpr std::size_t kMaxExtensions = 65'536;
  static constexpr std::size_t kMaxDtypes = 65'536;
  static constexpr std::size_t kMaxStorages = 1'000'000;
  static constexpr std::uint32_t kMaxTensors = 10'000;
  static constexpr std::size_t kMaxExamined = 40'000;

  Session(ParseContext* context_, ByteSource& source_, Budget& budget_, std::uint64_t start)
      : context(context_),
        source(source_),
        budget(budget_),
        calls(context_, tables),
        code(context_, start),
        list_from(context_ ? context_->list_from() : std::nullopt) {}

  // A trial from which on all is told.
  void begin_telling(ParseContext& context_, ToldNames& told_names) {
    // Two pickles that are one inside the other look odd as one.
    told = {"pickle.repeated-proto", "pickle.leftover-stack", "pickle.newer-opcode",
            "pickle.frame-length"};
    context = &context_;
    calls.begin_telling(context_);
    calls.share(told_names);
  }

  // joblib reads the bytes of an array at `offset`, which pickle.load takes for opcodes.
  void note_array(std::uint64_t offset) {
    if (first_array != UINT64_MAX) return;
    first_array = offset;
    calls.share(behind_array);
  }

  void anomaly(std::uint64_t offset, std::uint64_t size, std::string code_word,
               std::string detail) {
    if (context) context->anomaly(offset, size, std::move(code_word), std::move(detail));
  }
  // Anomalies that a stream could repeat for ever are told once.
  template <typename Detail>
  void anomaly_once(std::uint64_t offset, std::uint64_t size, std::string_view code_word,
                    Detail detail) {
    if (told.contains(code_word)) return;
    if (first_time(std::string(code_word))) {
      anomaly(offset, size, std::string(code_word), detail());
    }
  }
  void gap_once(std::uint64_t offset, std::string message) {
    if (context && first_time(message)) {
      context->gap({ParseErrc::over_budget, offset, std::move(message)});
    }
  }

  // The text that the opcode at `offset` pushes may be an artifact.
  void note_standing(std::uint64_t offset) {
    if (!context) return;
    if (standing.size() < kMaxExamined) return standing.push_back(offset);
    gap_once(offset, "limit reached: byte strings examined in one artifact (" +
                         std::to_string(kMaxExamined) + ")");
  }

  bool first_time(const std::string& what) {
    constexpr std::size_t kMaxTold = 4096;
    return told.size() < kMaxTold && told.insert(what).second;
  }

  ParseContext* context;
  ByteSource& source;
  Budget& budget;
  Tables tables;
  RecentGlobals recent;
  ShortTexts short_texts;  // the details of strings that stand for nothing else
  CallRecorder calls;
  CodeRegions code;
  std::optional<std::uint64_t> list_from;  // opcodes from there on are told, each
  std::set<std::string, std::less<>> told;
  std::set<std::pair<std::uint64_t, bool>> examined;  // nested texts by offset; loaded or not

  std::vector<std::uint64_t> standing;  // texts to examine at the end, by offset

  std::map<std::int64_t, std::uint32_t> extensions;      // copyreg's registry: code to global
  std::unordered_map<std::uint64_t, ArrayDtype> dtypes;  // by node of the dtype object
  std::map<std::string, std::uint64_t, std::less<>> persistent_ids;  // kind to count
  bool legacy = false;  // in a legacy torch stream, so that storages are needed:
  std::unordered_map<std::string, std::uint32_t> storages;  // key to element size
  std::vector<std::string>* collected_keys = nullptr;       // strings put into lists, if wanted
  std::uint64_t first_array = UINT64_MAX;                   // see note_array()
  ToldNames behind_array;                                   // names told from there on
  std::uint64_t opcodes = 0;
  std::uint32_t pickles = 0;
  std::uint32_t tensors = 0;
  int protocol = 0;  // the highest seen
};

}  // namespace assay::pickle
