"""A hostile pickle stays high or critical however it is cut off behind the call, and whatever is appended.

Where the call is, the scan of the whole file says; loaders have run it by then.
"""
import io
import random
import zipfile

import support
from support import CORPUS, check

CUTS = 8


def zip_of(name, data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


TAILS = {
    "stop": b".", "newline": b"\n", "nulls": b"\0" * 512, "ones": b"\xff" * 64, "text": b"a line of text\n" * 40,
    "pickle": b"\x80\x02}.", "broken-pickle": b"\x80\x04\x95\xff\xff\xff\xff", "zip": zip_of("a.txt", b"text"),
    "zip-end": b"PK\x05\x06" + b"\0" * 18, "gzip": b"\x1f\x8b\x08\0\0\0\0\0", "elf": b"\x7fELF\x02\x01\x01" + b"\0" * 57,
    "npy": b"\x93NUMPY\x01\0", "json": b'{"a": [1, 2]}', "tar": b"a".ljust(257, b"\0") + b"ustar\0" + b"00" + b"\0" * 247,
    "numbers": random.Random(1).randbytes(4096),
}


def call_ends(names):
    """For each file the end of the first thing that makes it high, in the file itself."""
    _, json_report = support.scan(CORPUS / "pickle")
    report = support.ByFile(json_report)
    return {name: min((f["offset"] + f["size"] for f in report.at_least(name, "high") if f["path"] == name
                       and not f["rule"].startswith("YAR-")), default=None) for name in names}


def variants(name, data, end):
    for label, tail in TAILS.items():
        yield "appended-" + label, data + tail
    if end is None:  # only what is nested in it is high
        return
    places = range(end, len(data))
    chosen = random.Random(name).sample(places, min(CUTS, len(places)))
    for at in sorted({*chosen, *places[:1], *places[-1:]}):
        yield "cut-%d" % at, data[:at]


def main():
    ends = call_ends([row["file"] for row in support.hostile_rows("hostile.tsv")])
    # Where the call of a compressed one ends, no byte of the file says.
    ends.update({row["file"]: None for row in support.hostile_rows("hidden.tsv")})
    with support.Folder() as folder:
        count = 0
        for name, end in ends.items():
            place = folder / name
            place.mkdir(parents=True)
            for label, data in variants(name, (CORPUS / "pickle" / name).read_bytes(), end):
                (place / (label + ".pkl")).write_bytes(data)
                count += 1
        code, report = support.scan(folder)
        check(code == 1, "exit code %d for a folder of hostile files" % code)
        check(len(report["files"]) == count, "%d files written, %d reported" % (count, len(report["files"])))
        for file in report["files"]:
            check(file["status"] in ("suspicious", "unsafe"), "%s: %s" % (file["path"], file["status"]))
    support.finish()


if __name__ == "__main__":
    main()
