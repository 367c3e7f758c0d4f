"""Seeded mutants of sample files: the same seed makes the same mutants.

`mutants(seeds, count, own)` mixes byte-level changes that fit any format with those of `own`, which
know the format: functions of (random, data) that return the changed data, or None where they find
nothing to change.
"""
import random
import re

EDGES = [0, 1, 2, 3, 7, 8, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF,
         0x80000000, 0xFFFFFFFF, 0x100000000, (1 << 63) - 1, 1 << 63, (1 << 64) - 1]


def spot(rng, data):
    """A stretch of the data, mostly short."""
    at = rng.randrange(len(data))
    size = rng.choice([1, 2, 4, 8, rng.randrange(1, 65), rng.randrange(1, len(data) + 1)])
    return at, min(len(data), at + size)


def flip_bit(rng, data):
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1:]


def set_byte(rng, data):
    at = rng.randrange(len(data))
    return data[:at] + bytes([rng.choice([0, 0xFF, 0x0A, rng.randrange(256)])]) + data[at + 1:]


def insert(rng, data):
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.randbytes(rng.choice([1, 2, 4, 16])) + data[at:]


def delete(rng, data):
    begin, end = spot(rng, data)
    return data[:begin] + data[end:]


def duplicate(rng, data):
    begin, end = spot(rng, data)
    to = rng.choice([end, rng.randrange(len(data) + 1)])
    return data[:to] + data[begin:end] + data[to:]


def truncate(rng, data):
    return data[:rng.randrange(len(data))]


def extend(rng, data):
    return data + rng.choice([b"\0", b"\n", data, rng.randbytes(rng.randrange(1, 33))])


ANYWHERE = [flip_bit, set_byte, insert, delete, duplicate, truncate, extend]


def new_number(rng, value, width, others=()):
    """What the integer `value` of `width` bytes could be instead."""
    wanted = rng.choice([value + rng.choice([-1, 1, 4, -4]), value ^ 1 << rng.randrange(8 * width),
                         rng.choice(EDGES), rng.choice(list(others) or EDGES)])
    return (wanted % (1 << 8 * width)).to_bytes(width, "little")


def set_number(rng, data, at, width, others=()):
    value = int.from_bytes(data[at:at + width], "little")
    return data[:at] + new_number(rng, value, width, others) + data[at + width:]


def change_words(rng, text, words, token):
    """Changes one token of a text: by another one of it, by one of `words`, by none or two."""
    found = [match.span() for match in re.finditer(token, text)]
    if not found:
        return None
    begin, end = rng.choice(found)
    begin2, end2 = rng.choice(found)
    new = rng.choice([text[begin2:end2], rng.choice(words), rng.choice(words), b"",
                      text[begin:end] * 2])
    return text[:begin] + new + text[end:]


def splice(rng, data, other):
    at, from_ = rng.randrange(len(data) + 1), rng.randrange(len(other) + 1)
    return data[:at] + other[from_:]


def mutant(rng, seeds, own):
    data = rng.choice(seeds)
    if rng.random() < 0.05:
        data = splice(rng, data, rng.choice(seeds))
    for _ in range(rng.choice([1, 1, 1, 1, 2, 3])):
        change = rng.choice(own if rng.random() < 0.7 else ANYWHERE)
        data = (change(rng, data) or data) if data else data
    return data


def mutants(seeds, count, own, seed):
    """The samples themselves, then `count` different files made of them."""
    rng = random.Random(seed)
    seen = set()
    for data in seeds:
        seen.add(data)
        yield data
    while count > 0:
        data = mutant(rng, seeds, own)
        if data and data not in seen:
            seen.add(data)
            count -= 1
            yield data
