"""Small ONNX models by onnx.helper: control flow, functions, strings, external data, quantisation, ai.onnx.ml."""
import numpy as np
import onnx
from onnx import TensorProto, external_data_helper, helper, numpy_helper

import samples

FLOAT = TensorProto.FLOAT


def value(name, shape, kind=FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def model(graph, opset=13, extra_opsets=(), **options):
    opsets = [helper.make_opsetid("", opset)] + [helper.make_opsetid(*pair)
                                                 for pair in extra_opsets]
    built = helper.make_model(graph, opset_imports=opsets, producer_name="corpus",
                              producer_version="1", **options)
    built.ir_version = 7
    return built


def mlp_graph(weights):
    nodes = [helper.make_node("MatMul", ["x", "w"], ["h"], name="dense"),
             helper.make_node("Relu", ["h"], ["y"])]
    return helper.make_graph(nodes, "mlp", [value("x", [1, 4])], [value("y", [1, 2])], [weights])


def weights():
    return numpy_helper.from_array(np.arange(8, dtype=np.float32).reshape(4, 2), "w")


def conditional():
    branches = [
        helper.make_graph([helper.make_node(op, ["x"], ["y_" + op])], op, [],
                          [value("y_" + op, [1])]) for op in ("Neg", "Abs")]
    node = helper.make_node("If", ["c"], ["y"], then_branch=branches[0], else_branch=branches[1])
    return helper.make_graph([node], "if", [value("c", [], TensorProto.BOOL), value("x", [1])],
                             [value("y", [1])])


def loop():
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["still"]),
         helper.make_node("Add", ["sum", "sum"], ["next"])],
        "body",
        [value("i", [], TensorProto.INT64), value("go", [], TensorProto.BOOL), value("sum", [1])],
        [value("still", [], TensorProto.BOOL), value("next", [1])])
    node = helper.make_node("Loop", ["n", "c", "x"], ["y"], body=body)
    inputs = [value("n", [], TensorProto.INT64), value("c", [], TensorProto.BOOL), value("x", [1])]
    return helper.make_graph([node], "loop", inputs, [value("y", [1])])


def with_function():
    square = helper.make_function("corpus.ops", "Square", ["a"], ["b"],
                                  [helper.make_node("Mul", ["a", "a"], ["b"])],
                                  [helper.make_opsetid("", 14)])
    graph = helper.make_graph([helper.make_node("Square", ["x"], ["y"], domain="corpus.ops")], "f",
                              [value("x", [2])], [value("y", [2])])
    built = model(graph, 14, [("corpus.ops", 1)], functions=[square])
    built.ir_version = 8
    return built


def with_metadata():
    built = model(mlp_graph(weights()), doc_string="A two layer net.", domain="org.example",
                  model_version=3)
    helper.set_model_props(built,
                           {"labels": "cat,dog", "licence": "Apache-2.0", "\u4f5c\u8005": "corpus"})
    return built


def every_dtype():
    kinds = ["f4", "f8", "f2", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "?", "c8"]
    tensors = [numpy_helper.from_array(np.ones(2, dtype=kind), "t_" + kind.strip("?"))
               for kind in kinds]
    tensors += [numpy_helper.from_array(np.array(["a", "b"], dtype=object), "strings"),
                helper.make_tensor("bf16", TensorProto.BFLOAT16, [2], [1.0, 2.0]),
                helper.make_tensor("typed", FLOAT, [2], [1.0, 2.0]),
                helper.make_tensor("empty", FLOAT, [0], [])]
    return helper.make_graph([helper.make_node("Identity", ["typed"], ["y"])], "dtypes", [],
                             [value("y", [2])], tensors)


def quantised():
    scale = [helper.make_tensor("scale", FLOAT, [], [0.1]),
             helper.make_tensor("zero", TensorProto.INT8, [], [0])]
    nodes = [helper.make_node("QuantizeLinear", ["x", "scale", "zero"], ["q"]),
             helper.make_node("DequantizeLinear", ["q", "scale", "zero"], ["y"])]
    return helper.make_graph(nodes, "quantised", [value("x", [2])], [value("y", [2])], scale)


def sparse():
    values = helper.make_tensor("values", FLOAT, [1], [2.0])
    indices = helper.make_tensor("indices", TensorProto.INT64, [1], [3])
    node = helper.make_node("Constant", [], ["y"],
                            sparse_value=helper.make_sparse_tensor(values, indices, [4]))
    return helper.make_graph([node], "sparse", [], [value("y", [4])])


def trees():
    node = helper.make_node("LinearRegressor", ["x"], ["y"], domain="ai.onnx.ml",
                            coefficients=[1.0, 2.0], intercepts=[0.5])
    return helper.make_graph([node], "regressor", [value("x", [1, 2])], [value("y", [1, 1])])


def text_classifier():
    node = helper.make_node("LabelEncoder", ["x"], ["y"], domain="ai.onnx.ml", keys_int64s=[0, 1],
                            values_strings=["cat", "dog"])
    return helper.make_graph([node], "labels", [value("x", [1], TensorProto.INT64)],
                             [value("y", [1], TensorProto.STRING)])


def save_external(recorder):
    """The weights lie in a file of their own beside the model."""
    built = model(mlp_graph(weights()))
    path = recorder.path("onnx", "external/model.onnx")
    beside = recorder.path("onnx", "external/model.onnx.data")
    beside.unlink(missing_ok=True)  # onnx appends to it
    external_data_helper.convert_model_to_external_data(built, location=beside.name,
                                                        size_threshold=0)
    onnx.save(built, str(path))


def main():
    samples.deterministic()
    recorder = samples.Recorder(__file__, "onnx " + onnx.__version__)
    models = {"mlp.opset%d" % opset: model(mlp_graph(weights()), opset)
              for opset in (7, 9, 11, 13, 15, 17)}
    models.update({
        "if": model(conditional()), "loop": model(loop()), "function": with_function(),
        "metadata": with_metadata(),
        "every_dtype": model(every_dtype()), "quantised": model(quantised()),
        "sparse": model(sparse()),
        "linear_regressor": model(trees(), 13, [("ai.onnx.ml", 2)]),
        "labels": model(text_classifier(), 13, [("ai.onnx.ml", 2)]),
    })
    for name, built in models.items():
        onnx.checker.check_model(built)
        recorder.write("onnx", name + ".onnx", built.SerializeToString(deterministic=True))
    save_external(recorder)
    recorder.save()


if __name__ == "__main__":
    main()
