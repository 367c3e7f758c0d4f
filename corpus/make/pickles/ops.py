"""Opcodes by hand: the few forms that the samples are put together from."""
import struct
import typing

ECHO = b"echo CANARY"
SYSTEM = b"cos\nsystem\n"
ARG = b"S'echo CANARY'\n"
CALL = b"(" + ARG + b"tR"
TOUCH = b"open('CANARY','w').close()"
STOP = b"."


class Sample(typing.NamedTuple):
    """`told` is a callee, "import NAME" or "anomaly CODE"; `shown` has to stand in the finding as well."""
    stem: str
    technique: str
    told: str
    shown: str
    data: bytes


def short(text):
    """SHORT_BINUNICODE"""
    return b"\x8c" + bytes([len(text)]) + text


def py2(text):
    """SHORT_BINSTRING"""
    return b"U" + bytes([len(text)]) + text


def binary(data):
    """SHORT_BINBYTES or BINBYTES"""
    if len(data) < 256:
        return b"C" + bytes([len(data)]) + data
    return b"B" + struct.pack("<I", len(data)) + data


def bytearray8(data):
    return b"\x96" + struct.pack("<Q", len(data)) + data


def text(value):
    """UNICODE"""
    return b"V" + value + b"\n"


def frame(body):
    return b"\x95" + struct.pack("<Q", len(body)) + body


def glob(dotted_name):
    """GLOBAL of "module.name"; a colon parts a dotted name from its module."""
    module, _, attribute = dotted_name.rpartition(":" if ":" in dotted_name else ".")
    return b"c" + module.encode() + b"\n" + attribute.encode() + b"\n"


def name(module, attribute):
    """STACK_GLOBAL"""
    return short(module) + short(attribute) + b"\x93"


def apply(callee, *arguments):
    """A marked tuple and REDUCE; `callee` is opcodes or the name of a global."""
    if isinstance(callee, str):
        callee = glob(callee)
    return callee + b"(" + b"".join(arguments) + b"tR"


def pairs(*keys_and_values):
    """A dict of opcodes"""
    return b"(" + b"".join(keys_and_values) + b"d"


def items(*values):
    """A list of opcodes"""
    return b"(" + b"".join(values) + b"l"
