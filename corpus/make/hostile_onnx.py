"""ONNX models, written byte by byte, that say what no serializer would. Harmless: nothing of them is run.

Writes corpus/onnx/malicious (a loader would leave the folder, run code, or see what others do not) and
corpus/onnx/malformed (refused by the checker or a parser, or merely odd).
"""
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent / "onnx"


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def num(field, value):
    return varint(field << 3) + varint(value)


def sub(field, payload):
    payload = payload.encode() if isinstance(payload, str) else payload
    return varint(field << 3 | 2) + varint(len(payload)) + payload


def pair(field, key, value):
    return sub(field, sub(1, key) + sub(2, value))


def opset(domain="", version=13):
    return sub(8, (sub(1, domain) if domain else b"") + num(2, version))


def node(op_type, domain="", attributes=b"", field=1):
    return sub(field, sub(1, "x") + sub(2, "y") + sub(4, op_type) + attributes
               + (sub(7, domain) if domain else b""))


def attribute(name, value):
    return sub(5, sub(1, name) + value)


def tensor(rest, field=5, count=1):
    return sub(field, num(1, count) + num(2, 1) + sub(8, "w") + rest)


def outside(*entries, field=5):
    return tensor(b"".join(pair(13, *entry) for entry in entries) + num(14, 1), field)


def graph(fields):
    return sub(2, "g") + fields


def model(fields=b"", rest=b"", opsets=None):
    return (num(1, 8) + sub(2, "corpus") + sub(7, graph(fields))
            + (opset() if opsets is None else opsets) + rest)


def function(name, domain, body=b""):
    return sub(25, sub(1, name) + sub(10, domain) + body)


def context(mode, text):
    attributes = attribute("ep_cache_context", sub(4, text)) + attribute("embed_mode", num(3, mode))
    return model(node("EPContext", "com.microsoft", attributes), opset("com.microsoft", 1))


def nested(levels):
    fields = node("Relu")
    for _ in range(levels):
        fields = node("If", "", attribute("then_branch", sub(6, graph(fields))))
    return fields


RAW = sub(9, b"\1\2\3\4")
UP = ("location", "../../CANARY")

