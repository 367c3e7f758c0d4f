"""Small files that ask for too much: each ends by itself, in bounded memory, and is not called safe unread."""
import gzip
import io
import os
import struct
import subprocess
import tarfile
import threading
import time
import zipfile
import zlib

import support
from support import check

SECONDS = 60  # of wall time; a busy machine and a sanitizer build are slow
MEMORY_KB = 600 * 1024
MEGABYTE = bytes(1 << 20)


def gzip_members():
    """4 GiB of zeros, as 256 gzip members of 16 MiB."""
    return gzip.compress(MEGABYTE * 16, mtime=0) * 256


def nested_gzip(levels=2000):
    data = b"\x80\x04]."
    for _ in range(levels):
        data = gzip.compress(data, 1, mtime=0)
    return data


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


# What must not be called safe, because it cannot have been examined to the end.
UNFINISHED = {
    "zip_of_zips.zip": zip_of_zips,
    "nested.gz": nested_gzip,
    "marks.pkl": lambda: b"\x80\x02" + b"(" * 3000000,
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
    "doubling.pkl": lambda: b"\x80\x02]" + b"".join(b"q%c(h%ch%cl" % (i, i, i)
                                                    for i in range(200)) + b".",
    "memo.pkl": lambda: b"\x80\x02K\x01" + b"".join(b"r" + struct.pack("<I", i * 4099)
                                                    for i in range(300000)) + b".",
    "pickles.pkl": lambda: b"\x80\x04K\x01." * 300000,
    "imports.pkl": lambda: b"\x80\x02" + b"".join(b"cmodule%d\nname\n0" % i
                                                  for i in range(200000)) + b"K\x01.",
    "brackets.json": lambda: b"[" * 2000000,
    "zlib.pkl": lambda: zlib.compress(b"\x80\x04" + b"K\x010" * (10 << 20) + b"K\x01."),
}


def scan_measured(path):
    """(exit code or -signal, seconds, peak memory in KiB) of one scan."""
    started = time.monotonic()
    with open(path.parent / "report.json", "wb") as out:
        process = subprocess.Popen([support.ASSAY, "scan", "-f", "json", "--no-cache", path.name],
                                   cwd=path.parent,
                                   stdout=out, stderr=subprocess.DEVNULL)
        watchdog = threading.Timer(SECONDS, process.kill)
        watchdog.start()
        _, status, usage = os.wait4(process.pid, 0)
        watchdog.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, time.monotonic() - started, usage.ru_maxrss


def check_bomb(folder, name, make, may_be_safe):
    path = folder / name
    path.write_bytes(make())
    code, seconds, memory = scan_measured(path)
    print("%-18s %8d bytes: exit code %d, %5.1f s, %4d MiB" % (
        name, path.stat().st_size, code, seconds, memory // 1024))
    check(code in ((0, 1, 2) if may_be_safe else (1, 2)), "%s: exit code %d" % (name, code))
    check(seconds < SECONDS, "%s: took %.1f s" % (name, seconds))
    check(memory < MEMORY_KB, "%s: took %d MiB" % (name, memory // 1024))
    path.unlink()


def main():
    with support.Folder() as folder:
        for names, may_be_safe in ((UNFINISHED, False), (LARGE, True)):
            for name, make in names.items():
                check_bomb(folder, name, make, may_be_safe)
    support.finish()


if __name__ == "__main__":
    main()
