"""Our verdict on safetensors against the reference's rules, written down once more here.

The judge below knows three answers: refused (the reference implementation errors), odd (it loads,
but no writer makes it), good. Refused must not be called safe by us, good must have no anomaly and
no gap and the same tensors, and odd must have an anomaly.
"""
import json
import re

import differ
import mutate

BITS = {"F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8,
        "F8_E4M3": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16,
        "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32, "C64": 64, "F64": 64, "I64": 64,
        "U64": 64}
LARGEST_HEADER = 100_000_000
FIELDS = ("dtype", "shape", "data_offsets")
U64 = 1 << 64
SHOWN_DIMENSIONS = 64  # of more, ours tells no more

TOKEN = rb'"[^"]*"|-?[0-9]+|[\[\]{}:,]'
WORDS = [b'"F32"', b'"F64"', b'"U8"', b'"F4"', b'"f32"', b'"F99"', b"0", b"-1", b"-0", b"1.0", b"1e2",
         b"4", b"8", b"18446744073709551615", b"18446744073709551616", b"null", b"true", b"[]", b"{}",
         b'"shape"', b'"dtype"', b'"data_offsets"', b'"__metadata__"', b'"\\u0061"', b'"\\ud800"',
         b'"x"', b" ", b"\t", b"\n", b"\0", b"NaN", b'{"__metadata__":{"a":"b"}}', b'"a":[],', b"01"]


def with_header(data, header):
    size = int.from_bytes(data[:8], "little")
    return len(header).to_bytes(8, "little") + header + data[8 + size:]


def change_header(rng, data):
    size = int.from_bytes(data[:8], "little")
    if size > len(data) - 8:
        return None
    header = mutate.change_words(rng, data[8:8 + size], WORDS, TOKEN)
    if header is None:
        return None
    if rng.random() < 0.3:  # as writers do
        header = header.rstrip(b" ")
        header += b" " * (-len(header) % 8)
    return with_header(data, header)


def change_size(rng, data):
    return mutate.set_number(rng, data, 0, 8, [len(data), len(data) - 8])


def change_digit(rng, data):
    size = min(int.from_bytes(data[:8], "little"), len(data) - 8)
    digits = [match.start() + 8 for match in re.finditer(rb"[0-9]", data[8:8 + size])]
    if not digits:
        return None
    at = rng.choice(digits)
    return data[:at] + rng.choice(b"0123456789").to_bytes(1, "little") + data[at + 1:]


def change_tail(rng, data):
    return data[:-rng.choice([1, 4, 8])] if rng.random() < 0.5 else data + bytes(rng.choice([1, 4]))


OWN = [change_header, change_header, change_digit, change_size, change_tail]


class Refused(Exception):
    pass


