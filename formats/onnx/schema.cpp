#include "formats/onnx/schema.h"

#include <array>
#include <utility>

namespace assay::onnx {
namespace {

using enum Message;
constexpr Wire kVarint = Wire::varint;
constexpr Wire kFixed32 = Wire::fixed32;
constexpr Wire kFixed64 = Wire::fixed64;
constexpr Wire kLength = Wire::length;
constexpr Content kMessage = Content::message;
constexpr Content kText = Content::text;
constexpr Content kNumber = Content::number;
constexpr Content kWeights = Content::weights;
constexpr Content kOther = Content::other;
constexpr bool kRepeated = true;

// clang-format off
constexpr auto kRules = std::to_array<FieldRule>({
    {model, 1, kVarint, kNumber},
    {model, 2, kLength, kText},
    {model, 3, kLength, kText},
    {model, 4, kLength, kText},
    {model, 5, kVarint, kNumber},
    {model, 6, kLength, kText},
    {model, 7, kLength, kMessage, !kRepeated, graph},
    {model, 8, kLength, kMessage, kRepeated, operator_set},
    {model, 14, kLength, kMessage, kRepeated, entry},
    {model, 20, kLength, kMessage, kRepeated, training},
    {model, 25, kLength, kMessage, kRepeated, function},
    {model, 26, kLength, kMessage, kRepeated, device_configuration},
    {operator_set, 1, kLength, kText},
    {operator_set, 2, kVarint, kNumber},
    {entry, 1, kLength, kText},
    {entry, 2, kLength, kText},
    {graph, 1, kLength, kMessage, kRepeated, node},
    {graph, 2, kLength, kText},
    {graph, 5, kLength, kMessage, kRepeated, tensor},
    {graph, 10, kLength, kOther},
    {graph, 11, kLength, kMessage, kRepeated, value_info},
    {graph, 12, kLength, kMessage, kRepeated, value_info},
    {graph, 13, kLength, kMessage, kRepeated, value_info},
    {graph, 14, kLength, kMessage, kRepeated, annotation},
    {graph, 15, kLength, kMessage, kRepeated, sparse_tensor},
    {graph, 16, kLength, kMessage, kRepeated, entry},
    {node, 1, kLength, kOther, kRepeated},
    {node, 2, kLength, kOther, kRepeated},
    {node, 3, kLength, kOther},
    {node, 4, kLength, kText},
    {node, 5, kLength, kMessage, kRepeated, attribute},
    {node, 6, kLength, kOther},
    {node, 7, kLength, kText},
    {node, 8, kLength, kOther},
    {node, 9, kLength, kMessage, kRepeated, entry},
    {node, 10, kLength, kMessage, kRepeated, node_device_configuration},
    {attribute, 1, kLength, kText},
    {attribute, 2, kFixed32, kOther},
    {attribute, 3, kVarint, kNumber},
    {attribute, 4, kLength, kText},
    {attribute, 5, kLength, kMessage, !kRepeated, tensor},
    {attribute, 6, kLength, kMessage, !kRepeated, graph},
    {attribute, 7, kFixed32, kOther, kRepeated},
    {attribute, 8, kVarint, kOther, kRepeated},
    {attribute, 9, kLength, kOther, kRepeated},
    {attribute, 10, kLength, kMessage, kRepeated, tensor},
    {attribute, 11, kLength, kMessage, kRepeated, graph},
    {attribute, 13, kLength, kOther},
    {attribute, 14, kLength, kMessage, !kRepeated, type},
    {attribute, 15, kLength, kMessage, kRepeated, type},
    {attribute, 20, kVarint, kNumber},
    {attribute, 21, kLength, kOther},
    {attribute, 22, kLength, kMessage, !kRepeated, sparse_tensor},
    {attribute, 23, kLength, kMessage, kRepeated, sparse_tensor},
    {tensor, 1, kVarint, kNumber, kRepeated},
    {tensor, 2, kVarint, kNumber},
    {tensor, 3, kLength, kMessage, !kRepeated, segment},
    {tensor, 4, kFixed32, kWeights, kRepeated},
    {tensor, 5, kVarint, kWeights, kRepeated},
    {tensor, 6, kLength, kOther, kRepeated},
    {tensor, 7, kVarint, kWeights, kRepeated},
    {tensor, 8, kLength, kText},
    {tensor, 9, kLength, kWeights},
    {tensor, 10, kFixed64, kWeights, kRepeated},
    {tensor, 11, kVarint, kWeights, kRepeated},
    {tensor, 12, kLength, kOther},
    {tensor, 13, kLength, kMessage, kRepeated, entry},
    {tensor, 14, kVarint, kNumber},
    {tensor, 16, kLength, kMessage, kRepeated, entry},
    {segment, 1, kVarint, kOther},
    {segment, 2, kVarint, kOther},
    {sparse_tensor, 1, kLength, kMessage, !kRepeated, tensor},
    {sparse_tensor, 2, kLength, kMessage, !kRepeated, tensor},
    {sparse_tensor, 3, kVarint, kOther, kRepeated},
    {value_info, 1, kLength, kOther},
    {value_info, 2, kLength, kMessage, !kRepeated, type},
    {value_info, 3, kLength, kOther},
    {value_info, 4, kLength, kMessage, kRepeated, entry},
    {type, 1, kLength, kMessage, !kRepeated, tensor_type},
    {type, 4, kLength, kMessage, !kRepeated, sequence_type},
    {type, 5, kLength, kMessage, !kRepeated, map_type},
    {type, 6, kLength, kOther},
    {type, 7, kLength, kMessage, !kRepeated, opaque_type},
    {type, 8, kLength, kMessage, !kRepeated, tensor_type},
    {type, 9, kLength, kMessage, !kRepeated, sequence_type},
    {tensor_type, 1, kVarint, kOther},
    {tensor_type, 2, kLength, kMessage, !kRepeated, shape},
    {sequence_type, 1, kLength, kMessage, !kRepeated, type},
    {map_type, 1, kVarint, kOther},
    {map_type, 2, kLength, kMessage, !kRepeated, type},
    {opaque_type, 1, kLength, kOther},
    {opaque_type, 2, kLength, kOther},
    {shape, 1, kLength, kMessage, kRepeated, dimension},
    {dimension, 1, kVarint, kOther},
    {dimension, 2, kLength, kOther},
    {dimension, 3, kLength, kOther},
    {annotation, 1, kLength, kOther},
    {annotation, 2, kLength, kMessage, kRepeated, entry},
    {training, 1, kLength, kMessage, !kRepeated, graph},
    {training, 2, kLength, kMessage, !kRepeated, graph},
    {training, 3, kLength, kMessage, kRepeated, entry},
    {training, 4, kLength, kMessage, kRepeated, entry},
    {function, 1, kLength, kText},
    {function, 4, kLength, kOther, kRepeated},
    {function, 5, kLength, kOther, kRepeated},
    {function, 6, kLength, kOther, kRepeated},
    {function, 7, kLength, kMessage, kRepeated, node},
    {function, 8, kLength, kOther},
    {function, 9, kLength, kMessage, kRepeated, operator_set},
    {function, 10, kLength, kText},
    {function, 11, kLength, kMessage, kRepeated, attribute},
    {function, 12, kLength, kMessage, kRepeated, value_info},
    {function, 13, kLength, kText},
    {function, 14, kLength, kMessage, kRepeated, entry},
    {device_configuration, 1, kLength, kOther},
    {device_configuration, 2, kVarint, kOther},
    {device_configuration, 3, kLength, kOther, kRepeated},
    {node_device_configuration, 1, kLength, kOther},
    {node_device_configuration, 2, kLength, kMessage, kRepeated, sharding},
    {node_device_configuration, 3, kVarint, kOther},
    {sharding, 1, kLength, kOther},
    {sharding, 2, kVarint, kOther, kRepeated},
    {sharding, 3, kLength, kMessage, kRepeated, group_entry},
    {sharding, 4, kLength, kMessage, kRepeated, sharded_dimension},
    {group_entry, 1, kVarint, kOther},
    {group_entry, 2, kVarint, kOther, kRepeated},
    {sharded_dimension, 1, kVarint, kOther},
    {sharded_dimension, 2, kLength, kMessage, kRepeated, simple_dimension},
    {simple_dimension, 1, kVarint, kOther},
    {simple_dimension, 2, kLength, kOther},
    {simple_dimension, 3, kVarint, kOther},
});
// clang-format on

constexpr std::size_t kMaxNumber = 32;

// For each message and field number the place in kRules, from 1; 0 for none.
constexpr auto kIndex = [] {
  std::array<std::array<std::uint8_t, kMaxNumber>, kMessageCount> index{};
  for (std::size_t i = 0; i < kRules.size(); ++i) {
    index[std::to_underlying(kRules[i].message)][kRules[i].number] =
        static_cast<std::uint8_t>(i + 1);
  }
  return index;
}();
static_assert(kRules.size() < 255);

}  // namespace

const FieldRule* find_rule(Message message, const Field& field) {
  if (field.number >= kMaxNumber) return nullptr;
  const std::size_t place = kIndex[std::to_underlying(message)][field.number];
  if (place == 0) return nullptr;
  const FieldRule& rule = kRules[place - 1];
  const bool packed = rule.repeated && field.wire == Wire::length;
  return rule.wire == field.wire || packed ? &rule : nullptr;
}

}  // namespace assay::onnx