SAMPLES = {
    # Weights outside of the model's folder, wherever a tensor can hide.
    "malicious/location_climbs.onnx": model(outside(UP)),
    "malicious/location_absolute.onnx": model(outside(("location", "/tmp/CANARY"))),
    "malicious/location_inner_climb.onnx": model(outside(("location", "a/../../CANARY"))),
    "malicious/location_drive.onnx": model(outside(("location", "C:\\CANARY"))),
    "malicious/location_share.onnx": model(outside(("location", "\\\\host\\CANARY"))),
    "malicious/location_nul.onnx": model(outside(("location", b"w.bin\0.data"))),
    "malicious/location_in_attribute.onnx": model(
        node("Constant", "", attribute("value", outside(UP)))),
    "malicious/location_in_subgraph.onnx": model(
        node("If", "", attribute("then_branch", sub(6, graph(outside(UP)))))),
    "malicious/location_in_function.onnx": model(rest=function(
        "f", "local", node("Constant", "", attribute("value", outside(UP)), field=7))),
    "malicious/location_in_sparse.onnx": model(sub(15, outside(UP, field=1) + tensor(RAW, 2))),
    "malicious/location_in_training.onnx": model(rest=sub(20, sub(1, graph(outside(UP))))),
    "malicious/location_address.onnx": model(outside(
        ("location", "*/_ORT_MEM_ADDR_/*"), ("offset", "4096"), ("length", "4"))),
    "malicious/location_twice.onnx": model(outside(("location", "w.bin"), ("location", "v.bin"))),
    "malicious/key_of_class.onnx": model(outside(("location", "w.bin"), ("__class__", "x"))),
    "malicious/hidden_location.onnx": model(tensor(pair(13, "location", "w.bin") + RAW)),
    "malicious/inline_and_outside.onnx": model(tensor(
        pair(13, "location", "w.bin") + num(14, 1) + RAW)),
    # Operators that run what the file says.
    "malicious/python_operator.onnx": model(
        node("PyOp", "ai.onnx.contrib"), opset("ai.onnx.contrib", 1)),
    "malicious/python_in_function.onnx": model(
        node("f", "local"), opset("local", 1) + function("f", "local", node("PythonOp", "x", field=7))),
    "malicious/aten_operator.onnx": model(
        node("ATen", "org.pytorch.aten"), opset("org.pytorch.aten", 1)),
    "malicious/context_path.onnx": context(0, "../../CANARY.so"),
    "malicious/function_shadows.onnx": model(node("Relu"), function("Relu", "")),
    "malicious/function_twice.onnx": model(rest=function("f", "local") * 2),
    "malicious/domain_lookalike.onnx": model(node("Conv", "ai.onnx "), opset("ai.onnx ", 1)),
    # Bytes or values that one reader sees and another does not.
    "malicious/unknown_field.onnx": model(rest=sub(100, b"#!/bin/sh\necho CANARY\n" + b"#" * 2000)),
    "malicious/unknown_first.onnx": sub(100, b"#" * 2000) + model(node("Relu")),
    "malicious/field_twice.onnx": model(tensor(num(2, 6) + RAW)),
    "malicious/two_attribute_values.onnx": model(
        node("X", "", attribute("a", num(3, 1) + sub(4, "s")))),
    "malicious/data_too_long.onnx": model(tensor(sub(9, b"#!/bin/sh\necho CANARY\n"))),
    "malicious/data_in_two_fields.onnx": model(tensor(RAW + sub(4, b"\0" * 4))),
    "malicious/opset_twice.onnx": model(rest=opset("", 1)),
    "malicious/graph_first.onnx": sub(7, graph(outside(UP))) + opset() + num(1, 8),
    # Refused, or odd.
    "malformed/location_missing.onnx": model(outside(("offset", "0"))),
    "malformed/offset_underscore.onnx": model(outside(("location", "w.bin"), ("offset", "1_0"))),
    "malformed/length_wrong.onnx": model(outside(("location", "w.bin"), ("length", "5"))),
    "malformed/location_unprintable.onnx": model(outside(("location", "w\x1b[2J.bin"))),
    "malformed/custom_domain.onnx": model(node("X", "my.ops"), opset("my.ops", 1)),
    "malformed/contrib_domain.onnx": model(
        node("FusedConv", "com.microsoft"), opset("com.microsoft", 1)),
    "malformed/extensions_domain.onnx": model(
        node("BertTokenizer", "ai.onnx.contrib"), opset("ai.onnx.contrib", 1)),
    "malformed/domain_not_imported.onnx": model(node("Normalizer", "ai.onnx.ml")),
    "malformed/no_opset.onnx": model(node("Relu"), opsets=b""),
    "malformed/no_version.onnx": sub(7, graph(node("Relu"))) + opset(),
    "malformed/context_blob.onnx": context(1, b"\0\1\2\3"),
    "malformed/small_unknown_field.onnx": model(rest=sub(100, "new")),
    "malformed/metadata_twice.onnx": model(rest=pair(14, "author", "a") + pair(14, "author", "b")),
    "malformed/no_data.onnx": model(tensor(b"")),
    "malformed/data_type_99.onnx": model(sub(5, num(1, 1) + num(2, 99) + RAW)),
    "malformed/data_short.onnx": model(tensor(RAW, count=2)),
    "malformed/negative_dimension.onnx": model(tensor(RAW, count=2**64 - 1)),
    "malformed/deep.onnx": model(nested(500)),
    "malformed/group.onnx": model() + b"\x0b\x0c",
    "malformed/field_zero.onnx": model() + b"\0\0",
    "malformed/long_varint.onnx": model() + b"\x08" + b"\xff" * 10 + b"\1",
    "malformed/length_past_message.onnx": num(1, 8) + sub(7, b"\x12\x05g") + opset(),
    "malformed/cut_off.onnx": model(tensor(sub(9, b"\0" * 4000), count=1000))[:2000],
}


def main():
    for name, data in SAMPLES.items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


if __name__ == "__main__":
    main()
