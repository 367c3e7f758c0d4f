#!/usr/bin/env python3
"""Writes corpus/zip/{malicious,malformed,valid}, the same bytes each time.

Each malicious sample holds a pickle that would run `echo CANARY`, and shows one
way in which a zip hides it from a reader that believes only half of the zip.
Malformed samples hold no pickle of effect; they are wrong in their structure.
Valid ones are odd but honest: what real tools write, each near to some lie.
"""

import pathlib
import struct
import zlib

from quine_zip import quine_zip

ROOT = pathlib.Path(__file__).resolve().parents[1] / "zip"

EVIL0 = b"cos\nsystem\n(S'echo CANARY'\ntR."
EVIL4 = b"\x80\x04\x8c\x02os\x94\x8c\x06system\x94\x93\x94\x8c\x0becho CANARY\x94\x85\x94R\x94."
GOOD = b"\x80\x02}."
END = b"PK\x05\x06"


def deflate(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


class Header:
    """What a local header or a central entry says; any of it may be a lie."""

    def __init__(self, name, data, method=0, **lies):
        self.name = name if isinstance(name, bytes) else name.encode()
        self.stored = deflate(data) if method == 8 else data
        self.method, self.flags, self.attributes, self.extra = method, 0, 0, b""
        self.crc, self.stored_size, self.size = zlib.crc32(data), len(self.stored), len(data)
        self.lie(**lies)

    def lie(self, **lies):
        for key, value in lies.items():
            setattr(self, key, value)
        return self

    def but(self, **lies):
        other = Header.__new__(Header)
        other.__dict__.update(self.__dict__)
        return other.lie(**lies)

    def common(self):
        sizes = (min(self.stored_size, 0xFFFFFFFF), min(self.size, 0xFFFFFFFF))
        return struct.pack("<HHIIIIHH", self.flags, self.method, 0, self.crc, *sizes,
                           len(self.name), len(self.extra))


class Zip:
    def __init__(self, prefix=b""):
        self.bytes, self.directory, self.count = prefix, b"", 0

    def local(self, header, data=None):
        at = len(self.bytes)
        self.bytes += b"PK\x03\x04" + struct.pack("<H", 20) + header.common()
        self.bytes += header.name + header.extra
        self.bytes += header.stored if data is None else data
        return at

    def central(self, header, at):
        self.directory += b"PK\x01\x02" + struct.pack("<HH", 0x0314, 20) + header.common()
        self.directory += struct.pack("<HHHII", 0, 0, 0, header.attributes, at)
        self.directory += header.name + header.extra
        self.count += 1
        return self

    def add(self, header, local=None):
        return self.central(header, self.local(local or header))

    def end(self, at, comment=b"", count=None, size=None):
        count = self.count if count is None else count
        size = len(self.directory) if size is None else size
        return END + struct.pack("<HHHHIIH", 0, 0, count, count, size, at, len(comment)) + comment

    def done(self, comment=b"", **lies):
        return self.bytes + self.directory + self.end(len(self.bytes), comment, **lies)


def honest(name, data, method=0):
    return Zip().add(Header(name, data, method)).done()


def torch_zip(*records, root="archive"):
    archive = Zip()
    for name, data in (("data.pkl", GOOD), *records, ("version", b"3\n")):
        archive.add(Header(f"{root}/{name}", data))
    return archive.done()


def pair(central_lies, local_lies, method=0, evil=EVIL0, name="model.pkl"):
    header = Header(name, evil, method)
    return Zip().add(header.but(**central_lies), header.but(**local_lies)).done()


def encrypted_lies():
    for bit in (0x1, 0x20, 0x40, 0x2000):
        for method in (0, 8):
            yield (f"flag-{bit:x}-both-{'deflate' if method else 'stored'}.zip",
                   pair({"flags": bit}, {"flags": bit}, method))
    yield "flag-1-central-only.zip", pair({"flags": 1}, {})
    yield "flag-1-local-only.zip", pair({}, {"flags": 1})
    yield "flag-1-size-less-12.zip", pair({"flags": 1, "size": len(EVIL0) - 12},
                                          {"flags": 1, "size": len(EVIL0) - 12})


def header_lies():
    both = {"crc": 0xDEADBEEF}
    yield "crc-wrong-stored.zip", pair(both, both)
    yield "crc-wrong-deflate.zip", pair(both, both, 8, EVIL4)
    yield "crc-differs.zip", pair({}, both)
    yield "name-differs.zip", pair({"name": b"readme.txt"}, {})
    yield "name-differs-local-harmless.zip", pair({}, {"name": b"readme.txt"})
    yield "method-central-deflate.zip", pair({"method": 8}, {})
    yield "method-central-stored.zip", pair({"method": 0}, {}, 8)
    yield "method-unknown.zip", pair({"method": 77}, {}, 8)
    yield "size-central-short.zip", pair({"stored_size": 4, "size": 4}, {})
    yield "size-central-zero.zip", pair({"stored_size": 0, "size": 0}, {})
    yield "size-local-short.zip", pair({}, {"stored_size": 4, "size": 4})
    yield "size-stored-short.zip", pair({"stored_size": 4}, {"stored_size": 4})
    wide = struct.pack("<HHQQ", 1, 16, 2, 2)
    yield "zip64-unasked.zip", pair({"extra": wide}, {"extra": wide})
    unicode_path = b"\x01" + struct.pack("<I", zlib.crc32(b"readme.txt")) + b"model.pkl"
    field = struct.pack("<HH", 0x7075, len(unicode_path)) + unicode_path
    yield "unicode-path.zip", pair({"extra": field}, {"extra": field}, name="readme.txt")


def hidden_members():
    good, evil = Header("a.txt", b"hello"), Header("model.pkl", EVIL0)
    for method in (0, 8):
        archive = Zip().add(good)
        archive.local(Header("model.pkl", EVIL0, method))
        yield f"hidden-between-{'deflate' if method else 'stored'}.zip", \
            archive.add(Header("b.txt", b"world")).done()
    first = Zip()
    first.local(evil)
    yield "hidden-first.zip", first.add(good).done()
    swallowed = Zip()
    swallowed.local(evil)
    inner = swallowed.bytes
    outer = Zip()
    at = outer.local(good, good.stored + inner)
    size = good.size + len(inner)
    outer.central(good.but(stored_size=size, size=size), at)
    yield "hidden-in-declared-size.zip", outer.done()
    packed = Header("a.txt", b"hello", 8)
    packed.lie(stored=packed.stored + inner, stored_size=packed.stored_size + len(inner))
    yield "hidden-behind-deflate.zip", Zip().add(packed).done()
    yield "no-directory.zip", Zip().add(good).add(evil).bytes
    yield "no-directory-deflate.zip", Zip().add(Header("model.pkl", EVIL4, 8)).bytes


def name_tricks():
    evil = Header("model.pkl", EVIL0)
    yield "duplicate-name.zip", Zip().add(Header("model.pkl", GOOD)).add(evil).done()
    yield "duplicate-name-first.zip", Zip().add(evil).add(Header("model.pkl", GOOD)).done()
    yield "case-collision.zip", Zip().add(Header("MODEL.PKL", GOOD)).add(evil).done()
    yield "directory-with-data.zip", honest("model.pkl/", EVIL0)
    yield "directory-with-data-deflate.zip", honest("archive/data/", EVIL4, 8)
    yield "nul-name.zip", honest(b"model.pkl\0.txt", EVIL0)
    yield "parent-name.zip", honest("../../model.pkl", EVIL0)
    yield "absolute-name.zip", honest("/tmp/model.pkl", EVIL4)
    yield "drive-name.zip", honest("C:\\model.pkl", EVIL0)
    yield "no-extension.zip", honest("weights", EVIL4, 8)
    yield "misleading-extension.zip", honest("weights.safetensors", EVIL0)


def end_record_tricks():
    good = Header("a.txt", b"hello")
    evil_zip, good_zip = honest("model.pkl", EVIL0), honest("a.txt", b"hello")
    yield "prefix.zip", b"GIF89a not really" + evil_zip
    yield "appended.zip", evil_zip + b"\n-- trailing bytes --\n" * 4
    yield "appended-evil-zip.zip", good_zip + evil_zip
    yield "prepended-evil-zip.zip", evil_zip + good_zip
    yield "comment-holds-end-record.zip", \
        Zip().add(Header("model.pkl", EVIL0)).done(Zip().done())
    yield "comment-holds-zip.zip", Zip().add(good).done(evil_zip)
    archive = Zip().add(good).add(Header("model.pkl", EVIL4))
    yield "count-short.zip", archive.done(count=1)
    one = len(Zip().add(good).directory)
    yield "directory-size-short.zip", archive.done(size=one)
    body = Zip()
    evil_at, good_at = body.local(Header("model.pkl", EVIL0)), body.local(good)
    first, second = Zip().central(Header("model.pkl", EVIL0), evil_at), Zip()
    second.central(good, good_at + len(first.directory))
    yield "two-directories.zip", body.bytes + first.directory + second.directory + \
        second.end(len(body.bytes))
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, 3, 1)
    yield "zip64-locator-nowhere.zip", archive.bytes + archive.directory + locator + \
        archive.end(len(archive.bytes))
    record = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 0, 0, 0, 0)
    at = len(archive.bytes) + len(archive.directory)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, at, 1)
    yield "zip64-says-empty.zip", archive.bytes + archive.directory + record + locator + \
        archive.end(len(archive.bytes))
    broken = bytearray(evil_zip)
    broken[0:4] = b"QQ\x03\x04"
    yield "broken-local-magic.zip", bytes(broken)


