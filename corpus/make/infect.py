"""Adds one harmless call, os.system('echo CANARY'), to benign files, and says where it now stands.

    python3 corpus/make/infect.py SAMPLE FOLDER     # writes each variant of SAMPLE, for a look by hand

The tests import `variants`. The standard library alone is used, and nothing is ever unpickled:
pickletools only reads.
"""
import bz2
import dataclasses
import gzip
import io
import lzma
import pathlib
import pickletools
import random
import struct
import sys
import tarfile
import zipfile
import zlib

ARGUMENT = "echo CANARY"
CALLEE = "os.system"

# Each leaves the stack as it was, so it may stand between any two opcodes. The second part starts
# with the opcode that calls.
PAYLOADS = {
    "global_reduce": (b"cos\nsystem\n(S'echo CANARY'\nt", b"R0"),
    "stack_global_reduce": (b"\x8c\x02os\x8c\x06system\x93\x8c\x0becho CANARY\x85", b"R0"),
    "inst": (b"(S'echo CANARY'\n", b"ios\nsystem\n0"),
    "obj": (b"(cos\nsystem\nX\x0b\x00\x00\x00echo CANARY", b"o0"),
}


@dataclasses.dataclass
class Infected:
    name: str          # of the file
    data: bytes
    members: tuple     # the names on the way to the pickle; None for a name the container does not hold
    offset: int        # of the calling opcode, in the innermost artifact


def opcodes(data, start=0):
    """The opcodes of the one pickle at `start`, or [] if there is none."""
    try:
        return [(op.name, arg, start + at) for op, arg,
                at in pickletools.genops(io.BytesIO(data[start:]))]
    except Exception:  # pickletools raises ValueError, and others from decoding
        return []


def pickles(data):
    """The opcode lists of the pickles that stand one after the other from the start of `data`."""
    found, start = [], 0
    while ops := opcodes(data, start):
        found.append(ops)
        start = ops[-1][2] + 1
    return found


def widen_frame(data, at, by):
    """FRAME names the size of what follows; the frame that `at` stands in grows by `by`."""
    frames = [(pos, arg) for ops in pickles(data) for name, arg, pos in ops if name == "FRAME"]
    for pos, size in frames:
        if pos + 9 <= at < pos + 9 + size:
            return data[:pos + 1] + struct.pack("<Q", size + by) + data[pos + 9:]
    return data


def insert(data, at, payload):
    before, after = PAYLOADS[payload]
    framed = widen_frame(data, at, len(before) + len(after))
    return framed[:at] + before + after + framed[at:], at + len(before)


def widen_last_frame(data, by):
    """The same for a stream that pickletools cannot walk: the last frame ends where the file does."""
    for pos in range(len(data) - 10, 0, -1):
        if data[pos] == 0x95 and pos + 9 + struct.unpack_from("<Q", data, pos + 1)[0] == len(data):
            return data[:pos + 1] + struct.pack("<Q", len(data) - pos - 9 + by) + data[pos + 9:]
    return data


def insert_at_end(data, payload):
    """Before the STOP that ends a joblib file, behind all its arrays."""
    before, after = PAYLOADS[payload]
    framed = widen_last_frame(data, len(before) + len(after))
    at = len(data) - 1
    return framed[:at] + before + after + framed[at:], at + len(before)


def pickle_variants(data, rng, base=0):
    """(label, data, offset) for the pickle that starts at `base`, with the call at several places."""
    tail = data[base:]
    streams = pickles(tail)
    if not streams:
        if tail[-1:] == b"." and tail[:1] == b"\x80":
            out, at = insert_at_end(tail, "global_reduce")
            yield "behind_arrays", data[:base] + out, base + at
        return
    longest = max(streams, key=len)
    places = {"first": longest[0 if longest[0][0] != "PROTO" else 1][2],
              "middle": rng.choice(longest[1:] or longest)[2], "last": longest[-1][2]}
    for label, place in places.items():
        payload = rng.choice(sorted(PAYLOADS))
        out, at = insert(tail, place, payload)
        yield "%s_%s" % (label, payload), data[:base] + out, base + at
    end = streams[-1][-1][2] + 1
    if end == len(tail):
        before, after = PAYLOADS["global_reduce"]
        yield "appended", data + before + after[:1] + b".", len(data) + len(before)


def npy_pickle_offset(data):
    """Where the pickle of an object array begins, or None."""
    if data[:6] != b"\x93NUMPY":
        return None
    size, = struct.unpack_from("<H" if data[6] == 1 else "<I", data, 8)
    start = 8 + (2 if data[6] == 1 else 4) + size
    return start if b"|O" in data[:start] else None


def leaf_variants(data, rng):
    if data[:6] == b"\x93NUMPY":
        start = npy_pickle_offset(data)
        return pickle_variants(data, rng, start) if start else ()
    return pickle_variants(data, rng)


def zip_variants(name, data, rng):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        contents = [(info, archive.read(info)) for info in archive.infolist()]
    for target, content in contents:
        for label, changed, offset in leaf_variants(content, rng):
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as archive:
                for info, old in contents:
                    copy = zipfile.ZipInfo(info.filename, (1980, 1, 1, 0, 0, 0))
                    copy.compress_type = info.compress_type
                    archive.writestr(copy, changed if info is target else old)
            yield Infected("%s.%s" % (label, name), out.getvalue(), (target.filename,), offset)


def in_tar(name, data):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def in_zip(name, data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


def wrapped(name, data, offset):
    """The same infected file inside the containers and compressions that models travel in."""
    for suffix, pack in (("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress),
                         ("z", zlib.compress)):
        yield Infected("%s.%s" % (name, suffix), pack(data), (None,), offset)
    yield Infected(name + ".zip", in_zip("sub/" + name, data), ("sub/" + name,), offset)
    packed = in_tar(name + ".gz", gzip.compress(data))
    yield Infected(name + ".tar", packed, (name + ".gz", None), offset)


def variants(name, data, seed=0):
    """Every infected variant of one benign sample; the same seed gives the same variants."""
    rng = random.Random("%s %d" % (name, seed))
    if data[:2] == b"PK":
        yield from zip_variants(name, data, rng)
        return
    for label, changed, offset in leaf_variants(data, rng):
        variant = "%s.%s" % (label, name)
        yield Infected(variant, changed, (), offset)
        if label.startswith(("last", "behind")):
            yield from wrapped(variant, changed, offset)


def main():
    sample, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    for variant in variants(sample.name, sample.read_bytes()):
        (folder / variant.name).write_bytes(variant.data)
        print(
            "%s: %s at %d of %s" % (variant.name, CALLEE, variant.offset, variant.members
                                    or "the file"))


if __name__ == "__main__":
    main()
