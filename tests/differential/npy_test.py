"""Our reading of npy headers against numpy's own, pickles excluded.

- what numpy reads, we read: the same shape and dtype, and no gap;
- what numpy refuses, we do not call safe;
- where numpy sees objects, a pickle follows, and we have walked one.
numpy reads more than it writes (any literal, any word for a dtype). There we may complain, but
what we tell must be the same: see `is_written_so`. It never runs code here: allow_pickle is off.
"""
import ast
import io
import re
import warnings

import differ
import mutate

numpy = differ.need_module("numpy")
from numpy.lib import format as npy  # noqa: E402 (numpy may come from another Python)

TOKEN = rb"'[^']*'|[0-9]+L?|True|False|[\[\](){}:,]"
WORDS = [b"'<f4'", b"'<f8'", b"'>i2'", b"'|O'", b"'O'", b"'object'", b"'f4,O'", b"'|b1'", b"'<U3'", b"'|V0'",
         b"'|S0'", b"'float32'", b"'<M8[ns]'", b"'<f1'", b"'<f12'", b"'|i1'", b"'=f8'", b"'<c16'",
         b"0", b"1", b"3", b"-1", b"3L", b"0x3", b"1.0", b"True", b"()", b"(2,)", b"(3)", b"[]", b"None",
         b"'descr'", b"'shape'", b"'fortran_order'", b"18446744073709551616", b"9223372036854775807",
         b"4294967296", b"[('a', '<f4')]", b"[('a', '|O', (2,))]", b"[('', '|V4'), ('b', '<i4')]",
         b"('<f4', (2,))", b"b'<f4'", b"u'<f4'", b"'''x'''", b"'a' 'b'", b"#x\n", b" ", b"\n", b"\t",
         b"1_0", b"010", b"(1)", b"{}", b"'\\x3cf4'", b"'\\u003cf4'", b"\xc3\xa9", b"'\xe9'", b"\0"]


def layout(data):
    """(where the header begins, its size, bytes of its length)"""
    width = 2 if data[6:7] == b"\x01" else 4
    return 8 + width, int.from_bytes(data[8:8 + width], "little"), width


def encoding(major):
    return "utf-8" if major == 3 else "latin-1"


def change_header(rng, data):
    at, size, width = layout(data)
    if not data.startswith(npy.MAGIC_PREFIX) or at + size > len(data):
        return None
    header = mutate.change_words(rng, data[at:at + size], WORDS, TOKEN)
    if header is None:
        return None
    if rng.random() < 0.5:
        header = header.rstrip(b" \n") + b" " * rng.choice([0, 1, 16]) + b"\n"
    return data[:8] + (len(header) % (1 << 8 * width)).to_bytes(width, "little") + header + data[
        at + size:]


def change_size(rng, data):
    return mutate.set_number(rng, data, 8, layout(data)[2], [len(data)])


def change_version(rng, data):
    return data[:6] + bytes([rng.choice([0, 1, 2, 3, 4, 255]), rng.choice([0, 0, 1])]) + data[8:]


def widen_version(rng, data):
    """The same header in version 2 or 3."""
    at, size, width = layout(data)
    if width != 2:
        return None
    return data[:6] + bytes([rng.choice([2, 3]), 0]) + size.to_bytes(4, "little") + data[at:]


def pad_header(rng, data):
    """A header around numpy's limit, by newlines: Python's tokenizer is quadratic in blanks."""
    at, size, width = layout(data)
    header = data[at:at + size].rstrip(b" \n").ljust(rng.choice([9_999, 10_000, 10_001]), b"\n")
    return data[:8] + len(header).to_bytes(width, "little") + header + data[at + size:]


OWN = [change_header, change_header, change_header, change_size, change_version, widen_version,
       pad_header]


class Refused(Exception):
    pass


