"""A file cut short is never called safe, and never ends the scanner.

Each framework-made sample is cut at seeded places, a small one at every byte. A cut that leaves a whole file (a tar after a
member, a pickle stream after a STOP, an ONNX model after a field) is left out: what is whole is
decided here, without the scanner.
"""
import io
import random
import tarfile

import support
from support import CORPUS, check

import infect

CUTS = 64
SMALL = 600  # bytes
# Fewer bytes hold no signature: "PK" is as good as text.
SHORTEST = 16
# One protocol of each pickled value is enough here.
FOLDERS = {"pickle": 4, "torch": 1, "npy": 2, "onnx": 1, "safetensors": 1, "zip": 1, "archive": 1}


def whole_tar(data):
    """The padding behind each member, up to where the next one begins, and that at the end."""
    places, end = set(), 0
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            places.update(range(end, member.offset + 1))
            end = member.offset_data + member.size
    return places | set(range(end, len(data)))


def whole_cpio(data):
    """The padding behind the last header."""
    return set(range(data.rindex(b"TRAILER!!!") + 11, len(data)))


def whole_onnx(data):
    """Every end of a top-level protobuf field behind the first operator set (opset_import)."""
    def varint(at):
        value = shift = 0
        while True:
            byte = data[at]
            value |= (byte & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if byte < 0x80:
                return value, at

    places, at, has_operator_set = set(), 0, False
    while at < len(data):
        key, at = varint(at)
        size, at = varint(at)
        at += size if key & 7 == 2 else 0
        has_operator_set = has_operator_set or key >> 3 == 8
        if has_operator_set:
            places.add(at)
    return places


def whole_pickles(data):
    return {ops[-1][2] + 1 for ops in infect.pickles(data)}


def whole_zip(data):
    """A comment cut short at the end: all members are there."""
    return set(range(data.rindex(b"PK\x05\x06") + 22, len(data)))


def whole_prefixes(folder, name, data):
    if name.endswith(".tar"):
        return whole_tar(data)
    if name.endswith(".cpio"):
        return whole_cpio(data)
    if folder == "onnx":
        return whole_onnx(data) if name.endswith(".onnx") else None
    if folder == "zip":
        return whole_zip(data)
    if folder in ("pickle", "torch") and data[:2] != b"PK":
        return whole_pickles(data)
    return set()


def cuts(folder, name, data):
    whole = whole_prefixes(folder, name, data)
    if whole is None:
        return []
    places = [at for at in range(SHORTEST, len(data)) if at not in whole]
    if len(data) <= SMALL:
        return places
    return sorted(random.Random(name).sample(places, min(CUTS, len(places))))


def write_variants(target):
    """Returns how many files were written below `target`, one folder per sample."""
    count = 0
    for folder, step in FOLDERS.items():
        files = [path for path in sorted((CORPUS / folder / "valid").rglob("*")) if path.is_file()
                 and path.suffix != ".json"]
        for path in files[::step]:
            name = path.relative_to(CORPUS / folder / "valid").as_posix().replace("/", ".")
            data = path.read_bytes()
            for at in cuts(folder, name, data):
                place = target / folder / name
                place.mkdir(parents=True, exist_ok=True)
                (place / ("%d.%s" % (at, name))).write_bytes(data[:at])
                count += 1
    return count


def main():
    with support.Folder() as folder:
        count = write_variants(folder)
        code, report = support.scan(folder)
        # 1 as well: without its directory, a zip inside the zip seems to hide members.
        check(code in (1, 2), "exit code %d for a folder of truncated files" % code)
        check(len(report["files"]) == count,
              "%d files written, %d reported" % (count, len(report["files"])))
        for file in report["files"]:
            check(file["status"] not in ("safe", "unscanned"),
                  "%s: cut short, but %s" % (file["path"], file["status"]))
        crashed = [gap["path"] for gap in report["gaps"] if gap["reason"] in ("crashed", "timeout")]
        check(not crashed, "the scanner crashed on %s" % crashed[:5])
    support.finish()


if __name__ == "__main__":
    main()