def directory_behind_end_record():
    """Python finds the first directory backwards, miniz (torch) the one in the comment by its offset."""
    records = [Header("archive/data.pkl", GOOD), Header("archive/version", b"3\n")]
    front = Zip()
    places = [front.local(record) for record in records]
    size = sum(46 + len(record.name) for record in records)
    comment_at = len(front.bytes) + size + 22
    back = Zip(b" " * comment_at)
    for record in [Header("archive/data.pkl", EVIL4), records[1]]:
        back.add(record)
    for record, place in zip(records, places):
        # Python adds what the directory's offset is off by.
        front.central(record, place + len(back.bytes) - len(front.bytes))
    yield "directory-behind-end-record.pt", front.bytes + front.directory + front.end(
        len(back.bytes), back.bytes[comment_at:] + back.directory)


def overlaps():
    # One local header quoted in the data of another (Fifield, WOOT 2019).
    inner = Zip()
    inner.local(Header("model.pkl", EVIL0))
    quoted = inner.bytes
    block = b"\x00" + struct.pack("<HH", len(quoted), len(quoted) ^ 0xFFFF) + quoted
    outer = Header("a.bin", quoted, 8).lie(stored=block + b"\x03\x00")
    outer.lie(stored_size=len(outer.stored))
    archive = Zip().add(outer)
    archive.central(Header("model.pkl", EVIL0), len(archive.bytes) - 2 - len(quoted))
    yield "quoted-overlap.zip", archive.done()
    shared = Zip()
    at = shared.local(Header("model.pkl", EVIL0))
    shared.central(Header("model.pkl", EVIL0), at).central(Header("readme.txt", EVIL0), at)
    yield "shared-local-header.zip", shared.done()


