#include "formats/onnx/model.h"

#include <algorithm>

#include "core/text.h"

namespace assay::onnx {
namespace {

// Unknown fields of a newer onnx.proto are small; more than this was hidden.
constexpr std::uint64_t kMuchUnknown = 1024;
constexpr std::uint64_t kReservedFacts = 1000;
constexpr std::size_t kMaxDistinct = 10'000;
// AttributeProto's fields f, i, s, t, g, floats ... sparse_tensors: one may be set.
constexpr std::uint32_t kValueFields = [] {
  std::uint32_t mask = 0;
  for (const int number : {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15, 22, 23}) mask |= 1U << number;
  return mask;
}();

const Frame& parent_of(const Visitor::Stack& stack) { return stack[stack.size() - 2]; }

bool in_function(const Visitor::Stack& stack) {
  return stack.size() > 1 && stack[1].message == Message::function;
}

}  // namespace

bool Model::finish(bool is_whole) {
  operators_.finish(is_whole, ir_version_.value_or(3) >= 3);
  if (!ir_version_ && has_graph_ && is_whole) {
    tally_.add(0, 0, "onnx.no-ir-version", "the model names no IR version");
  }
  if (unknown_size_ > 0) {
    tally_.add(first_unknown_.offset, first_unknown_.size(),
               unknown_size_ > kMuchUnknown ? "onnx.hidden-bytes" : "onnx.unknown-field-bytes",
               std::to_string(unknown_size_) + " bytes in fields that onnx.proto does not have");
  }
  if (attribute_tensor_count_ > 0) {
    add_metadata({}, "onnx.attribute_tensors", std::to_string(attribute_tensor_count_));
    add_metadata({}, "onnx.attribute_tensor_bytes", std::to_string(attribute_tensor_size_));
  }
  tally_.finish();
  return has_graph_;
}

void Model::enter(const Stack& stack) {
  const Frame& top = stack.back();
  switch (top.message) {
    case Message::graph:
      has_graph_ = true;
      break;
    case Message::entry:
      entry_ = {{}, {}, 0, top.field.offset, top.field.size()};
      break;
    case Message::operator_set:
      operator_set_ = {};
      break;
    case Message::function:
      function_ = {};
      break;
    case Message::attribute:
      attribute_ = {};
      break;
    case Message::tensor:
      tensor_.emplace(top.field);
      break;
    case Message::node:
      nodes_.emplace_back(top.field, in_function(stack));
      break;
    default:
      break;
  }
}

void Model::leave(const Stack& stack) {
  const Frame& top = stack.back();
  switch (top.message) {
    case Message::entry:
      return leave_entry(top, parent_of(stack));
    case Message::tensor:
      return leave_tensor(parent_of(stack));
    case Message::attribute:
      return leave_attribute(top, parent_of(stack));
    case Message::node:
      operators_.add_node(nodes_.back());
      return nodes_.pop_back();
    case Message::function:
      return operators_.add_function(top.field, function_.domain, function_.name,
                                     function_.overload);
    case Message::operator_set:
      if (parent_of(stack).message == Message::model) {
        operators_.add_operator_set(top.field, operator_set_.domain, operator_set_.version);
      }
      return;
    default:
      return;
  }
}

void Model::text(const Stack& stack, const Field& field, std::string_view text) {
  switch (stack.back().message) {
    case Message::model:
      return model_text(field, text);
    case Message::operator_set:
      operator_set_.domain = text;
      return;
    case Message::entry:
      return entry_text(field, text);
    case Message::attribute:
      return attribute_text(field, text);
    case Message::node:
      return node_text(field, text);
    case Message::function:
      return function_text(field, text);
    case Message::tensor:
      return tensor_->name(text);
    case Message::graph:
      if (stack.size() == 2) add_metadata(field, "onnx.graph", text);
      return;
    default:
      return;
  }
}

void Model::model_text(const Field& field, std::string_view text) {
  switch (field.number) {
    case 2:
      return add_metadata(field, "onnx.producer", text);
    case 3:
      return add_metadata(field, "onnx.producer_version", text);
    case 4:
      return add_metadata(field, "onnx.domain", text);
    case 6:
      return add_metadata(field, "onnx.doc_string", text);
    default:
      return;
  }
}

void Model::entry_text(const Field& field, std::string_view text) {
  if (field.number == 1) {
    entry_.key = text;
  } else {
    entry_.value = text;
    entry_.value_size = field.body_size;
  }
}

void Model::attribute_text(const Field& field, std::string_view text) {
  if (field.number == 1) {
    attribute_.name = text;
  } else {
    attribute_.text = text;
    attribute_.text_at = field;
  }
}

void Model::node_text(const Field& field, std::string_view text) {
  (field.number == 4 ? nodes_.back().op_type : nodes_.back().domain) = text;
}

void Model::function_text(const Field& field, std::string_view text) {
  if (field.number == 1) function_.name = text;
  if (field.number == 10) function_.domain = text;
  if (field.number == 13) function_.overload = text;
}

void Model::number(const Stack& stack, const Field& field, std::uint64_t value) {
  switch (stack.back().message) {
    case Message::model:
      return model_number(field, value);
    case Message::operator_set:
      operator_set_.version = value;
      return;
    case Message::attribute:
      if (field.number == 3) attribute_.number = value;
      return;
    case Message::tensor:
      return tensor_->number(field, value);
    default:
      return;
  }
}

void Model::model_number(const Field& field, std::uint64_t value) {
  if (field.number == 1) ir_version_ = value;
  add_metadata(field, field.number == 1 ? "onnx.ir_version" : "onnx.model_version",
               std::to_string(static_cast<std::int64_t>(value)));
}

void Model::weights(const Stack&, const Field& field, std::uint64_t count) {
  tensor_->weights(field, count);
}

void Model::other(const Stack& stack, const Field& field) {
  const bool string_data = stack.back().message == Message::tensor && field.number == 6;
  if (string_data) tensor_->string_data();
}

void Model::unknown(const Stack&, const Field& field) {
  if (unknown_size_ == 0) first_unknown_ = field;
  unknown_size_ += field.size();
}

void Model::repeated(const Stack&, const Field& field) {
  tally_.add(field.offset, field.size(), "onnx.repeated-field",
             "field " + std::to_string(field.number) + " may stand once");
}

void Model::leave_entry(const Frame& entry, const Frame& parent) {
  const bool external = parent.message == Message::tensor && entry.field.number == 13;
  if (external) return tensor_->external_entry(entry_);
  if (parent.message != Message::model) return;
  if (metadata_keys_.size() < kMaxDistinct && !metadata_keys_.insert(entry_.key).second) {
    tally_.add(entry_.offset, entry_.size, "onnx.metadata-duplicate",
               "key " + escaped(shortened(entry_.key, 128)) + " stands twice");
  }
  add_metadata(entry.field, "onnx.metadata." + entry_.key, entry_.value);
}

void Model::leave_attribute(const Frame& attribute, const Frame& parent) {
  const std::uint32_t values = attribute.seen & kValueFields;
  if ((values & (values - 1)) != 0) {
    tally_.add(attribute.field.offset, attribute.field.size(), "onnx.attribute-value-field",
               "an attribute has values of more than one kind");
  }
  if (parent.message != Message::node) return;
  Node& node = nodes_.back();
  if (attribute_.name == "embed_mode") node.embed_mode = attribute_.number;
  if (attribute_.name == "ep_cache_context") {
    node.ep_context = attribute_.text;
    node.ep_context_at = attribute_.text_at;
  }
}

void Model::leave_tensor(const Frame& parent) {
  std::optional<ExternalEntry> location;
  const Field at = tensor_->at();
  Tensor tensor = tensor_->finish(tally_, location);
  tensor_.reset();
  if (location) add_location(*location);
  if (parent.message == Message::attribute) {
    ++attribute_tensor_count_;
    attribute_tensor_size_ += tensor.byte_size;
  } else if (has_room(at.offset)) {
    context_.fact(at.offset, at.size(), std::move(tensor));
  }
}

void Model::add_location(const ExternalEntry& location) {
  if (locations_.contains(location.value) || !has_room(location.offset)) return;
  if (locations_.size() < kMaxDistinct) locations_.insert(location.value);
  context_.fact(location.offset, location.size, Reference{"external-data", location.value});
}

void Model::add_metadata(const Field& at, std::string key, std::string_view value) {
  if (!has_room(at.offset)) return;
  const std::uint64_t limit = context_.budget().limits().text_size;
  context_.metadata(at.offset, at.size(), shortened(key, limit), shortened(value, limit));
}

bool Model::has_room(std::uint64_t offset) {
  if (context_.budget().left(Cost::facts) > kReservedFacts) return true;
  if (!out_of_room_) {
    context_.gap({ParseErrc::over_budget, offset, "more tensors than facts may be kept"});
  }
  out_of_room_ = true;
  return false;
}

}  // namespace assay::onnx
