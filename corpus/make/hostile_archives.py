"""Archives and compressed streams that lie, escape or break off. Harmless: pickles in them echo a word.

Writes corpus/archive/malicious (a loader or an extractor can be fooled) and corpus/archive/malformed
(no reader is right about them). Byte for byte the same on every run.
"""
import bz2
import lzma
import pathlib
import struct
import zlib

ARCHIVE = pathlib.Path(__file__).resolve().parent.parent / "archive"
PICKLE = b"cposix\nsystem\n(S'echo CANARY'\ntR."
BENIGN = b"}."  # an empty dict
BLOCK = 512


def padded(data):
    return data + b"\0" * (-len(data) % BLOCK)


def header(name, size=0, kind=b"0", link="", mode=0o644, checksum=None):
    """One ustar block, with any of its fields as wrong as wanted."""
    size = b"%011o\0" % size if isinstance(size, int) else size
    block = name.encode().ljust(100, b"\0") + b"%07o\0" % mode + b"0000000\0" * 2 + size + b"00000000000\0"
    block += b" " * 8 + kind + link.encode().ljust(100, b"\0") + b"ustar\x0000" + b"\0" * 247
    total = sum(block) if checksum is None else checksum
    return block[:148] + b"%06o\0 " % total + block[156:]


def entry(name, data=b"", **fields):
    return header(name, fields.pop("size", len(data)), **fields) + padded(data)


def pax(**records):
    body = b""
    for key, value in records.items():
        rest = b" %s=%s\n" % (key.encode(), value)
        length = len(rest) + 1
        while len(str(length)) + len(rest) != length:
            length += 1
        body += b"%d%s" % (length, rest)
    return entry("PaxHeaders/0", body, kind=b"x")


END = b"\0" * (2 * BLOCK)
HEADER_ONLY = entry("hidden.pkl", PICKLE)

TARS = {
    "malicious/parent_name.tar": entry("../../etc/cron.d/model", BENIGN) + END,
    "malicious/absolute_name.tar": entry("/etc/model", BENIGN) + END,
    "malicious/drive_name.tar": entry("C:\\model.pkl", BENIGN) + END,
    "malicious/backslash_name.tar": entry("weights\\model.pkl", PICKLE) + END,
    "malicious/symlink_escape.tar": entry("weights", kind=b"2", link="../../secret") + entry("weights/a.pkl", BENIGN) + END,
    "malicious/hardlink_escape.tar": entry("weights", kind=b"1", link="/etc/passwd") + END,
    "malicious/device.tar": entry("dev", kind=b"3") + entry("fifo", kind=b"6") + END,
    "malformed/setuid.tar": entry("run", b"echo CANARY", mode=0o4755) + END,
    "malicious/duplicate.tar": entry("a.pkl", BENIGN) + entry("./a.pkl", PICKLE) + END,
    "malicious/behind_end.tar": entry("a.pkl", BENIGN) + END + HEADER_ONLY + END,
    "malicious/trailing_pickle.tar": entry("a.pkl", BENIGN) + END + PICKLE,
    "malicious/pax_name.tar": pax(path=b"b.pkl") + entry("a.txt", PICKLE) + END,
    "malicious/pax_size.tar": pax(size=b"%d" % len(HEADER_ONLY)) + header("a.bin", 0) + HEADER_ONLY + END,
    "malicious/directory_with_data.tar": header("weights/", len(HEADER_ONLY), kind=b"5") + HEADER_ONLY + END,
    "malicious/behind_bad_checksum.tar": entry("a.pkl", BENIGN) + entry("b.pkl", BENIGN, checksum=1) + HEADER_ONLY + END,
    "malicious/first_checksum_bad.tar": entry("a.pkl", PICKLE, checksum=1) + HEADER_ONLY + END,
    "malformed/sparse_map.tar": pax(**{"GNU.sparse.map": b"0,1,9,1", "GNU.sparse.size": b"2"}) + entry("s", b"ab") + END,
    "malformed/pickle_cut_off.tar": entry("a.pkl", PICKLE, size=100000),
    "malformed/huge_size.tar": header("a.pkl", b"\x80" + b"\0" * 3 + b"\x80" + b"\0" * 7) + padded(PICKLE) + END,
    "malformed/negative_size.tar": header("a.pkl", b"\xff" * 12) + padded(PICKLE) + END,
    "malformed/size_no_number.tar": header("a.pkl", b"0000000004x\0") + padded(BENIGN) + END,
    "malformed/header_cut_off.tar": entry("a.pkl", BENIGN) + HEADER_ONLY[:300],
    "malformed/no_end.tar": entry("a.pkl", BENIGN),
    "malformed/long_name_cut_off.tar": entry("a.pkl", BENIGN) + entry("././@LongLink", b"b.pkl\0", kind=b"L"),
    "malformed/long_name_of_nothing.tar": entry("././@LongLink", b"b.pkl\0", kind=b"L") + END,
    "malformed/pax_no_length.tar": entry("PaxHeaders/0", b"path=b.pkl\n", kind=b"x") + entry("a", BENIGN) + END,
}


def gzip_member(data, flags=0, name=b""):
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = deflate.compress(data) + deflate.flush()
    return b"\x1f\x8b\x08" + bytes([flags]) + b"\0" * 5 + b"\xff" + name + body + struct.pack("<II", zlib.crc32(data), len(data))


