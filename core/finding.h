#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace assay {

enum class Severity : std::uint8_t { info, low, medium, high, critical };

std::string_view to_string(Severity severity);
bool severity_from(std::string_view word, Severity& severity);

// A file's status in the Hub's words (CONTRACT §4), from best to worst except
// that `unscanned` means left out on purpose.
enum class Status : std::uint8_t { unscanned, safe, error, caution, suspicious, unsafe };

std::string_view to_string(Status status);
bool status_from(std::string_view word, Status& status);

// What the catalog says of a rule: the text of reports, help and docs.
struct RuleInfo {
  std::string id;     // "PKL-EXEC-001": never reused, never changes meaning
  std::string title;  // may hold {placeholders} filled from the fact
  Severity severity = Severity::info;
  std::string why;
  std::string fix;
  std::vector<std::string> references;  // "CWE-502", URLs
  std::vector<std::string> tags;
};

struct Evidence {
  std::string key;
  std::string value;
  bool operator==(const Evidence&) const = default;
};

// One cause, judged. Built only by the evaluator (rules/evaluator.h).
struct Finding {
  std::string rule;
  Severity severity = Severity::info;
  std::string title;    // the catalog's, placeholders filled; not yet escaped
  std::string message;  // a sentence: what happens, where
  std::string path;     // of the artifact, "model.pt!/archive/data.pkl"
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::vector<Evidence> evidence;
  std::string fix;
  std::vector<std::string> references;
  std::string fingerprint;  // stable over offsets, wording and severity
  bool operator==(const Finding&) const = default;
};

// What was not examined. A gap never lets an artifact be called safe.
struct Gap {
  std::string path;
  ParseErrc reason = ParseErrc::malformed;
  std::string message;
  std::uint64_t offset = 0;
  bool operator==(const Gap&) const = default;
};

}  // namespace assay
