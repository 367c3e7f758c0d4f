"""Files in which a pickle hides: other extensions, containers, compressions, several of them.

Every byte is written by hand or stored, so that all versions of the libraries give the same files.
"""
import bz2
import lzma
import struct
import zlib

import hostile_zips

from .nested import FRAMED, OLD, PLAIN, stored_gzip, stored_zlib
from .ops import ECHO, STOP, Sample, apply, frame, glob, name, py2, short

COMMAND = ECHO.decode()
GOOD = b"\x80\x02}."


def zipped(*entries, **lies):
    archive = hostile_zips.Zip()
    for entry_name, data in entries:
        archive.add(hostile_zips.Header(entry_name, data, **lies))
    return archive.done()


def tarred(*entries):
    out = b""
    for entry_name, data in entries:
        head = entry_name.encode().ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2 + b"%011o\0" % len(data) + b"00000000000\0"
        block = head + b" " * 8 + b"0" + b"\0" * 100 + b"ustar\x0000" + b"\0" * 247
        out += block[:148] + b"%06o\0 " % sum(block) + block[156:] + data + b"\0" * (-len(data) % 512)
    return out + b"\0" * 1024


def xxh32(data):
    """Of fewer than 16 bytes, which is all that an LZ4 frame header needs."""
    value = (374761393 + len(data)) & 0xFFFFFFFF
    for at in range(0, len(data) - 3, 4):
        value = (value + struct.unpack_from("<I", data, at)[0] * 3266489917) & 0xFFFFFFFF
        value = ((value << 17 | value >> 15) & 0xFFFFFFFF) * 668265263 & 0xFFFFFFFF
    for byte in data[len(data) // 4 * 4:]:
        value = (value + byte * 374761393) & 0xFFFFFFFF
        value = ((value << 11 | value >> 21) & 0xFFFFFFFF) * 2654435761 & 0xFFFFFFFF
    value = (value ^ value >> 15) * 2246822519 & 0xFFFFFFFF
    value = (value ^ value >> 13) * 3266489917 & 0xFFFFFFFF
    return value ^ value >> 16


def lz4(data):
    descriptor = b"\x60\x40"
    block = struct.pack("<I", 0x80000000 | len(data)) + data
    return b"\x04\x22\x4d\x18" + descriptor + bytes([xxh32(descriptor) >> 8 & 255]) + block + b"\0\0\0\0"


def zstd(data):
    return b"\x28\xb5\x2f\xfd\xa0" + struct.pack("<I", len(data)) + struct.pack("<I", len(data) << 3 | 1)[:3] + data


def seven_zip(entry_name, data):
    """One file, one folder with the Copy coder."""
    crc = struct.pack("<I", zlib.crc32(data))
    size = bytes([len(data)]) if len(data) < 128 else bytes([0x80 | len(data) >> 8, len(data) & 255])
    streams = b"\x06\x00\x01\x09" + size + b"\x00" + b"\x07\x0b\x01\x00\x01\x01\x00\x0c" + size + b"\x00" + b"\x08\x0a\x01" + crc + b"\x00\x00"
    names = b"\x00" + entry_name.encode("utf-16-le") + b"\0\0"
    head = b"\x01\x04" + streams + b"\x05\x01\x11" + bytes([len(names)]) + names + b"\x00\x00"
    start = struct.pack("<QQI", len(data), len(head), zlib.crc32(head))
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<I", zlib.crc32(start)) + start + data + head


def npy(descr, shape, data):
    text = b"{'descr': " + descr + b", 'fortran_order': False, 'shape': " + shape + b", }"
    text += b" " * (-(10 + len(text) + 1) % 64) + b"\n"
    return b"\x93NUMPY\x01\0" + struct.pack("<H", len(text)) + text + data


def torch_zip(data_pkl, *records, root="archive"):
    return zipped((root + "/data.pkl", data_pkl), *[(root + "/" + where, data) for where, data in records],
                  (root + "/version", b"3\n"))


MAGIC = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19." + b"\x80\x02M\xe9\x03." + b"\x80\x02}."
TENSOR = apply("torch._utils._rebuild_tensor_v2",
               b"(" + py2(b"storage") + glob("torch.FloatStorage") + py2(b"0") + py2(b"cpu") + b"K\x01tQ", b"K\0", b"K\x01\x85",
               b"K\x01\x85", b"\x89", apply("collections.OrderedDict"))
