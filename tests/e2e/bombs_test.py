"""Small files that ask for too much: each ends by itself, in bounded memory, and is not called safe unread."""
import base64
import gzip
import io
import os
import struct
import subprocess
import tarfile
import time
import zipfile
import zlib

import support
from support import check

SECONDS = 60  # of wall time; a busy machine and a sanitizer build are slow
MEMORY = 256 << 10  # KiB, of the scanner and its workers together
MEGABYTE = bytes(1 << 20)


def gzip_members():
    """4 GiB of zeros, as 256 gzip members of 16 MiB."""
    return gzip.compress(MEGABYTE * 16, mtime=0) * 256


def nested_gzip(levels=2000):
    data = b"\x80\x04]."
    for _ in range(levels):
        data = gzip.compress(data, 1, mtime=0)
    return data


def deep_gzip(levels=10000):
    """Archives in archives, each a gzip of one stored block after another."""
    data = b"\x80\x04]."
    for _ in range(levels):
        blocks = [data[at:at + 65535] for at in range(0, len(data), 65535)]
        out = [b"\x1f\x8b\x08\0\0\0\0\0\0\xff"]
        for i, block in enumerate(blocks):
            out += [struct.pack("<BHH", i == len(blocks) - 1, len(block), len(block) ^ 0xFFFF), block]
        out.append(struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF))
        data = b"".join(out)
    return data


