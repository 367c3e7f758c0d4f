#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/anomaly_tally.h"
#include "core/parse_context.h"
#include "formats/onnx/operators.h"
#include "formats/onnx/tensor.h"
#include "formats/onnx/walk.h"

namespace assay::onnx {

// Turns what the walk comes across into facts. Tensors and entries cannot hold
// one another, so one of each is open at a time; nodes nest.
class Model final : public Visitor {
 public:
  explicit Model(ParseContext& context)
      : context_(context), tally_(context), operators_(context, tally_) {}

  // Says what only the end of the walk shows, and, if the model is whole, what is
  // missing from it. False when there was no graph.
  bool finish(bool is_whole);

  void enter(const Stack& stack) override;
  void leave(const Stack& stack) override;
  void text(const Stack& stack, const Field& field, std::string_view text) override;
  void number(const Stack& stack, const Field& field, std::uint64_t value) override;
  void weights(const Stack& stack, const Field& field, std::uint64_t count) override;
  void other(const Stack& stack, const Field& field) override;
  void unknown(const Stack& stack, const Field& field) override;
  void repeated(const Stack& stack, const Field& field) override;

 private:
  struct OperatorSet {
    std::string domain;
    std::uint64_t version = 0;
  };
  struct Function {
    std::string name;
    std::string domain;
    std::string overload;
  };
  struct Attribute {
    std::string name;
    std::string text;
    Field text_at;
    std::uint64_t number = 0;
  };

  void model_text(const Field& field, std::string_view text);
  void model_number(const Field& field, std::uint64_t value);
  void entry_text(const Field& field, std::string_view text);
  void attribute_text(const Field& field, std::string_view text);
  void node_text(const Field& field, std::string_view text);
  void function_text(const Field& field, std::string_view text);
  void leave_entry(const Frame& entry, const Frame& parent);
  void leave_attribute(const Frame& attribute, const Frame& parent);
  void leave_tensor(const Frame& parent);
  void add_location(const ExternalEntry& location);
  void add_metadata(const Field& at, std::string key, std::string_view value);
  bool has_room(std::uint64_t offset);

  ParseContext& context_;
  AnomalyTally tally_;
  Operators operators_;

  ExternalEntry entry_;
  OperatorSet operator_set_;
  Function function_;
  Attribute attribute_;
  std::optional<TensorCheck> tensor_;
  std::vector<Node> nodes_;  // open ones, outermost first

  bool has_graph_ = false;
  bool out_of_room_ = false;
  std::optional<std::uint64_t> ir_version_;
  std::set<std::string> metadata_keys_;
  std::set<std::string> locations_;
  std::uint64_t attribute_tensor_count_ = 0;
  std::uint64_t attribute_tensor_size_ = 0;
  std::uint64_t unknown_size_ = 0;
  Field first_unknown_;
};

}  // namespace assay::onnx
