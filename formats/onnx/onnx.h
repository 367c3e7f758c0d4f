#pragma once

#include "core/format.h"

// ONNX: one protobuf ModelProto (onnx/onnx, onnx.proto), without a magic. Known
// by its first fields, whatever their order. Weights are never read.
//
// Facts: metadata onnx.ir_version, .producer, .producer_version, .domain,
// .model_version, .doc_string, .graph, .opset.<domain>, .op.<domain>.<operator>
// (how many nodes), .metadata.<key>, .attribute_tensors, .attribute_tensor_bytes;
// a tensor for each initializer; a reference "external-data" for each file that
// holds weights, "ep-context" for each compiled graph outside; and anomalies:
//
//   onnx.external-path-escapes      the file may lie outside the model's folder
//   onnx.external-path-unprintable
//   onnx.external-memory            the location stands for an address in the reader's memory
//   onnx.external-key-unknown, onnx.external-key-duplicate
//   onnx.external-number            offset or length is no plain decimal number
//   onnx.external-length-mismatch   length is not what type and shape need
//   onnx.external-with-inline-data, onnx.external-without-location
//   onnx.hidden-external            external_data that no reader should look at
//   onnx.custom-domain, onnx.contrib-domain (onnxruntime's), onnx.extensions-domain
//   onnx.domain-lookalike           a domain spelled nearly like a known one
//   onnx.domain-without-opset, onnx.no-opset, onnx.duplicate-opset, onnx.no-ir-version
//   onnx.python-operator            an operator that runs Python
//   onnx.ep-context                 a compiled graph inside the model
//   onnx.ep-context-path            one whose path may leave the model's folder
//   onnx.function-shadows-operator, onnx.duplicate-function
//   onnx.unknown-field-bytes, onnx.hidden-bytes (over 1 KiB of them)
//   onnx.repeated-field             a field twice that may stand once
//   onnx.attribute-value-field      an attribute with values of two kinds
//   onnx.tensor-size-mismatch       data, type and shape disagree
//   onnx.tensor-value-field         data in a field that is not for its type, or in two
//   onnx.tensor-without-data, onnx.data-type-unknown
//   onnx.metadata-duplicate
namespace assay::onnx {

extern const Format format;

}  // namespace assay::onnx
