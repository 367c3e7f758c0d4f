"""Our members of a zip against Python's zipfile and Info-ZIP's `unzip`.

Readers of zips differ, and that is what our anomalies are about. So:
- what zipfile lists is among our members, or we say that something is wrong with the file;
- a file in which we see nothing wrong has the same members, methods and sizes in all three.
"""
import collections
import re
import shutil
import struct
import subprocess
import zipfile

import differ
import mutate

METHODS = {0: "stored", 1: "shrink", 6: "implode", 8: "deflate", 9: "deflate64", 12: "bzip2",
           14: "lzma", 20: "zstd", 93: "zstd", 95: "xz", 98: "ppmd", 99: "aes"}
# The (offset, width) of the numbers of each record, behind its signature.
RECORDS = {
    b"PK\x03\x04": [(4, 2), (6, 2), (8, 2), (14, 4), (18, 4), (22, 4), (26, 2), (28, 2)],
    b"PK\x01\x02": [(4, 2), (6, 2), (8, 2), (10, 2), (16, 4), (20, 4), (24, 4), (28, 2), (30, 2),
                    (32, 2), (34, 2), (36, 2), (38, 4), (42, 4)],
    b"PK\x05\x06": [(4, 2), (6, 2), (8, 2), (10, 2), (12, 4), (16, 4), (20, 2)],
    b"PK\x06\x06": [(4, 8), (12, 2), (14, 2), (16, 4), (20, 4), (24, 8), (32, 8), (40, 8), (48, 8)],
    b"PK\x06\x07": [(4, 4), (8, 8), (16, 4)],
    b"PK\x07\x08": [(4, 4), (8, 4), (12, 4)],
}
SIGNATURE = re.compile(rb"PK(?:\x03\x04|\x01\x02|\x05\x06|\x06\x06|\x06\x07|\x07\x08)")


def records(data):
    return [match.start() for match in SIGNATURE.finditer(data)]


def change_field(rng, data):
    found = records(data)
    if not found:
        return None
    at = rng.choice(found)
    offset, width = rng.choice(RECORDS[data[at:at + 4]])
    return mutate.set_number(rng, data, at + offset, width, found + [len(data)])


def change_name(rng, data):
    """One byte of a name, as likely as not in both places."""
    heads = [at for at in records(data) if data[at:at + 4] == b"PK\x01\x02" and at + 46 < len(data)]
    if not heads:
        return None
    at = rng.choice(heads)
    name = data[at + 46:at + 46 + struct.unpack_from("<H", data, at + 28)[0]]
    if not name:
        return None
    where = rng.randrange(len(name))
    new = name[:where] + rng.choice([b"/", b"\\", b"\0", b".", b"A", b"\xe9"]) + name[where + 1:]
    if rng.random() < 0.5:
        return data.replace(name, new)
    return data[:at + 46] + new + data[at + 46 + len(name):]


def copy_record(rng, data):
    """A record once more, before another one."""
    found = records(data)
    if len(found) < 2:
        return None
    index, to = rng.randrange(len(found)), rng.choice(found)
    end = found[index + 1] if index + 1 < len(found) else len(data)
    return data[:to] + data[found[index]:end] + data[to:]


def drop_record(rng, data):
    found = records(data)
    if not found:
        return None
    index = rng.randrange(len(found))
    end = found[index + 1] if index + 1 < len(found) else len(data)
    return data[:found[index]] + data[end:]


def prepend(rng, data):
    return rng.randbytes(rng.choice([1, 4, 22, 30])) + data


OWN = [change_field, change_field, change_field, change_name, copy_record, drop_record, prepend]


def our_members(mutant):
    return [(bytes.fromhex(name), method, int(stored), int(size))
            for name, method, stored, size in mutant.all("member")]


def zipfile_members(path):
    """Nothing if zipfile refuses the file."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except Exception:  # BadZipFile, NotImplementedError, UnicodeDecodeError, struct.error ...
        return None
    members = []
    for info in infos:
        name = info.orig_filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437")
        method = METHODS.get(info.compress_type, "method %d" % info.compress_type)
        method = "directory" if name.endswith(b"/") else method
        members.append((name, method, info.compress_size, info.file_size))
    return members


ZIPINFO = re.compile(rb"^\S{1,11}\s+\d+\.\d\s+\S+\s+(\d+)\s+\S+\s+(\d+)\s+\S+\s+\S+\s+\S+\s+(.*)$")


def unzip_members(path):
    """(name, stored size, size) of each member; nothing if unzip complains. 1: an empty archive."""
    done = subprocess.run(["unzip", "-Z", "-l", path], stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=20)
    if done.returncode not in (0, 1) or done.stderr:
        return None
    found = [ZIPINFO.match(line) for line in done.stdout.splitlines()]
    return [(m[3], int(m[2]), int(m[1])) for m in found if m]


# What a reader refuses though nothing is wrong that could mislead: by reason, a predicate.
def is_too_new(data):
    """zipfile refuses what needs a version above 6.3; every other reader tries."""
    return any(data[at:at + 4] == b"PK\x01\x02" and data[at + 6:at + 7] > b"\x3f"
               for at in records(data))


def is_made_by_later(data):
    """unzip 6.0 has no room to print a "version made by" of 10.0 or above, and aborts."""
    return any(data[at:at + 4] == b"PK\x01\x02" and data[at + 4:at + 5] >= b"\x64"
               for at in records(data))


ZIPFILE_REFUSES = [is_too_new]
UNZIP_REFUSES = [is_made_by_later]


def same(ours, theirs):
    return collections.Counter(ours) == collections.Counter(theirs)


def is_plain(name):
    """zipinfo shows other names in another way."""
    return all(0x20 < byte < 0x7F and byte not in b"\\" for byte in name)


def compare_clean(mutant, ours, by_zipfile):
    if by_zipfile is None:
        if not any(reason(mutant.data) for reason in ZIPFILE_REFUSES):
            return "we see nothing wrong, zipfile refuses it"
    elif not same(ours, by_zipfile):
        return "we see %s, zipfile %s" % (ours, by_zipfile)
    if not HAS_UNZIP or not all(is_plain(name) for name, *_ in ours):
        return None
    by_unzip = unzip_members(mutant.path)
    if by_unzip is None:
        if not any(reason(mutant.data) for reason in UNZIP_REFUSES):
            return "we see nothing wrong, unzip refuses it"
    elif not same([(name, stored, size) for name, _, stored, size in ours], by_unzip):
        return "we see %s, unzip %s" % (ours, by_unzip)
    return None


def compare(mutant):
    ours, by_zipfile = our_members(mutant), zipfile_members(mutant.path)
    if mutant.status == "safe" and not mutant.complaints():
        return compare_clean(mutant, ours, by_zipfile)
    missing = set(by_zipfile or []) - set(ours)
    if missing and not mutant.all("gap"):
        return "zipfile lists %s" % missing
    return None


HAS_UNZIP = shutil.which("unzip") is not None

if __name__ == "__main__":
    if not HAS_UNZIP:
        print("SKIPPED IN PART: no unzip; only zipfile is compared")
    differ.run("zip", ["list_facts", "zip"],
               ["zip/*/*", "torch/*/*.pt", "torch/*/*.ptl", "npy/*/*.npz"], ".zip", OWN, compare)