def zip_bomb(gigabytes=10):
    """10 MB that inflate to 10 GB: one flushed block of zeros, repeated."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = squeeze.compress(MEGABYTE) + squeeze.flush(zlib.Z_FULL_FLUSH)
    stream = block * (gigabytes * 1000) + squeeze.flush(zlib.Z_FINISH)
    sizes = struct.pack("<III", 0, len(stream), min(gigabytes * 1000 << 20, 0xFFFFFFFE))
    common = b"\x14\0\0\0\x08\0\0\0\0\0" + sizes + struct.pack("<HH", 5, 0)
    local = b"PK\3\4" + common + b"zeros" + stream
    central = b"PK\1\2\x14\0" + common + bytes(14) + b"zeros"
    return local + central + b"PK\5\6" + bytes(4) + struct.pack(
        "<HHIIH", 1, 1, len(central), len(local), 0)


def zip_of(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in entries:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def zip_of_zips():
    """Ten to the sixth copies of 10 MiB, in six levels."""
    data = zip_of([("zeros", MEGABYTE * 10)])
    for _ in range(6):
        data = zip_of([("%d.zip" % i, data) for i in range(10)])
    return data


def many_members(count=60000):
    return zip_of([("m/%d" % i, b"") for i in range(count)])


def many_tar_members(count=60000):
    header = tarfile.TarInfo("member").tobuf(tarfile.USTAR_FORMAT)
    return gzip.compress(header * count + bytes(1024), 1, mtime=0)


def npy(header):
    text = header + b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + bytes(64)


def field(number, data):
    size, out = len(data), bytes([number << 3 | 2])
    while size > 127:
        out, size = out + bytes([size & 127 | 128]), size >> 7
    return out + bytes([size]) + data


def nested_graphs(levels=3000):
    """An ONNX graph whose node has a graph attribute whose node ... : recursion over input."""
    graph = b""
    for _ in range(levels):
        graph = field(1, field(5, field(6, graph)))
    return b"\x08\x07" + field(7, graph) + field(8, b"\x10\x0d")


# What ends at a limit, and the word by which the gap names it.
NAMED = {
    "bomb.zip": (zip_bomb, "expanded"),
    "deep.gz": (deep_gzip, "depth"),
    "marks2.pkl": (lambda: b"\x80\x02" + b"(" * 2000000 + b".", "marks"),
    "deep.json": (lambda: b"[" * 10000000, "depth"),
    "deep.safetensors": (lambda: struct.pack("<Q", 10000008) + b'{"a":' + b"[" * 10000003, "deep"),
    "doubling.pkl": (lambda: b"\x80\x02]" + b"".join(b"q%c(h%ch%cl" % (i, i, i)
                                                     for i in range(60)) + b".", "values within values"),
    "quine.zip": (lambda: (support.CORPUS / "zip/malformed/quine.zip").read_bytes(), "depth"),
}
# What must not be called safe, because it cannot have been examined to the end.
UNFINISHED = {
    "zip_of_zips.zip": zip_of_zips,
    "nested.gz": nested_gzip,
    "marks.pkl": lambda: b"\x80\x02" + b"(" * 3000000,
    "encoded.pkl": lambda: b"\x80\x04" + 150000 * (
        b"\x8c\x30" + base64.b64encode(b"\x80\x04" + b"N0" * 10 + b"ca\nbcdefghi\n.") + b"0") + b"N.",
    "bytes8.pkl": lambda: b"\x80\x04\x8e" + struct.pack("<Q", 1 << 62) + b"abc.",
    "long4.pkl": lambda: b"\x80\x02\x8b" + struct.pack("<i", (1 << 31) - 1) + b"abc.",
    "frame.pkl": lambda: b"\x80\x04\x95" + struct.pack("<Q",
                                                       (1 << 64) - 1) + b"\x8e" + struct.pack("<Q",
                                                                                              1 << 40),
    "header.safetensors": lambda: struct.pack("<Q", 1 << 63) + b'{"a":{}}',
    "shape.safetensors": lambda: (lambda text: struct.pack("<Q", len(text)) + text)(
        b'{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,18446744073709551615]}}'),
    "shape.npy": lambda: npy(
        b"{'descr': '<f8', 'fortran_order': False, 'shape': (%d, %d), }" % (1 << 62, 1 << 62)),
    "parens.npy": lambda: npy(b"{'descr': '<f8', 'fortran_order': False, 'shape': " + b"(" * 60000),
    "deep.onnx": nested_graphs,
}
# What may be read to the end, if that takes neither long nor much memory.
LARGE = {
    "members.gz": gzip_members,
    "members.zip": many_members,
    "members.tar.gz": many_tar_members,
    "lists.pkl": lambda: b"\x80\x02" + b"]" * 2000000 + b"a" * 1999999 + b".",
    "tuples.pkl": lambda: b"\x80\x02)" + b"\x85" * 3000000 + b".",
    "memo.pkl": lambda: b"\x80\x02K\x01" + b"".join(b"r" + struct.pack("<I", i * 4099)
                                                    for i in range(300000)) + b".",
    "pickles.pkl": lambda: b"\x80\x04K\x01." * 300000,
    "imports.pkl": lambda: b"\x80\x02" + b"".join(b"cmodule%d\nname\n0" % i
                                                  for i in range(200000)) + b"K\x01.",
    "zlib.pkl": lambda: zlib.compress(b"\x80\x04" + b"K\x010" * (10 << 20) + b"K\x01."),
}


def high_water(pid):
    """Peak memory of a process in KiB; 0 when it is gone."""
    try:
        with open("/proc/%d/status" % pid) as lines:
            return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)
    except OSError:
        return 0


def children(pid):
    found = []
    try:
        for task in os.listdir("/proc/%d/task" % pid):
            with open("/proc/%d/task/%s/children" % (pid, task)) as words:
                found += [int(word) for word in words.read().split()]
    except OSError:
        pass
    return found


def scan_measured(path):
    """(exit code or -signal, seconds, KiB of all processes together, report) of one scan."""
    started, peak = time.monotonic(), {}
    report = path.parent / "report.json"
    with open(report, "wb") as out:
        process = subprocess.Popen([support.ASSAY, "scan", "-f", "json", "--no-cache", path.name],
                                   cwd=path.parent, stdout=out, stderr=subprocess.DEVNULL)
        while process.poll() is None and time.monotonic() - started < SECONDS:
            for pid in [process.pid, *children(process.pid)]:
                peak[pid] = max(peak.get(pid, 0), high_water(pid))
            time.sleep(0.005)
        process.kill()
        process.wait()
    # Workers follow each other: only the largest of them counts beside the scanner.
    scanner = peak.pop(process.pid, 0)
    return (process.returncode, time.monotonic() - started, scanner + max(peak.values(), default=0),
            support.json.loads(report.read_bytes()))


def check_bomb(folder, name, make, codes, limit=None):
    path = folder / name
    path.write_bytes(make())
    code, seconds, memory, report = scan_measured(path)
    print("%-18s %8d bytes: exit code %d, %5.1f s, %4d MiB" % (
        name, path.stat().st_size, code, seconds, memory // 1024))
    check(code in codes, "%s: exit code %d" % (name, code))
    check(seconds < SECONDS, "%s: took %.1f s" % (name, seconds))
    check(memory < MEMORY, "%s: took %d MiB" % (name, memory // 1024))
    if limit:
        check(any(gap["reason"] == "over_budget" and limit in gap["message"] for gap in report["gaps"]),
              "%s: no gap names %s: %s" % (name, limit, report["gaps"][:3]))
    path.unlink()


def main():
    with support.Folder() as folder:
        for name, (make, limit) in NAMED.items():
            check_bomb(folder, name, make, (1, 2), limit)
        for name, make in UNFINISHED.items():
            check_bomb(folder, name, make, (1, 2))
        for name, make in LARGE.items():
            check_bomb(folder, name, make, (0, 1, 2))
    support.finish()


if __name__ == "__main__":
    main()
