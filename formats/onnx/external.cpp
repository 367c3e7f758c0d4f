#include "formats/onnx/external.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "core/relative_path.h"
#include "core/text.h"

namespace assay::onnx {
namespace {

constexpr std::array<std::string_view, 5> kKeys{"location", "offset", "length", "checksum",
                                                "basepath"};

void add(AnomalyTally& tally, const ExternalEntry& entry, const char* code, std::string detail) {
  tally.add(entry.offset, entry.size, std::string("onnx.") + code, std::move(detail));
}

std::string shown(std::string_view text) { return escaped(shortened(text, 128)); }

// Python's int() also takes signs, blanks and underscores; we do not.
std::optional<std::uint64_t> decimal(std::string_view text) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

// onnxruntime takes offset and length of such a location for addresses in its
// own memory.
bool is_memory_address(std::string_view location) {
  return location.starts_with('#') || location.find("_ORT_MEM_ADDR_") != std::string_view::npos;
}

void check_path(const ExternalEntry& entry, AnomalyTally& tally) {
  if (is_memory_address(entry.value)) {
    return add(tally, entry, "external-memory", "location " + shown(entry.value));
  }
  if (entry.value_size > entry.value.size()) {
    return add(tally, entry, "external-path-escapes", "a path longer than any file's");
  }
  const std::string_view reason = escape_reason(entry.value);
  if (!reason.empty()) {
    add(tally, entry, "external-path-escapes",
        entry.key + " " + shown(entry.value) + " " + std::string(reason));
  } else if (escaped(entry.value) != entry.value) {
    add(tally, entry, "external-path-unprintable", entry.key + " " + shown(entry.value));
  }
}

void check_keys(const std::vector<ExternalEntry>& entries, AnomalyTally& tally) {
  for (auto it = entries.begin(); it != entries.end(); ++it) {
    // onnxruntime writes "prepacked_0" and so on for weights it has reordered.
    const bool known = std::ranges::find(kKeys, it->key) != kKeys.end();
    if (!known && !it->key.starts_with("prepacked_")) {
      add(tally, *it, "external-key-unknown", "key " + shown(it->key));
    }
    const auto same = [&](const ExternalEntry& e) { return e.key == it->key; };
    if (std::find_if(entries.begin(), it, same) != it) {
      add(tally, *it, "external-key-duplicate", "key " + shown(it->key) + " stands twice");
    }
  }
}

}  // namespace

ExternalData check_external(const std::vector<ExternalEntry>& entries, AnomalyTally& tally) {
  ExternalData data;
  check_keys(entries, tally);
  for (const ExternalEntry& entry : entries) {
    if (entry.key == "location" && entry.value_size > 0) {
      data.location = &entry;
      check_path(entry, tally);
    } else if (entry.key == "basepath" && entry.value_size > 0) {
      check_path(entry, tally);
    } else if (entry.key == "offset" || entry.key == "length") {
      const auto number = decimal(entry.value);
      if (!number) add(tally, entry, "external-number", entry.key + " " + shown(entry.value));
      if (entry.key == "length") data.length = number;
    }
  }
  return data;
}

}  // namespace assay::onnx