def model_layouts():
    yield "torch-data-pkl.pt", Zip().add(Header("archive/data.pkl", EVIL0)).add(
        Header("archive/version", b"3\n")).done()
    yield "torch-storage-is-pickle.pt", torch_zip(("data/0", EVIL4))
    yield "torch-pickle-under-data.pt", torch_zip(("data/x.pkl", EVIL0))
    yield "torch-two-roots.pt", Zip().add(Header("a/data.pkl", GOOD)).add(
        Header("b/data.pkl", EVIL0)).add(Header("a/version", b"3\n")).done()
    yield "torch-case-collision.pt", torch_zip(("DATA.PKL", EVIL0))
    yield "torch-unexpected-record.pt", torch_zip(("debug.bin", EVIL4))
    yield "torch-compressed.pt", Zip().add(Header("archive/data.pkl", EVIL4, 8)).add(
        Header("archive/version", b"3\n")).done()
    yield "torch-name-differs.pt", Zip().add(
        Header("archive/data/0", EVIL0).but(name=b"archive/data/0"),
        Header("archive/data.pkl", EVIL0)).add(Header("archive/data.pkl", GOOD)).done()
    yield "keras-assets.keras", Zip().add(Header("config.json", b"{}")).add(
        Header("metadata.json", b"{}")).add(Header("assets/vocabulary.txt", EVIL0)).done()
    header = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    npy = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + EVIL4
    yield "object-array.npz", honest("x.npy", npy)
    yield "object-array-deflate.npz", honest("x.npy", npy, 8)
    yield "nested-stored.zip", honest("inner.zip", honest("model.pkl", EVIL0))
    yield "nested-deflate.zip", honest("inner.bin", honest("weights", EVIL4, 8), 8)


