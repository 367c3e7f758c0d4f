"""Our pickle opcodes against CPython's pickletools.genops, pickle by pickle through a row.

Offsets and names must be equal, and so must operands that are not cut. genops neither minds the stack nor acts on operands, so where we
stop and it goes on, a loader must stop, too: pickle_stack.py says so, or a rule of OPERANDS, each
of them what Modules/_pickle.c of CPython 3.11 does. Where genops stops and we go on, LAX says why.
"""
import ast
import io
import pickletools
import re

import differ
import mutate
import pickle_stack

CODES = [code.code.encode("latin-1") for code in pickletools.opcodes]
LINES = [b"cos\nsystem\n", b"I01\n", b"I0x1f\n", b"L12L\n", b"F1.5\n", b"V\\u0041\n", b"S'a'\n",
         b"S\"a\\x41'\n", b"g1\n", b"p1\n", b"Pid\n", b"(icopy_reg\n_reconstructor\n", b"\x80\x04",
         b"\x8c\x01a", b"U\x01a", b"X\x01\0\0\0a", b"\x95\x04" + bytes(7), b"\x8a\x01\x05",
         b"\x82\x01", b"C\x01a", b"M\1\0", b"K\1", b"(l", b"}(", b"\x94", b"h\0", b"q\0"]


# What may be changed: whole opcodes, taken from the samples as genops splits them.
def boundaries(data):
    places = [0]
    try:
        for _, _, at in pickletools.genops(data):
            places.append(at)
    except Exception:  # whatever it says, the opcodes up to there are known
        pass
    return places


def insert_opcode(rng, data):
    at = rng.choice(boundaries(data))
    return data[:at] + rng.choice(rng.choice([CODES, LINES])) + data[at:]


def replace_opcode(rng, data):
    at = rng.choice(boundaries(data))
    return data[:at] + rng.choice(CODES) + data[at + 1:]


def move_opcode(rng, data):
    places = boundaries(data)
    index, to = rng.randrange(len(places)), rng.choice(places)
    end = places[index + 1] if index + 1 < len(places) else places[index] + 1
    opcode = data[places[index]:end]
    return data[:to] + opcode + rng.choice([data[to:], data[to + len(opcode):]])


def change_operand(rng, data):
    at = rng.choice(boundaries(data)) + 1
    return mutate.set_number(rng, data, at, rng.choice([1, 2, 4, 8]))


OWN = [insert_opcode, replace_opcode, move_opcode, change_operand]


def genops(data, start):
    """((offset, name, argument, end) of each opcode, whether STOP was reached)."""
    stream = io.BytesIO(data)
    stream.seek(start)
    ops = []
    try:
        for code, argument, at in pickletools.genops(stream):
            ops.append((at, code.name, argument, stream.tell()))
    except Exception:  # ValueError and its kin; what it says is not compared
        return ops, False
    return ops, True


# Operands that genops reads and a loader refuses: by name, (reason, predicate of argument and raw
# operand).
OPERANDS = {
    "PROTO": ("protocols end at 5", lambda n, raw: n > 5),
    "GET": ("an index is a decimal count", lambda n, raw: n < 0 or b"_" in raw),
    "PUT": ("an index is a decimal count", lambda n, raw: n < 0 or b"_" in raw),
    "INT": ("strtol with base 0: a leading zero makes it octal",
            lambda n, raw: re.match(rb"\s*[-+]?0[0-9_]*[1-9_]", raw)),
    "LONG": ("int() with base 0 has no decimal with leading zeros",
             lambda n, raw: re.match(rb"\s*[-+]?0[0-9_]*[1-9_]", raw)),
    "FLOAT": ("strtod takes no blanks and no underscores",
              lambda n, raw: b"_" in raw or raw != raw.strip()),
    "GLOBAL": ("a name has at least one byte, and is UTF-8",
               lambda n, raw: b"" in raw.split(b"\n")[:2] or not differ.is_utf8(raw)),
    "INST": ("a name has at least one byte, and is UTF-8",
             lambda n, raw: b"" in raw.split(b"\n")[:2] or not differ.is_utf8(raw)),
    "STRING": ("one quote is not two", lambda n, raw: len(raw) < 3),
    "EXT1": ("codes begin at 1", lambda n, raw: n <= 0),
    "EXT2": ("codes begin at 1", lambda n, raw: n <= 0),
    "EXT4": ("codes begin at 1", lambda n, raw: n <= 0),
    "FRAME": ("a size is at most 2^63 - 1", lambda n, raw: n >= 1 << 63),
}


def counted(rest, width):
    return rest[width:width + int.from_bytes(rest[:width], "little")]


