#pragma once

#include <cstdint>

#include "formats/onnx/wire.h"

// The messages of onnx.proto (onnx/onnx, IR version 14) as far as their fields
// have to be told apart.
namespace assay::onnx {

enum class Message : std::uint8_t {
  model,
  operator_set,
  entry,  // StringStringEntryProto
  graph,
  node,
  attribute,
  tensor,
  segment,
  sparse_tensor,
  value_info,
  type,
  tensor_type,
  sequence_type,
  map_type,
  opaque_type,
  shape,
  dimension,
  annotation,
  training,
  function,
  device_configuration,
  node_device_configuration,
  sharding,
  group_entry,  // IntIntListEntryProto
  sharded_dimension,
  simple_dimension,
};
inline constexpr std::size_t kMessageCount = 26;

// What the walk does with a field.
enum class Content : std::uint8_t {
  message,  // goes into it
  text,     // hands its first bytes to the visitor
  number,   // hands it to the visitor, each number of a packed list
  weights,  // counts the numbers, does not look at them
  other,    // steps over it
};

struct FieldRule {
  Message message;  // that the field is of
  std::uint8_t number;
  Wire wire;  // of one value
  Content content;
  bool repeated = false;
  Message child = Message::model;  // for Content::message
};

// The rule for a field, or null when onnx.proto has no such field. Parsers keep
// a known field of another wire type as unknown; so do we. Repeated numbers may
// be packed or not.
const FieldRule* find_rule(Message message, const Field& field);

}  // namespace assay::onnx