def malformed():
    good = Header("a.txt", b"hello")
    archive = Zip().add(good)
    yield "truncated.zip", archive.done()[:-30]
    yield "quine.zip", quine_zip()
    yield "size-2-64.zip", pair(
        {"stored_size": 1 << 33, "size": 1 << 33,
         "extra": struct.pack("<HHQQ", 1, 16, 2**64 - 1, 2**64 - 1)}, {}, evil=b"hello")
    yield "offset-past-end.zip", Zip().central(good, 0x7FFFFFFF).done()
    yield "directory-offset-past-end.zip", archive.bytes + archive.directory + \
        archive.end(0x7FFFFFFF, size=0x7FFFFFFF)
    yield "zip64-field-short.zip", pair(
        {"stored_size": 1 << 33, "size": 1 << 33, "extra": struct.pack("<HHI", 1, 4, 5)}, {},
        evil=b"hello")
    yield "unknown-method.zip", pair({"method": 77}, {"method": 77}, evil=b"hello")
    yield "lzma-method.zip", pair({"method": 14}, {"method": 14}, evil=b"hello")
    key = bytes(range(12))
    secret = Header("a.txt", b"hello").lie(stored=key + b"\x91\x2b\x77\x10\xfe", flags=1,
                                           stored_size=17)
    yield "encrypted.zip", Zip().add(secret).done()
    packed = Header("a.txt", b"hello " * 40, 8)
    packed.lie(stored=b"\xff" * len(packed.stored))
    yield "deflate-damaged.zip", Zip().add(packed).done()
    cut = Header("a.txt", bytes(range(256)), 8)
    cut.lie(stored=cut.stored[:40], stored_size=40)
    yield "deflate-truncated.zip", Zip().add(cut).done()
    link = Header("link", b"../../etc/passwd").lie(attributes=0o120777 << 16)
    yield "symlink-escapes.zip", Zip().add(link).done()
    yield "empty-name.zip", honest("", b"hello")
    gap = Zip().add(good)
    gap.bytes += b"\x01not a member\x02"
    yield "gap-bytes.zip", gap.add(Header("b.txt", b"world")).done()
    descriptor = struct.pack("<III", 1, 2, 3)
    streamed = Zip()
    at = streamed.local(good.but(flags=8, crc=0, stored_size=0, size=0))
    streamed.bytes += b"PK\x07\x08" + descriptor
    yield "descriptor-differs.zip", streamed.central(good.but(flags=8), at).done()
    pipe = Header("pipe", b"").lie(attributes=0o010644 << 16)
    yield "special-file.zip", Zip().add(pipe).done()
    yield "backslash-name.zip", honest("dir\\a.txt", b"hello")
    yield "zero-padding.zip", archive.done() + bytes(40)
    yield "torch-code-record.pt", torch_zip(("setup.py", b"print('CANARY')\n"))
    disks = bytearray(archive.done())
    disks[-18:-16] = b"\x03\x00"
    yield "multi-disk.zip", bytes(disks)
    yield "front-cut-off.zip", Zip(b"front cut").add(good).done()[9:]