LEGACY = MAGIC + PLAIN + b"\x80\x02]."
LEGACY_STORED = (MAGIC + b"\x80\x02" + TENSOR + STOP + b"\x80\x02](" + py2(b"0") + b"e." + struct.pack("<qf", 1, 1.0) + PLAIN)
LEGACY_TAR = tarred(("storages", b"\x80\x02K\0."), ("tensors", b"\x80\x02K\0."), ("pickle", PLAIN))
IN_ARRAY = torch_zip(b"\x80\x02" + TENSOR + STOP, ("data/0", FRAMED))
OBJECTS = npy(b"'|O'", b"(1,)", PLAIN)
METHOD_LIE = hostile_zips.Zip().add(hostile_zips.Header("m.pkl", PLAIN).but(method=8), hostile_zips.Header("m.pkl", PLAIN)).done()
SEMI = zipped(("config.json", b"{}"), ("model.weights", PLAIN))

EXTENSIONS = ["", ".txt", ".json", ".safetensors", ".onnx", ".npy", ".h5", ".gguf", ".png", ".py", ".md", ".yaml", ".zip", ".gz",
              ".tar", ".bin", ".pt", ".joblib", ".dat", ".html", ".csv", ".model", ".msgpack", ".tflite", ".pb"]

# name of the file, technique, bytes
FILES = [
    ("stored.zip", "a stored member", zipped(("model.pkl", PLAIN))),
    ("deep.zip", "zips in a zip, four deep", zipped(("a.zip", zipped(("b.zip", zipped(("c", zipped(("d", PLAIN))))))))),
    ("odd-name.zip", "a member whose name says nothing", zipped(("LICENSE", PLAIN))),
    ("image-name.zip", "a member that is named as an image", zipped(("logo.png", FRAMED))),
    ("second-member.zip", "behind a harmless member", zipped(("model.pkl", GOOD), ("notes.txt", PLAIN))),
    ("script-before.zip", "a zip behind a shell script", b"#!/bin/sh\necho CANARY\nexit 0\n" + zipped(("m", PLAIN))),
    ("crc-and-flags.zip", "a member with a wrong checksum and the flag of encryption", zipped(("m.pkl", PLAIN), crc=1, flags=1)),
    ("method-lie.zip", "a stored member that says it is deflated", METHOD_LIE),
    ("model.tar", "a tar", tarred(("model.pkl", PLAIN))),
    ("model.tar.gz", "a tar in gzip", stored_gzip(tarred(("weights/model", PLAIN)))),
    ("model.tar.bz2", "a tar in bzip2", bz2.compress(tarred(("model.pkl", PLAIN)))),
    ("model.tar.xz", "a tar in xz", lzma.compress(tarred(("model.pkl", PLAIN)))),
    ("model.nemo", "a tar as NeMo writes it", tarred(("./model_config.yaml", b"a: 1\n"), ("./model_weights.ckpt", torch_zip(PLAIN)))),
    ("tar-in-zip.zip", "a tar in a zip", zipped(("a.tar", tarred(("m", PLAIN))))),
    ("zip-in-tar.tar", "a zip in a tar", tarred(("a.zip", zipped(("m", PLAIN))))),
    ("model.pkl.gz", "gzip", stored_gzip(PLAIN)), ("model.pkl.bz2", "bzip2", bz2.compress(PLAIN)),
    ("model.pkl.xz", "xz", lzma.compress(PLAIN)), ("model.pkl.lzma", "LZMA alone", lzma.compress(PLAIN, format=lzma.FORMAT_ALONE)),
    ("model.pkl.z", "zlib", stored_zlib(PLAIN)), ("model.pkl.zst", "Zstandard", zstd(PLAIN)), ("model.pkl.lz4", "LZ4", lz4(PLAIN)),
    ("unnamed-gzip", "gzip without an extension", stored_gzip(OLD)), ("unnamed-zstd.bin", "Zstandard named .bin", zstd(FRAMED)),
    ("three-layers.pkl", "gzip in bzip2 in xz", lzma.compress(bz2.compress(stored_gzip(PLAIN)))),
    ("five-layers.bin", "gzip in zlib in Zstandard in LZ4 in gzip", stored_gzip(lz4(zstd(stored_zlib(stored_gzip(PLAIN)))))),
    ("second-member.pkl.gz", "the second member of a gzip file", stored_gzip(GOOD) + stored_gzip(PLAIN)),
    ("second-frame.pkl.zst", "the second frame of a Zstandard file", zstd(GOOD) + zstd(PLAIN)),
    ("second-frame.pkl.lz4", "the second frame of an LZ4 file", lz4(GOOD) + lz4(PLAIN)),
    ("second-stream.pkl.bz2", "the second stream of a bzip2 file", bz2.compress(GOOD) + bz2.compress(PLAIN)),
    ("second-stream.pkl.xz", "the second stream of an xz file", lzma.compress(GOOD) + lzma.compress(PLAIN)),
    ("model.7z", "a 7z archive", seven_zip("model.pkl", PLAIN)), ("gzip-in-7z.7z", "gzip in 7z", seven_zip("m", stored_gzip(PLAIN))),
    ("7z-in-zip.zip", "7z in a zip", zipped(("a.7z", seven_zip("m", PLAIN)))),
    ("data-pkl.pt", "data.pkl of a torch zip", torch_zip(PLAIN)),
    ("constants-pkl.pt", "constants.pkl of a TorchScript file", torch_zip(GOOD, ("constants.pkl", PLAIN))),
    ("storage-is-pickle.pt", "a storage that is a pickle", IN_ARRAY),
    ("mobile.ptl", "bytecode.pkl of a mobile model", torch_zip(GOOD, ("bytecode.pkl", PLAIN))),
    ("extra-file.pt2", "a file beside the model", torch_zip(GOOD, ("extra/labels", PLAIN))),
    ("other-root.ckpt", "a torch zip with another root", torch_zip(FRAMED, root="my_model")),
    ("lightning.ckpt", "a callback's state in a checkpoint", torch_zip(
        b"\x80\x02}(" + py2(b"state_dict") + b"}" + py2(b"callbacks") + PLAIN[2:-1] + b"u.")),
    ("handler.mar", "a torch zip in a model archive", zipped(("MAR-INF/MANIFEST.json", b"{}"), ("model.pt", torch_zip(PLAIN)))),
    ("legacy.pt", "the object of a legacy torch file", LEGACY), ("legacy-tail.pt", "behind the storages of a legacy torch file", LEGACY_STORED),
    ("legacy.tar", "torch's first layout, a tar", LEGACY_TAR), ("legacy-in-gzip.pth", "a legacy torch file in gzip", stored_gzip(LEGACY)),
    ("torch-in-7z.7z", "a torch zip in 7z", seven_zip("m.pt", torch_zip(PLAIN))),
    ("objects.npy", "an array of objects", OBJECTS), ("objects.npz", "an array of objects in npz", zipped(("arr_0.npy", OBJECTS))),
    ("behind-numbers.npy", "a pickle behind an array of numbers", npy(b"'<f4'", b"(1,)", b"\0" * 4) + PLAIN),
    ("not-npy.npz", "a member of an npz that is no npy", zipped(("arr_0.npy", npy(b"'<f4'", b"(1,)", b"\0" * 4)), ("arr_1.npy", PLAIN))),
    ("objects.npy.gz", "an array of objects in gzip", stored_gzip(OBJECTS)),
    ("keras-like.keras", "a member of a Keras file", SEMI),
    ("behind-png.png", "a pickle in a zip behind an image's first bytes", b"\x89PNG\r\n\x1a\n" + b"\0" * 64 + zipped(("m", PLAIN))),
    ("pickled-zip.pkl", "a zip in a pickle", b"\x80\x03C" + bytes([len(zipped(("m", PLAIN)))]) + zipped(("m", PLAIN)) + STOP),
    ("pickled-torch.pkl", "a torch zip that a pickle loads", b"\x80\x03" + glob("torch.storage._load_from_bytes") + b"B"
     + struct.pack("<I", len(torch_zip(PLAIN))) + torch_zip(PLAIN) + b"\x85R."),
    ("pickled-npy.pkl", "an npy of objects that a pickle loads", b"\x80\x03" + apply("numpy.load", apply(
        "io.BytesIO", b"B" + struct.pack("<I", len(OBJECTS)) + OBJECTS), b"N", b"\x88") + STOP),
    ("framed.pkl.zz", "a framed pickle in zlib", stored_zlib(b"\x80\x04" + frame(name(b"os", b"system") + short(ECHO) + b"\x85R") + STOP)),
]


def samples():
    for extension in EXTENSIONS:
        stem = "named" + extension
        data = FRAMED if len(extension) % 2 else PLAIN
        yield Sample(stem, "a pickle named %s" % (extension or "without an extension"), "os.system", COMMAND, data)
    for stem, technique, data in FILES:
        yield Sample(stem, technique, "os.system", COMMAND, data)


SAMPLES = list(samples())
