#include "formats/onnx/onnx.h"

#include "formats/onnx/identify.h"
#include "formats/onnx/model.h"
#include "formats/onnx/walk.h"

namespace assay::onnx {
namespace {

Parsed<void> parse(ParseContext& context) {
  Model model(context);
  const Parsed<void> walked = walk(context, model);
  const bool has_graph = model.finish(walked.has_value());
  if (!walked) return walked;
  if (!has_graph) return fail(ParseErrc::malformed, 0, "a ModelProto without a graph");
  return {};
}

}  // namespace

const Format format{"onnx", identify, parse};

}  // namespace assay::onnx