def valid():
    good, other = Header("a.txt", b"hello"), Header("b.txt", b"world")
    yield "two-members.zip", Zip().add(good).add(other).done()
    yield "comment.zip", Zip().add(good).done(b"built by hand")
    folder = Header("dir/", b"")
    yield "folder.zip", Zip().add(folder).add(Header("dir/a.txt", b"hello", 8)).done()
    for name, magic in (("streamed.zip", b"PK\x07\x08"), ("streamed-no-magic.zip", b"")):
        full = Header("a.txt", b"hello" * 9, 8).lie(flags=8)
        archive = Zip()
        at = archive.local(full.but(crc=0, stored_size=0, size=0))
        archive.bytes += magic + struct.pack("<III", full.crc, full.stored_size, full.size)
        yield name, archive.central(full, at).done()
    wide = struct.pack("<HHQQ", 1, 16, 5, 5)
    archive = Zip().add(good, good.but(stored_size=1 << 33, size=1 << 33, extra=wide))
    at = len(archive.bytes)
    record = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 1, 1,
                                         len(archive.directory), at)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, at + len(archive.directory), 1)
    yield "zip64.zip", archive.bytes + archive.directory + record + locator + archive.end(
        0xFFFFFFFF, count=0xFFFF, size=0xFFFFFFFF)
    link = Header("dir/link", b"a.txt").lie(attributes=0o120777 << 16)
    yield "symlink-inside.zip", Zip().add(link).done()
    yield "dots-in-names.zip", Zip().add(Header("..a/b..", b"hello")).done()
    yield "nested.zip", honest("inner.zip", Zip().add(good).done())
    path = b"\x01" + struct.pack("<I", zlib.crc32(b"a.txt")) + b"a.txt"
    field = struct.pack("<HH", 0x7075, len(path)) + path
    yield "unicode-path.zip", Zip().add(good.but(extra=field)).done()
    pad = Header("archive/data/0", bytes(8)).lie(extra=b"FB" + struct.pack("<H", 20) + b"Z" * 20)
    yield "torch-padded.pt", Zip().add(Header("archive/data.pkl", GOOD)).add(pad).add(
        Header("archive/version", b"3\n")).add(Header("archive/byteorder", b"little")).done()
    yield "torchscript.pt", Zip().add(Header("m/data.pkl", GOOD)).add(
        Header("m/code/__torch__.py", b"op_version_set = 1\n", 8)).add(
            Header("m/constants.pkl", GOOD)).add(Header("m/version", b"3\n")).done()


def write(folder, samples):
    (ROOT / folder).mkdir(parents=True, exist_ok=True)
    names = set()
    for name, data in samples:
        assert name not in names, name
        names.add(name)
        (ROOT / folder / name).write_bytes(data)
    print(f"{len(names)} samples in {folder}")


def main():
    makers = (encrypted_lies, header_lies, hidden_members, name_tricks, end_record_tricks,
              directory_behind_end_record, overlaps, model_layouts)
    write("malicious", (sample for maker in makers for sample in maker()))
    write("malformed", malformed())
    write("valid", valid())


if __name__ == "__main__":
    main()