def is_text(payload):
    return differ.is_utf8(payload, "surrogatepass")


def has_escapes(rest, line_count):
    lines = b"\n".join(rest.split(b"\n")[:line_count])
    return b"\\" in lines or not lines.isascii()


def is_c_number(rest):
    line = rest.split(b"\n")[0]
    return b"\0" in line or re.match(rb"\s*[-+]?0[xXoObB]", line) or len(line) > 4300


# Operands that genops refuses and we step over: by name, (reason, predicate of what follows the
# opcode). Text is stepped over unread, so what stands behind a bad one is told although it never runs.
BAD_TEXT = "text that is not UTF-8"

LAX = {
    "SHORT_BINUNICODE": (BAD_TEXT, lambda rest: not is_text(rest[1:1 + rest[0]])),
    "BINUNICODE": (BAD_TEXT, lambda rest: not is_text(counted(rest, 4))),
    "BINUNICODE8": (BAD_TEXT, lambda rest: not is_text(counted(rest, 8))),
    "STRING": ("ASCII is only the default of encoding=", lambda rest: has_escapes(rest, 1)),
    "PERSID": ("an id is stepped over, and has no escapes", lambda rest: has_escapes(rest, 1)),
    "GLOBAL": ("names are UTF-8, and have no escapes", lambda rest: has_escapes(rest, 2)),
    "INST": ("names are UTF-8, and have no escapes", lambda rest: has_escapes(rest, 2)),
    "INT": ("strtol with base 0 takes a prefix and ends at NUL", lambda rest: is_c_number(rest)),
    "LONG": ("int() with base 0 takes a prefix and ends at NUL", lambda rest: is_c_number(rest)),
    "FLOAT": ("strtod ends at NUL", lambda rest: b"\0" in rest.split(b"\n")[0]),
    "GET": ("strtol ends at NUL", lambda rest: b"\0" in rest.split(b"\n")[0]),
    "PUT": ("strtol ends at NUL", lambda rest: b"\0" in rest.split(b"\n")[0]),
}


def same_operand(shown, argument):
    """Whether what we show stands for the argument that genops has."""
    if shown.endswith((" bytes)", "...")) or shown.endswith(" byte integer)"):
        return True  # cut
    if isinstance(argument, (bytearray, float)):
        return shown == repr(argument)
    try:
        return (not shown) if argument is None else ast.literal_eval(shown) == argument
    except (SyntaxError, ValueError):
        return False


def compare_pickle(data, ours, stopped, reference):
    """`ours`: (offset, name, operand) of each opcode; the one that ended an unfinished walk is not
    there.
    """
    theirs, finished = reference
    for mine, (at, name, argument, _) in zip(ours, theirs):
        if mine[:2] != (at, name):
            return "we see %s at %d, genops %s at %d" % (mine[1], mine[0], name, at)
        if not same_operand(mine[2], argument):
            return "we show %s at %d as %s, genops has %r" % (name, at, mine[2], argument)
    if len(ours) > len(theirs):
        at, name, _ = ours[len(theirs)]
        if name in LAX and LAX[name][1](data[at + 1:]):
            return None
        return "genops refuses the %s at %d, we do not: %r" % (name, at, data[at:at + 40])
    refused = pickle_stack.first_refusal([(name, argument) for _, name, argument, _ in theirs])
    if refused is not None and refused < len(ours):
        return "a loader refuses the %s at %d, we go on" % (theirs[refused][1], theirs[refused][0])
    if stopped or len(ours) == len(theirs):
        return None if stopped == finished else "one of us reaches STOP behind %d opcodes" % len(ours)
    at, name, argument, end = theirs[len(ours)]
    if refused == len(ours):
        return None
    if name in OPERANDS and OPERANDS[name][1](argument, data[at + 1:end]):
        return None
    return "we refuse the %s at %d, genops does not: %r" % (name, at, data[at:end][:60])


def compare(mutant):
    start, ours, tells_end = 0, [], False
    for kind, *rest in mutant.lines:
        if kind == "op":
            ours.append((int(rest[0]), rest[1], rest[2]))
            continue
        if kind == "error" and rest[1] == "over_budget":
            return None
        complaint = compare_pickle(mutant.data, ours, kind == "stop", genops(mutant.data, start))
        if complaint:
            return complaint + " (%s)" % " ".join(rest)
        start, ours, tells_end = int(rest[0]), [], True
    return None if tells_end else "our walk has no end"


if __name__ == "__main__":
    differ.run("pickle", ["list_opcodes"], ["pickle/*/**/*", "torch/*/*.pth"], ".pkl", OWN, compare,
               with_scan=False)