class Reading:
    """What numpy makes of the first array of a file."""

    def __init__(self, data):
        stream = io.BytesIO(data)
        try:
            version = npy.read_magic(stream)
            npy._check_version(version)
            self.shape, self.fortran_order, self.dtype = npy._read_array_header(stream, version)
            at, size, _ = layout(data)
            self.text = data[at:at + size].decode(encoding(version[0]))
            self.header = ast.literal_eval(
                npy._filter_header(self.text) if version <= (2, 0) else self.text)
        except Exception as error:  # ValueError, SyntaxError, RecursionError, TokenError ...
            raise Refused(repr(error)[:100]) from error
        self.has_objects = self.dtype.hasobject
        self.begin = stream.tell()
        self.size = self.dtype.itemsize
        for extent in self.shape:
            self.size *= extent
        if not self.has_objects:
            self.read(data)

    def read(self, data):
        """Only what is there: numpy allocates before it reads."""
        if self.size > len(data) - self.begin:
            raise Refused("too few bytes")
        try:
            array = npy.read_array(io.BytesIO(data), allow_pickle=False)
        except Exception as error:
            raise Refused(repr(error)[:100]) from error
        self.shape = array.shape

    def is_written_so(self):
        """Whether numpy writes this header for such an array. What it does not write is odd."""
        written = {"descr": npy.dtype_to_descr(self.dtype), "fortran_order": self.fortran_order,
                   "shape": self.shape}
        return self.text.strip(" \n") == "{%s, }" % repr(written)[1:-1] and has_plain_titles(
            written["descr"])


def has_plain_titles(descr):
    """A field's name may be (title, name). numpy takes anything for a title, we take text."""
    if not isinstance(descr, list):
        return not isinstance(descr, tuple) or has_plain_titles(descr[0])
    return all((isinstance(name, str) or isinstance(name[0], str)) and has_plain_titles(inner)
               for name, inner, *_ in descr)


def is_foreign(descr):
    """Types of other platforms and of ml_dtypes, which this numpy does not know: we do."""
    return re.search(r"[<>|=]?(f1|f12|f16|c24|c32|O4)(?![0-9])", str(descr)) is not None


def is_empty_with_large_extents(shape):
    """No bytes, but extents whose product numpy cannot count: nothing to be misled by."""
    product = 1
    for extent in shape:
        product *= max(extent, 1)
    return 0 in shape and product >= 1 << 31


def has_repeated_field(dtype):
    """Two fields of one name: no reader of npy gets further than that."""
    names = re.findall(r"\('([^']*)',", dtype)
    return len(set(names)) < len(names)


def has_python2_suffix(data):
    """3L: numpy takes it up to version 2 of the format, we in version 3 as well."""
    at, size, _ = layout(data)
    return data[6] == 3 and re.search(rb"[0-9]L", data[at:at + size]) is not None


def has_long_header(data):
    """Over 10,000 bytes: refused since numpy 1.24, read before, and told as NPY-HEAD-003."""
    return layout(data)[1] > 10_000


def is_mere_text(data):
    """Without its magic the rest is text: said so by GEN-EXT-001, and no loader takes it."""
    return not data.startswith(npy.MAGIC_PREFIX) and differ.is_printable(data, 0xFF)


def our_tensor(mutant):
    name, dtype, size, *shape = mutant.all("tensor")[0]
    return bytes.fromhex(dtype).decode(encoding(mutant.data[6])), int(size), tuple(int(extent) for extent in shape)


def compare_refused(mutant, reason):
    if mutant.status != "safe" or is_mere_text(mutant.data):
        return None
    if mutant.all("tensor"):
        dtype, _, shape = our_tensor(mutant)
        if is_foreign(dtype) or is_empty_with_large_extents(shape) or has_repeated_field(dtype):
            return None
        if has_python2_suffix(mutant.data) or has_long_header(mutant.data):
            return None
    return "numpy refuses it (%s), we call it safe" % reason


def compare_objects(mutant):
    walked = any(bytes.fromhex(key) == b"pickle.opcodes" for key, in mutant.all("metadata"))
    return None if walked else "numpy sees objects, and we have walked no pickle"


def compare(mutant):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = Reading(mutant.data)
    except Refused as reason:
        return compare_refused(mutant, reason)
    if theirs.has_objects:
        return compare_objects(mutant) if theirs.begin < len(mutant.data) else None
    if not mutant.all("tensor"):
        if theirs.is_written_so():
            return "numpy reads %s %s, we do not" % (theirs.dtype, theirs.shape)
        return None if mutant.status != "safe" else "numpy reads an odd header, we call it safe"
    dtype, size, shape = our_tensor(mutant)
    descr = theirs.header["descr"]
    if shape != theirs.shape or dtype != descr and ast.literal_eval(dtype) != descr:
        return "we see %s %s, numpy %s %s" % (dtype, shape, descr, theirs.shape)
    if size != theirs.size:
        return "we see %d bytes, numpy %d" % (size, theirs.size)
    ends = theirs.begin + theirs.size == len(mutant.data)
    if ends and mutant.all("gap"):
        return "numpy reads all of it, we have a gap: %s" % mutant.all("gap")
    return None


if __name__ == "__main__":
    differ.run("npy", ["list_facts", "npy"], ["npy/*/*.npy"], ".npy", OWN, compare)
