"""safetensors files and shard indexes that lie or say it another way. Harmless: a payload echoes a word.

Writes corpus/safetensors/malicious (the reference loads it and another reader sees something else, or it
hides bytes, or it leads a loader elsewhere) and corpus/safetensors/malformed (refused, or merely odd).
"""
import json
import pathlib
import struct

ROOT = pathlib.Path(__file__).resolve().parent.parent / "safetensors"
PICKLE = b"cposix\nsystem\n(S'echo CANARY'\ntR."
INDEX = ".safetensors.index.json"
HUGE = 2**64 - 1


def file(header, data=b"", size=None):
    text = header if isinstance(header, bytes) else header.encode()
    return struct.pack("<Q", len(text) if size is None else size) + text + data


def entry(dtype='"F32"', shape="[1]", offsets="[0,4]", more=""):
    return '{"dtype":%s,"shape":%s,"data_offsets":%s%s}' % (dtype, shape, offsets, more)


def one(value, data=b"\0" * 4, name="a"):
    return file('{"%s":%s}' % (name, value), data)


def index(shards, **more):
    return json.dumps({"metadata": {"total_size": 4}, "weight_map": shards, **more}).encode()


A = '"a":' + entry()
WHOLE = "{" + A + "}"
I32 = entry('"I32"')
BYTE = '{"dtype":"U8","shape":[1],"data_offsets":[%d,%d]}'

SAMPLES = {
    # Taken by the reference; others see another tensor.
    "malicious/duplicate_name.safetensors": file('{%s,"a":%s}' % (A, I32), b"\0" * 4),
    "malicious/duplicate_name_escaped.safetensors": file('{%s,"\\u0061":%s}' % (A, I32), b"\0" * 4),
    "malicious/duplicate_ignored_key.safetensors": one(entry(more=',"x":{"k":1,"k":2}')),
    "malicious/duplicate_metadata.safetensors": file('{"__metadata__":{"format":"pt","format":"tf"}}'),
    "malicious/entry_as_list.safetensors": one('["F32",[1],[0,4]]'),
    "malicious/dtype_as_object.safetensors": one(entry('{"F32":null}')),
    # Bytes that no tensor owns, or two do.
    "malicious/trailing_pickle.safetensors": file(WHOLE, b"\0" * 4 + PICKLE),
    "malicious/trailing_byte.safetensors": file(WHOLE, b"\0" * 5),
    "malicious/only_data.safetensors": file("{}", PICKLE),
    "malicious/hole_in_front.safetensors": file('{"a":%s}' % entry(offsets="[32,36]"), PICKLE[:32] + b"\0" * 4),
    "malicious/hole_between.safetensors": file('{"a":%s,"b":%s}' % (BYTE % (0, 1), BYTE % (9, 10)), b"\0" * 10),
    "malicious/shared_range.safetensors": file('{%s,"b":%s}' % (A, I32), b"\0" * 4),
    "malicious/partial_overlap.safetensors": file(
        '{"a":%s,"b":%s}' % (entry(), entry(offsets="[2,6]")), b"\0" * 6),
    # Shard maps.
    "malicious/climbs" + INDEX: index({"a": "../model-00001-of-00001.safetensors"}),
    "malicious/absolute" + INDEX: index({"a": "/tmp/CANARY.safetensors"}),
    "malicious/backslash" + INDEX: index({"a": "..\\model.safetensors"}),
    "malicious/drive" + INDEX: index({"a": "C:model.safetensors"}),
    "malicious/pickle_shard" + INDEX: index({"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.bin"}),
    "malicious/only_pickle" + INDEX: index({"a": "pytorch_model.bin"}),
    "malicious/duplicate_tensor" + INDEX: b'{"weight_map":{"a":"x.safetensors","a":"y.safetensors"}}',
    # Refused by the reference.
    "malformed/size_zero.safetensors": file(WHOLE, b"\0" * 4, size=0),
    "malformed/size_over_limit.safetensors": file(WHOLE, b"\0" * 4, size=100_000_001),
    "malformed/size_past_end.safetensors": file(WHOLE, size=len(WHOLE) + 1),
    "malformed/header_list.safetensors": file("[]"),
    "malformed/bom.safetensors": file(b"\xef\xbb\xbf" + WHOLE.encode(), b"\0" * 4),
    "malformed/trailing_nul.safetensors": file(WHOLE + "\0", b"\0" * 4),
    "malformed/nan.safetensors": one(entry(shape="[NaN]")),
    "malformed/lone_surrogate.safetensors": one(entry(), name="\\ud800"),
    "malformed/control_character.safetensors": one(entry(), name="a\tb"),
    "malformed/invalid_utf8.safetensors": file(b'{"\xff":' + entry().encode() + b"}", b"\0" * 4),
    "malformed/unclosed.safetensors": file(WHOLE[:-1], b"\0" * 4),
    "malformed/deep.safetensors": one(entry(more=',"x":' + "[" * 5000 + "]" * 5000)),
    "malformed/metadata_number.safetensors": file('{"__metadata__":{"k":1}}'),
    "malformed/metadata_twice.safetensors": file('{"__metadata__":{},"__metadata__":{}}'),
    "malformed/field_twice.safetensors": one(entry(more=',"dtype":"I32"')),
    "malformed/no_offsets.safetensors": one('{"dtype":"F32","shape":[1]}'),
    "malformed/three_offsets.safetensors": one(entry(offsets="[0,4,4]")),
    "malformed/reversed_offsets.safetensors": one(entry(offsets="[4,0]")),
    "malformed/float_dimension.safetensors": one(entry(shape="[1.0]")),
    "malformed/negative_dimension.safetensors": one(entry(shape="[-1]")),
    "malformed/overflow_dimension.safetensors": one(entry(shape="[18446744073709551616]")),
    "malformed/overflow_product.safetensors": one(entry('"U8"', "[%d,%d,0]" % (HUGE, HUGE), "[0,0]"), b""),
    "malformed/half_byte.safetensors": one(entry('"F4"', "[3]", "[0,1]"), b"\0"),
    "malformed/wrong_shape.safetensors": one(entry(shape="[2]")),
    "malformed/lower_case_dtype.safetensors": one(entry('"f32"')),
    "malformed/cut_off.safetensors": one(entry(), b"\0" * 3),
    # Taken by everyone, written by no one.
    "malformed/leading_space.safetensors": file(" " + WHOLE, b"\0" * 4),
    "malformed/trailing_newline.safetensors": file(WHOLE + "\n\t\r ", b"\0" * 4),
    "malformed/metadata_null.safetensors": file('{"__metadata__":null}'),
    "malformed/extra_key.safetensors": one(entry(more=',"note":[{}]')),
    "malformed/empty_name.safetensors": one(entry(), name=""),
    "malformed/climbing_name.safetensors": one(entry(), name="../../a"),
    "malformed/nul_name.safetensors": one(entry(), name="a\\u0000b"),
    "malformed/escape_name.safetensors": one(entry(), name="a\\u001b[2J"),
    "malformed/long_name.safetensors": one(entry(), name="n" * 257),
    "malformed/many_dimensions.safetensors": one(entry(shape="[" + "1," * 64 + "1]")),
    "malformed/no_shard_name" + INDEX: b'{"weight_map":{"a":1}}',
}


def main():
    for name, data in SAMPLES.items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


if __name__ == "__main__":
    main()
