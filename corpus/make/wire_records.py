"""What workers say to their parent (scanner/worker/record.h): seeds of the wire's fuzz target."""
import pathlib
import struct

ROOT = pathlib.Path(__file__).resolve().parent.parent / "wire"
READY, BEGIN, END, ATTEMPT, ACCEPT, REJECT, FACT, GAP, DONE = range(9)


def record(kind, payload=b""):
    return struct.pack("<IB", len(payload), kind) + payload


def text(value):
    return struct.pack("<I", len(value)) + value


def texts(*values):
    return b"".join(map(text, values))


def fact(kind, body):
    return record(FACT, struct.pack("<QQB", 3, 4, kind) + body)


def ready():
    return record(READY, struct.pack("<I", 1) + text(b"seccomp") + b"\1" + text(b"29 calls"))


def end(size=9, digest=b"a" * 64):
    return record(END, struct.pack("<Q", size) + text(digest))


def gap():
    return record(GAP, struct.pack("<BQ", 5, 7) + text(b"locked"))


def done(number=1):
    return record(DONE, struct.pack("<Q", number))


OS_SYSTEM = texts(b"os", b"system")
ARGUMENT = b"\2" + text(b"os.system") + OS_SYSTEM
CALL = (OS_SYSTEM + b"\1" + struct.pack("<I", 1) + ARGUMENT + struct.pack("<I", 1) + OS_SYSTEM
        + text(b"os.system('a')") + b"\0" + struct.pack("<I", 1) + text(b"41: REDUCE"))
FACTS = b"".join([
    fact(0, OS_SYSTEM), fact(1, CALL), fact(2, texts(b"python", b"import os")),
    fact(3, texts(b"external-data", b"../x")),
    fact(4, texts(b"data.pkl", b"stored") + struct.pack("<QQ", 10, 20)),
    fact(5, texts(b"w", b"F32") + struct.pack("<IQQQ", 2, 2, 3, 24)),
    fact(6, texts(b"key", b"value")), fact(7, text(b"elf")), fact(8, texts(b"zip.odd", b"detail")),
    fact(9, texts(b"RULE", b"excerpt", b"high", b"what")), fact(10, texts(b"pgp", b"valid", b"me")),
    fact(11, texts(b"GLOBAL", b"'os system'", b"os.system") + struct.pack("<II", 1, 2)),
])
MEMBER = record(BEGIN, b"m") + FACTS + gap() + end()
FILE = (record(BEGIN, b"a.zip") + record(ATTEMPT, b"pickle") + record(REJECT)
        + record(ATTEMPT, b"zip") + MEMBER + record(ACCEPT, b"torch-zip") + end() + done())
SAMPLES = {
    "one_file": ready() + FILE,
    "two_files": ready() + FILE + record(BEGIN, b"b") + end() + done(2),
    "crashed": ready() + FILE[:300],
    "out_of_order": ready() + record(BEGIN, b"a") + record(BEGIN, b"b") + end() + end() + done(),
}


def main():
    ROOT.mkdir(exist_ok=True)
    for name, data in SAMPLES.items():
        (ROOT / (name + ".bin")).write_bytes(data)


if __name__ == "__main__":
    main()
