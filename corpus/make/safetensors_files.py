"""safetensors files in the form the reference writer gives them (there is no Debian package of it).

An unsigned little-endian header size, a JSON header padded with spaces to 8 bytes, then the tensors,
ordered by falling alignment of their dtype and then by name.
"""
import json
import struct

import samples

SIZES = {"F64": 8, "I64": 8, "U64": 8, "C64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2,
         "I16": 2, "U16": 2,
         "I8": 1, "U8": 1, "BOOL": 1, "F8_E4M3": 1, "F8_E5M2": 1}


def count(shape):
    total = 1
    for size in shape:
        total *= size
    return total


def safetensors(tensors, metadata=None):
    """`tensors` maps a name to (dtype, shape). The bytes are small numbers: no tensor looks like something else."""
    header = {"__metadata__": metadata} if metadata is not None else {}
    data = b""
    for name, (dtype, shape) in sorted(tensors.items(),
                                       key=lambda item: (-SIZES[item[1][0]], item[0])):
        size = count(shape) * SIZES[dtype]
        header[name] = {"dtype": dtype, "shape": list(shape),
                        "data_offsets": [len(data), len(data) + size]}
        data += bytes(i % 2 if dtype == "BOOL" else i % 61 for i in range(size))
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


LAYER = {"model.layers.0.weight": ("F32", (4, 3)), "model.layers.0.bias": ("F32", (3,))}
SHARD = {"model.layers.1.weight": ("BF16", (2, 2)), "model.norm.weight": ("BF16", (2,))}
FILES = {
    "state_dict": safetensors(LAYER, {"format": "pt"}),
    "no_metadata": safetensors(LAYER),
    "empty": safetensors({}),
    "empty_metadata": safetensors({}, {"format": "np"}),
    "every_dtype": safetensors({"t." + dtype: (dtype, (2, 2)) for dtype in SIZES},
                               {"format": "pt"}),
    "no_axes": safetensors({"scale": ("F32", ()), "step": ("I64", ())}, {"format": "pt"}),
    "zero_size": safetensors(
        {"empty": ("F32", (0,)), "rows": ("F16", (0, 4)), "last": ("I8", (3,))}, {"format": "pt"}),
    "unicode_names": safetensors({"\u5c42.\u6743\u91cd": ("F32", (1,)), 'quote".\\': ("F32", (1,))},
                                 {"\u4f5c\u8005": "corpus \u2764"}),
    "lora": safetensors({"lora_A.weight": ("F16", (2, 4)), "lora_B.weight": ("F16", (4, 2))},
                        {"format": "pt", "ss_base_model_version": "example",
                         "modelspec.title": "A tiny adapter"}),
    "many": safetensors({"h.%d.w" % i: ("F32", (1,)) for i in range(300)}, {"format": "pt"}),
    "sharded/model-00001-of-00002": safetensors(LAYER, {"format": "pt"}),
    "sharded/model-00002-of-00002": safetensors(SHARD, {"format": "pt"}),
}


def index():
    shards = {"model-00001-of-00002.safetensors": LAYER, "model-00002-of-00002.safetensors": SHARD}
    size = sum(count(shape) * SIZES[dtype] for tensors in shards.values() for dtype,
               shape in tensors.values())
    names = {name: shard for shard, tensors in shards.items() for name in tensors}
    return json.dumps({"metadata": {"total_size": size}, "weight_map": names}, indent=2,
                      sort_keys=True).encode() + b"\n"


def main():
    samples.deterministic()
    recorder = samples.Recorder(__file__, "a writer of our own")
    for name, data in FILES.items():
        recorder.write("safetensors", name + ".safetensors", data)
    recorder.write("safetensors", "sharded/model.safetensors.index.json", index())
    recorder.save()


if __name__ == "__main__":
    main()
