#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/artifact.h"
#include "core/scan_result.h"

namespace assay::cli {

// How `inspect` writes what it found, piece by piece: an artifact, then each
// instruction in it as it becomes known.
class InspectWriter {
 public:
  InspectWriter() = default;
  InspectWriter(const InspectWriter&) = delete;
  InspectWriter& operator=(const InspectWriter&) = delete;
  virtual ~InspectWriter() = default;

  virtual std::string begin(const ScanResult& result) = 0;
  // The artifact without its members. Instructions follow when `is_listed`.
  virtual std::string artifact(const Artifact& artifact, bool is_listed) = 0;
  virtual std::string instruction(const Fact& fact) = 0;
  // Why the listing ended early, if it did.
  virtual std::string listing_gap(const ParseError& gap) = 0;
  // Behind the last instruction; `stopped`: after `limit` of them, not at the end.
  virtual std::string end_listing(bool stopped) = 0;
  // In place of a listing: there were many before.
  virtual std::string not_listed() = 0;
  virtual std::string end_artifact() = 0;
  virtual std::string end() = 0;
};

// Lines for people. Everything that comes from a file is escaped.
class InspectText final : public InspectWriter {
 public:
  std::string begin(const ScanResult&) override { return {}; }
  std::string artifact(const Artifact& artifact, bool is_listed) override;
  std::string instruction(const Fact& fact) override;
  std::string listing_gap(const ParseError& gap) override;
  std::string end_listing(bool stopped) override;
  std::string not_listed() override;
  std::string end_artifact() override { return {}; }
  std::string end() override { return {}; }

 private:
  std::uint32_t marks_ = 0;  // open behind the instruction before
};

// One document: docs/inspect.schema.json.
class InspectJson final : public InspectWriter {
 public:
  std::string begin(const ScanResult& result) override;
  std::string artifact(const Artifact& artifact, bool is_listed) override;
  std::string instruction(const Fact& fact) override;
  std::string listing_gap(const ParseError& gap) override;
  std::string end_listing(bool stopped) override;
  std::string not_listed() override { return {}; }
  std::string end_artifact() override;
  std::string end() override;

 private:
  bool has_artifact_ = false;
  bool has_instruction_ = false;
  std::string gaps_;  // of the listing, as the items of an array
};

}  // namespace assay::cli
