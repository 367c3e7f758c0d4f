"""Pickle streams for measuring, written opcode by opcode."""
import pickle
import struct


def protocol4(value):
    return pickle.dumps(value, protocol=4)


def _counted(size, form, text):
    return struct.pack(form, size) + text


def all_opcodes_unit():
    """A balanced run of opcodes: each of the 68 at least once but for STOP and
    PROTO; what it pushes it pops, except one list item."""
    name = b"collections\nOrderedDict\n"
    pushes = [
        b"N0", b"\x880", b"\x890", b"I01\n0", b"I42\n0", b"L42L\n0", b"F1.5\n0", b"J\x01\x02\x03\x040", b"K\x070",
        b"M\x01\x020", b"\x8a\x02\x01\x020", b"\x8b\x02\x00\x00\x00\x01\x020",
        b"G\x3f\xf0\x00\x00\x00\x00\x00\x000", b"S'abc'\n0", b"V\\u0041b\n0",
        b"T" + _counted(3, "<I", b"abc") + b"0", b"U" + _counted(3, "<B", b"abc") + b"0",
        b"B" + _counted(3, "<I", b"abc") + b"0", b"C" + _counted(3, "<B", b"abc") + b"0",
        b"\x8e" + _counted(3, "<Q", b"abc") + b"0", b"\x96" + _counted(3, "<Q", b"abc") + b"0",
        b"X" + _counted(3, "<I", b"abc") + b"0", b"\x8c" + _counted(3, "<B", b"abc") + b"0",
        b"\x8d" + _counted(3, "<Q", b"abc") + b"0", b")0", b"]0", b"}0", b"\x8f0", b"(t0", b"(l0", b"(d0",
        b"K\x01\x850", b"K\x01K\x02\x860", b"K\x01K\x02K\x03\x870", b"(K\x01K\x02\x910",
        b"]K\x01a0", b"](K\x01K\x02e0", b"}K\x01K\x02s0", b"}(K\x01K\x02u0", b"\x8f(K\x01\x900",
        b"K\x0120" + b"0", b"(K\x01" + b"1", b"K\x05q\x010h\x010", b"K\x06r\x02\x00\x00\x00" + b"0j\x02\x00\x00\x000",
        b"K\x07p3\n0g3\n0", b"K\x08\x940", b"c" + name + b")R0", b"c" + name + b")\x810",
        b"c" + name + b")}\x920", b"(c" + name + b"o0", b"(i" + name + b"0",
        b"\x8c\x0bcollections\x8c\x0bOrderedDict\x93)R}b0", b"P1\n0", b"K\x01Q0",
        b"\x97\x980",
        b"\x820"[:1] + b"\x010", b"\x83\x01\x000", b"\x84\x01\x00\x00\x000",
        b"\x95\x02\x00\x00\x00\x00\x00\x00\x00N0",
    ]
    return b"".join(pushes)


def write_all_opcodes(out, size):
    """About `size` bytes: PROTO, then the unit again and again, then STOP."""
    out.write(b"\x80\x05")
    unit = all_opcodes_unit()
    block = unit * (1 + (1 << 20) // len(unit))
    written = 0
    while written < size:
        out.write(block)
        written += len(block)
    out.write(b"N.")


def write_objects(out, size):
    """Many small objects, as a program of today pickles its records."""
    _write_many(out, size, lambda i: {"id": i, "name": f"item {i}", "values": (i, i * 0.5, None, True),
                                      "tags": ["a", "b"]}, 4)


def write_protocol0(out, size):
    """The same in the text protocol."""
    _write_many(out, size, lambda i: {"id": i, "name": f"item {i}", "values": (i, i * 0.5, None, True)}, 0)


def write_payloads(out, size):
    """Arrays' bytes of 64 KiB each, all different."""
    _write_many(out, size, lambda i: struct.pack("<I", i) * (1 << 14), 4)


def _write_many(out, size, make, protocol):
    """One list of at least `size` bytes in all; its memo is as long as one part."""
    part = 20_000 if len(pickle.dumps(make(1), protocol)) < 1000 else 64
    values, written = [], 0
    pickler = pickle.Pickler(out, protocol)
    while written < size:
        values = [make(len(values) + i) for i in range(part)]
        pickler.dump(values)
        pickler.clear_memo()
        written = out.tell()


def write_state_dict(out, size):
    """What torch.save writes of a model with very many tensors."""
    batch = 1000  # of items that picklers set at once
    out.write(b"\x80\x02ccollections\nOrderedDict\nq\x00)Rq\x01(")
    rebuild = b"ctorch._utils\n_rebuild_tensor_v2\n"
    storage = b"((X\x07\x00\x00\x00storagectorch\nFloatStorage\nX"
    i = 0
    while out.tell() < size:
        if i > 0 and i % batch == 0:
            out.write(b"u(")
        key, name = str(i).encode(), f"layers.{i}.weight".encode()
        out.write(b"X" + struct.pack("<I", len(name)) + name + rebuild + storage +
                  struct.pack("<I", len(key)) + key + b"X\x03\x00\x00\x00cpuM\x00\x10tQK\x00K@K@\x86K@K\x01\x86"
                  b"\x89ccollections\nOrderedDict\n)RtRr" + struct.pack("<I", 2 + i))
        i += 1
    out.write(b"u.")