def streams():
    member = gzip_member(PICKLE)
    yield "malicious/second_member.pkl.gz", gzip_member(b"") + member
    yield "malicious/reserved_flags.pkl.gz", gzip_member(PICKLE, flags=0x20)
    yield "malicious/bad_crc.pkl.gz", member[:-8] + b"\0" * 4 + member[-4:]
    yield "malicious/behind_bad_crc.pkl.gz", gzip_member(BENIGN)[:-8] + b"\0" * 8 + member
    yield "malicious/name_escapes.gz", gzip_member(BENIGN, flags=8, name=b"../../etc/model\0")
    yield "malicious/trailing_pickle.gz", gzip_member(BENIGN) + PICKLE
    yield "malicious/trailing_pickle.pkl.xz", lzma.compress(BENIGN) + PICKLE
    yield "malicious/trailing_pickle.pkl.bz2", bz2.compress(BENIGN) + PICKLE
    # A loader has the whole pickle before it sees that the stream is cut off.
    yield "malicious/cut_off.pkl.gz", member[:-8]
    yield "malicious/cut_off.pkl.bz2", bz2.compress(PICKLE)[:-4]
    yield "malicious/cut_off.pkl.xz", lzma.compress(PICKLE)[:-12]
    yield "malicious/cut_off.pkl.zz", zlib.compress(PICKLE)[:-4]
    yield "malicious/old_joblib.pkl", b"ZF" + hex(len(PICKLE)).ljust(19).encode() + zlib.compress(PICKLE)
    yield "malicious/concatenated.pkl.lzma", b"".join(lzma.compress(d, format=lzma.FORMAT_ALONE) for d in (b"", PICKLE))
    huge = bytearray(lzma.compress(PICKLE, format=lzma.FORMAT_ALONE))
    huge[1:5] = struct.pack("<I", 1 << 31)
    yield "malformed/dictionary_2GiB.lzma", bytes(huge)
    yield "malformed/window_2GiB.zst", b"\x28\xb5\x2f\xfd\x00\xa8\x01\x00\x00"


def vint(number):
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out) + bytes([number])


def rar5_header(kind, flags, fields, data=b""):
    body = vint(kind) + vint(flags | (2 if data else 0)) + (vint(len(data)) if data else b"") + fields
    sized = vint(len(body)) + body
    return struct.pack("<I", zlib.crc32(sized)) + sized + data


def rar5(name, data):
    file = vint(4) + vint(len(data)) + vint(0o644) + struct.pack("<I", zlib.crc32(data)) + vint(0) + vint(1)
    file += vint(len(name)) + name
    return (b"Rar!\x1a\x07\x01\0" + rar5_header(1, 0, vint(0)) + rar5_header(2, 0, file, data)
            + rar5_header(5, 0, vint(0)))


def rar4_header(kind, flags, fields):
    rest = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
    return struct.pack("<H", zlib.crc32(rest) & 0xFFFF) + rest


def rar4(name, data, flags=0x8000):
    file = struct.pack("<IIBIIBBHI", len(data), len(data), 3, zlib.crc32(data), 0x58210000, 20, 0x30, len(name), 0o100644)
    return (b"Rar!\x1a\x07\0" + rar4_header(0x73, 0, b"\0" * 6) + rar4_header(0x74, flags, file + name) + data
            + rar4_header(0x7B, 0x4000, b""))


def sevenzip(dictionary_size):
    """A header that declares one LZMA folder; nobody gets as far as its data."""
    lzma_coder = b"\x23\x03\x01\x01\x05\x5d" + struct.pack("<I", dictionary_size)
    streams_info = b"\x06\x00\x01\x09\x04\x00" + b"\x07\x0b\x01\x00\x01" + lzma_coder + b"\x0c\x04\x00" + b"\x00"
    files = b"\x05\x01\x11\x05\x00" + "a".encode("utf-16-le") + b"\0\0" + b"\x00"
    head = b"\x01\x04" + streams_info + files + b"\x00"
    start = struct.pack("<QQI", 4, len(head), zlib.crc32(head))
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<I", zlib.crc32(start)) + start + b"\0" * 4 + head


def archives():
    yield "malicious/pickle.rar5.rar", rar5(b"model.pkl", PICKLE)
    yield "malicious/pickle.rar4.rar", rar4(b"model.pkl", PICKLE)
    yield "malicious/parent_name.rar5.rar", rar5(b"../../model.pkl", BENIGN)
    yield "malformed/encrypted.rar4.rar", rar4(b"model.pkl", PICKLE, flags=0x8004)
    yield "malformed/cut_off.rar5.rar", rar5(b"model.pkl", PICKLE)[:-20]
    yield "malformed/dictionary_2GiB.7z", sevenzip(1 << 31)
    yield "malformed/header_missing.7z", sevenzip(1 << 16)[:-4]


def cpio_entry(name, data, mode=0o100644):
    fields = (1, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name + b"\0"
    head += b"\0" * (-len(head) % 4)
    return head + data + b"\0" * (-len(data) % 4)


def cpios():
    end = cpio_entry(b"TRAILER!!!", b"", mode=0)
    yield "malicious/parent_name.cpio", cpio_entry(b"../model.pkl", BENIGN) + end
    yield "malicious/concatenated.cpio", cpio_entry(b"a.pkl", BENIGN) + end + cpio_entry(b"b.pkl", PICKLE) + end
    yield "malformed/cut_off.cpio", cpio_entry(b"a.pkl", PICKLE)[:-10]


def main():
    for samples in (TARS.items(), streams(), archives(), cpios()):
        for name, data in samples:
            path = ARCHIVE / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


if __name__ == "__main__":
    main()