class Judge:
    """The verdict on one file: raises Refused, or leaves `odd` and `tensors`."""

    def __init__(self, data):
        self.odd, self.tensors, self.ranges = [], [], []
        size = int.from_bytes(data[:8], "little")
        if len(data) < 8 or size > LARGEST_HEADER or size > len(data) - 8:
            raise Refused("header size")
        self.room = len(data) - 8 - size
        self.read_header(data[8:8 + size])
        self.check_ranges()
        if size % 8:
            self.odd.append("header size is no multiple of 8")

    def read_header(self, raw):
        text = read_text(raw)
        try:
            header = json.loads(text, object_pairs_hook=Pairs, parse_constant=refuse,
                                parse_float=Fraction, parse_int=Integer)
        except (ValueError, RecursionError) as error:
            raise Refused(str(error)) from error
        if not isinstance(header, Pairs):
            raise Refused("no object")
        if not text.startswith("{"):
            self.odd.append("leading whitespace")
        if text[text.rindex("}") + 1:].strip(" "):
            self.odd.append("padding")
        self.read_members(header)

    def read_members(self, header):
        if [key for key, _ in header].count("__metadata__") > 1:
            raise Refused("two __metadata__")
        entries = {}
        for key, value in header:
            check_strings(key)
            if key == "__metadata__":
                self.read_metadata(value)
                continue
            if key in entries:
                self.odd.append("a name twice")
            if not key.isascii() or not key.isprintable() or not key or set(key) & set("/\\") or len(
                    key) > 256:
                self.odd.append("name")
            entries[key] = self.read_entry(key, value)
        self.ranges = list(entries.values())

    def read_metadata(self, value):
        if value is None:
            self.odd.append("null metadata")
            return
        if not isinstance(value, Pairs) or not all(type(v) is str for _, v in value):
            raise Refused("metadata")
        for pair in value:
            check_strings(*pair)
        if len({key for key, _ in value}) != len(value):
            self.odd.append("a metadata key twice")

    def read_entry(self, name, value):
        if isinstance(value, list) and not isinstance(value, Pairs):
            value = Pairs(zip(FIELDS, value)) if len(value) == 3 else Pairs()
            self.odd.append("an entry as a list")
        if not isinstance(value, Pairs):
            raise Refused("entry")
        if sorted(key for key, _ in value if key in FIELDS) != sorted(FIELDS):
            raise Refused("fields of an entry")
        for key, other in value:
            check_strings(key, other)
            if key not in FIELDS:
                self.odd.append("another key in an entry")
        fields = dict(value)
        dtype = self.read_dtype(fields["dtype"])
        shape = [count(dimension) for dimension in items(fields["shape"])]
        begin, end = offsets(fields["data_offsets"])
        self.check_size(dtype, shape, begin, end)
        if len(shape) > SHOWN_DIMENSIONS:
            self.odd.append("many dimensions")
        self.tensors.append((name, dtype, end - begin, shape[:SHOWN_DIMENSIONS]))
        return begin, end

    def read_dtype(self, dtype):
        if isinstance(dtype, Pairs) and len(dtype) == 1 and dtype[0][1] is None:
            self.odd.append("dtype as an object")
            dtype = dtype[0][0]
        if type(dtype) is not str or dtype not in BITS:
            raise Refused("dtype")
        return dtype

    @staticmethod
    def check_size(dtype, shape, begin, end):
        bits = 1
        for factor in [*shape, BITS[dtype]]:
            bits *= factor
            if bits >= U64:
                raise Refused("overflow")
        if bits % 8 or begin > end or bits // 8 != end - begin:
            raise Refused("size")

    def check_ranges(self):
        at = 0
        for begin, end in sorted(self.ranges):
            if begin != at:
                raise Refused("hole or overlap")
            at = end
        if at != self.room:
            raise Refused("coverage")


class Pairs(list):
    """A JSON object, duplicates and all."""


class Integer(str):
    """A number of digits only, as it is spelled."""


class Fraction(str):
    """Any other number."""


def refuse(word):
    raise ValueError(word)


def read_text(raw):
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("not UTF-8") from error


def check_strings(*values):
    """serde refuses escapes that spell half a surrogate pair, wherever they stand."""
    for value in values:
        if isinstance(value, list):
            for part in value:
                check_strings(*(part if isinstance(part, tuple) else (part,)))
        elif isinstance(value, str) and any(0xD800 <= ord(c) < 0xE000 for c in value):
            raise Refused("surrogate")


def items(value):
    if isinstance(value, Pairs) or not isinstance(value, list):
        raise Refused("no list")
    return value


def count(value):
    if not isinstance(value, Integer) or value.startswith("-") or int(value) >= U64:
        raise Refused("no count")
    return int(value)


def offsets(value):
    numbers = [count(number) for number in items(value)]
    if len(numbers) != 2:
        raise Refused("offsets")
    return numbers


def our_tensors(mutant):
    return [(bytes.fromhex(name).decode(), bytes.fromhex(dtype).decode(), int(size),
             [int(dimension) for dimension in shape])
            for name, dtype, size, *shape in mutant.all("tensor")]


def is_mere_text(data):
    """Without the eight bytes in front it is text: said so by GEN-EXT-001, and no loader takes it."""
    return differ.is_printable(data, 0x7E)


def compare(mutant):
    try:
        judge = Judge(mutant.data)
    except Refused as reason:
        if mutant.status == "safe" and not is_mere_text(mutant.data):
            return "the reference refuses it (%s), we call it safe" % reason
        return None if mutant.complaints() else "refused (%s), and we saw nothing" % reason
    complaints = mutant.complaints()
    if our_tensors(mutant) != judge.tensors:
        return "we see %s, the judge %s" % (our_tensors(mutant), judge.tensors)
    if mutant.all("gap"):
        return "good, and we have a gap: %s" % mutant.all("gap")
    if judge.odd and not complaints and set(judge.odd) != {"name"}:
        return "odd (%s), and we saw nothing" % judge.odd
    if not judge.odd and complaints:
        return "good, and we complain: %s" % complaints
    return None


if __name__ == "__main__":
    differ.run("safetensors", ["list_facts", "safetensors"], ["safetensors/*/**/*.safetensors"],
               ".safetensors", OWN, compare)
