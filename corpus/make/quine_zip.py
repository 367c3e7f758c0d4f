"""A zip whose one member is the zip itself, byte for byte.

The stream is a program of two instructions of five bytes each: L(n) writes the next
n bytes (a stored block), R(n) writes the last n bytes again (a block of fixed
codes). Russ Cox, "Zip Files All The Way Down" (2010), gives the program.
"""
import struct
import zlib

NAME = b"a-zip-that-holds-itself.zip".rjust(30, b"_")
LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115]
DISTANCE_BASE = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129]


def literal(size):
    return b"\0" + struct.pack("<HH", size, size ^ 0xFFFF)


def coded(value, bases, group):
    """(symbol, extra bits, their number) of a length or distance, RFC 1951, 3.2.5."""
    symbol = max(i for i, base in enumerate(bases) if base <= value)
    return symbol, value - bases[symbol], max(0, symbol // group - 1)


def match(length, distance):
    symbol, extra, bits = coded(length, LENGTH_BASE, 4)
    out = format(symbol + 1, "07b") + format(extra, "0%db" % bits)[::-1] * bool(bits)
    symbol, extra, bits = coded(distance, DISTANCE_BASE, 2)
    return out + format(symbol, "05b") + format(extra, "0%db" % bits)[::-1] * bool(bits)


def repeat(lengths, last=False):
    """Writes the last sum(lengths) bytes again; an empty block fills it up."""
    distance = sum(lengths)
    end = "0000000"
    bits = ("1" if last else "0") + "10" + "".join(match(n, distance) for n in lengths) + end
    if len(bits) == 30:
        bits += "010" + end
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i:i + 8][::-1], 2) for i in range(0, len(bits), 8))


def quine(crc):
    fields = struct.pack("<HHHHH", 20, 0, 8, 0, 33)

    def build(size, packed):
        sizes = struct.pack("<LLL", crc, packed, size)
        prefix = b"PK\x03\x04" + fields + sizes + struct.pack("<HH", len(NAME), 0) + NAME
        central = (b"PK\x01\x02" + struct.pack("<H", 20) + fields + sizes +
                   struct.pack("<HHHHHLL", len(NAME), 0, 0, 0, 0, 0, 0) + NAME)
        suffix = central + b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 1, 1, len(central),
                                                       len(prefix) + packed, 0)
        again_prefix, again_suffix = repeat([len(prefix) + 5]), repeat([len(suffix) + 4], last=True)
        again, four = repeat([10, 10]), literal(20)
        assert len(again_prefix) == len(again) == 5 and len(again_suffix) == 4
        to_suffix = literal(len(again_suffix + suffix))
        stream = literal(len(prefix) + 5) + prefix + literal(len(prefix) + 5)
        stream += again_prefix + literal(5) + again_prefix + literal(5) + literal(5)
        stream += four + again_prefix + literal(5) * 2 + four + again
        stream += four + again + four + again + four + again
        stream += four + again + literal(0) * 2 + to_suffix + again + literal(0) * 2
        stream += to_suffix + again_suffix + suffix + again_suffix
        return prefix, stream, suffix

    parts = build(0, 0)
    return b"".join(build(len(b"".join(parts)), len(parts[1])))


def with_own_crc(make):
    """make(crc) for the crc that what it makes has: CRC-32 is affine in the bits."""
    start = zlib.crc32(make(0))
    rows = []
    for bit in range(32):
        column = zlib.crc32(make(1 << bit)) ^ start ^ 1 << bit
        rows.append((column, 1 << bit))
    value, wanted = 0, start
    basis = {}
    for column, origin in rows:
        while column and (top := column.bit_length()) in basis:
            column, origin = column ^ basis[top][0], origin ^ basis[top][1]
        if column:
            basis[column.bit_length()] = (column, origin)
    while wanted:
        column, origin = basis[wanted.bit_length()]
        wanted, value = wanted ^ column, value ^ origin
    return make(value)


def quine_zip():
    return with_own_crc(quine)


if __name__ == "__main__":
    import io
    import sys
    import zipfile

    data = quine_zip()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.read(archive.namelist()[0]) == data
    sys.stdout.buffer.write(data)
