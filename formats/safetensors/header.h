#pragma once

#include <optional>
#include <vector>

#include "core/anomaly_tally.h"
#include "core/parse_context.h"
#include "formats/json/json.h"
#include "formats/safetensors/coverage.h"
#include "formats/safetensors/safetensors.h"

namespace assay::safetensors {

// One walk over the JSON header: puts tensors, metadata and anomalies into the
// context and keeps the first reason why the reference refuses the file.
class HeaderWalk {
 public:
  // `header` stands at byte 8 of the file.
  HeaderWalk(ParseContext& context, const Layout& layout, Bytes header);

  Parsed<void> run();

 private:
  void read_members();
  void read_metadata(const json::Token& key);
  void read_pair(const json::Token& key);
  void read_tensor(const json::Token& name);
  void check_name(const json::Token& name, const std::string& text);
  void put_tensor(const json::Token& name, std::string text, Entry& entry);
  void hide_duplicates();
  void check_space();
  void report(const Remark& remark);
  void remark(std::string_view code, const json::Token& where, std::string detail);
  void refuse(std::string_view code, const json::Token& where, std::string detail);
  bool has_room();
  std::string cut(std::string_view text) const;

  ParseContext& context_;
  const Layout& layout_;
  Bytes header_;
  json::Reader reader_;
  AnomalyTally tally_;
  std::vector<Range> ranges_;  // of the tensors that count: the last of each name
  std::optional<ParseError> refused_;
  std::uint64_t metadata_count_ = 0;  // objects named "__metadata__"
  bool all_ranges_known_ = true;
  bool out_of_room_ = false;
};

}  // namespace assay::safetensors
