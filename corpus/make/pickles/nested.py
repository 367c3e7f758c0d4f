"""Pickles and code inside a pickle: as bytes or text, encoded or packed, loaded or standing there as data."""
import base64
import binascii
import zlib

from .ops import ARG, CALL, ECHO, SYSTEM, TOUCH, Sample, apply, binary, bytearray8, frame, glob, items, name, pairs, py2, short, text

THREE = b"\x80\x03"
FOUR = b"\x80\x04"
COMMAND = ECHO.decode()
SOURCE = TOUCH.decode()
OS = "os.system"

OLD = SYSTEM + CALL + b"."
PLAIN = b"\x80\x02" + SYSTEM + py2(ECHO) + b"\x85R."
FRAMED = FOUR + frame(name(b"os", b"system") + short(ECHO) + b"\x85R.")
NEW = b"\x80\x05" + FRAMED[2:]


def stored_zlib(data):
    """zlib with one stored block: the same bytes from every zlib."""
    size = len(data).to_bytes(2, "little")
    return b"\x78\x01\x01" + size + bytes(255 - b for b in size) + data + zlib.adler32(data).to_bytes(4, "big")


def stored_gzip(data):
    size = len(data).to_bytes(2, "little")
    return (b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01" + size + bytes(255 - b for b in size) + data
            + zlib.crc32(data).to_bytes(4, "little") + len(data).to_bytes(4, "little"))


def marshalled():
    """The names and constants of a code object, as marshal writes them; no interpreter takes it."""
    strings = [b"os", b"system", ECHO]
    return b"\xe3" + b"\0" * 24 + b"\xa9" + bytes([len(strings)]) + b"".join(b"\xda" + bytes([len(s)]) + s for s in strings)


LOADED = [
    ("loads-protocol0", "pickle.loads of a pickle of protocol 0", "pickle.loads", binary(OLD)),
    ("loads-protocol4", "_pickle.loads of a framed pickle", "_pickle.loads", binary(FRAMED)),
    ("loads-bytearray", "pickle.loads of a bytearray", "pickle.loads", bytearray8(PLAIN)),
    ("loads-cloudpickle", "cloudpickle.loads", "cloudpickle.loads", binary(PLAIN)),
    ("loads-dill", "dill.loads", "dill.loads", binary(NEW)),
    ("loads-dotted", "loads through another module's import", "copyreg.pickle.loads", None),
    ("loads-torch", "the harmless loader of torch storages", "torch.storage._load_from_bytes", binary(PLAIN)),
    ("loads-torch-text", "torch's loader given a text", "torch.storage._load_from_bytes",
     b"S'\\x80\\x02cos\\nsystem\\nU\\x0becho CANARY\\x85R.'\n"),
    ("loads-pandas", "pandas.read_pickle of bytes in a BytesIO", "pandas.read_pickle", apply("io.BytesIO", binary(PLAIN))),
    ("loads-numpy", "numpy.core._methods._load", "numpy.core._methods._load", binary(PLAIN)),
    ("loads-joblib", "joblib.load of a BytesIO", "joblib.load", apply("io.BytesIO", binary(PLAIN))),
    ("loads-numba", "numba's unpickler", "numba.core.serialize._numba_unpickle", b"K\x01" + binary(PLAIN) + b"N"),
    ("loads-torch-rpc", "torch's RPC unpickler", "torch.distributed.rpc.internal.deserialize", binary(PLAIN)),
    ("loads-multiprocessing", "multiprocessing's ForkingPickler", "multiprocessing.reduction.ForkingPickler.loads", binary(PLAIN)),
    ("loads-base64", "loads of b64decode", "pickle.loads", apply("base64.b64decode", binary(base64.b64encode(OLD)))),
    ("loads-base64-text", "loads of b64decode of a str", "pickle.loads",
     apply("base64.b64decode", py2(base64.b64encode(FRAMED)))),
    ("loads-urlsafe", "loads of urlsafe_b64decode", "pickle.loads",
     apply("base64.urlsafe_b64decode", py2(base64.urlsafe_b64encode(PLAIN)))),
    ("loads-hex", "loads of bytes.fromhex", "pickle.loads",
     apply("builtins:bytes.fromhex", py2(binascii.hexlify(PLAIN)))),
    ("loads-unhexlify", "loads of unhexlify of a pickle of protocol 0", "pickle.loads",
     apply("binascii.unhexlify", binary(binascii.hexlify(OLD)))),
    ("loads-codecs", "loads of codecs.decode by name", "pickle.loads",
     apply("codecs.decode", binary(base64.encodebytes(PLAIN)), py2(b"base64"))),
    ("loads-codecs-hex", "loads of codecs.decode of hex", "pickle.loads",
     apply("codecs.decode", binary(binascii.hexlify(PLAIN)), py2(b"hex"))),
    ("loads-zlib", "loads of zlib.decompress", "pickle.loads", apply("zlib.decompress", binary(stored_zlib(PLAIN)))),
    ("loads-gzip", "loads of gzip.decompress", "pickle.loads", apply("gzip.decompress", binary(stored_gzip(PLAIN)))),
    ("loads-zlib-base64", "loads of zlib.decompress of b64decode", "pickle.loads",
     apply("zlib.decompress", apply("base64.b64decode", binary(base64.b64encode(stored_zlib(PLAIN)))))),
    ("loads-latin1-bytes", "loads of bytes as protocol 2 writes them", "pickle.loads",
     apply("_codecs.encode", short(PLAIN.decode("latin-1").encode()), short(b"latin1"))),
    ("loads-latin1", "loads of text encoded as latin-1", "pickle.loads",
     apply("_codecs.encode", short(OLD), short(b"latin1"))),
]

# Nobody loads these here: a program that knows the field will.
STANDING = [
    ("data-bytes", "a pickle as bytes in a dict", binary(FRAMED)),
    ("data-bytes-protocol0", "a pickle of protocol 0 as bytes", binary(OLD)),
    ("data-bytearray", "a pickle as bytearray", bytearray8(PLAIN)),
    ("data-text", "a pickle of protocol 0 as str", short(OLD)),
    ("data-line", "a pickle as an escaped line", b"S'\\x80\\x02cos\\nsystem\\nU\\x0becho CANARY\\x85R.'\n"),
    ("data-base64", "base64 of a pickle as str", py2(base64.b64encode(FRAMED))),
    ("data-base64-old", "base64 of a pickle of protocol 0", py2(base64.b64encode(OLD))),
    ("data-base64-lines", "base64 in lines", binary(base64.encodebytes(FRAMED * 2))),
    ("data-base64-line-opcode", "base64 in a line opcode", b"S'" + base64.b64encode(NEW) + b"'\n"),
    ("data-urlsafe", "base64 of the URL alphabet", short(base64.urlsafe_b64encode(b"\x80\x04\x8c\x02>>0" + FRAMED[2:]))),
    ("data-hex", "hex of a pickle", py2(binascii.hexlify(PLAIN))),
    ("data-hex-upper", "hex in capitals", short(binascii.hexlify(FRAMED).upper())),
    ("data-latin1", "a pickle as the characters of its bytes", short(FRAMED.decode("latin-1").encode())),
    ("data-long-line", "base64 in a line of 90,000 characters",
     b"S'" + base64.b64encode(FRAMED[:-1] + b"0" + b"N0" * 33000 + b"N.") + b"'\n"),
    ("data-zlib", "zlib of a pickle", binary(stored_zlib(FRAMED))),
    ("data-gzip", "gzip of a pickle", binary(stored_gzip(FRAMED))),
    ("data-base64-zlib", "base64 of zlib of a pickle", py2(base64.b64encode(stored_zlib(PLAIN)))),
    ("data-hex-gzip", "hex of gzip of a pickle", binary(binascii.hexlify(stored_gzip(PLAIN)))),
    ("data-base64-twice", "base64 of base64 of a pickle", binary(base64.b64encode(base64.b64encode(PLAIN)))),
    ("data-pickle-in-pickle", "a pickle that holds a pickle that holds one",
     binary(THREE + binary(THREE + binary(FRAMED) + b".") + b".")),
    ("data-in-pickled-base64", "base64 of a pickle that holds hex of one",
     py2(base64.b64encode(THREE + py2(binascii.hexlify(PLAIN)) + b"."))),
]

CODE = [
    ("exec-text", "exec of a UNICODE line", "builtins.exec", apply("builtins.exec", text(TOUCH + b";pass"))),
    ("exec-bytes", "exec of bytes", "builtins.exec", THREE + apply("builtins.exec", binary(TOUCH))),
    ("exec-compiled", "exec of what compile returns", "builtins.compile",
     apply("builtins.exec", apply("builtins.compile", text(TOUCH), text(b"x"), text(b"exec")))),
    ("eval-lambda", "eval of a lambda, called", "builtins.eval", apply("builtins.eval", text(b"lambda: open('CANARY','w').close()")) + b")R"),
    ("runsource", "an interpreter's runsource", "code.InteractiveInterpreter.runsource",
     FOUR + name(b"code", b"InteractiveInterpreter.runsource") + b"N" + short(TOUCH) + b"\x86R"),
    ("exec-marked-state", "exec handed to map with the source in a list", "builtins.map",
     apply("builtins.map", glob("builtins.exec"), items(text(TOUCH)))),
    ("timeit-setup", "timeit with the code in its setup", "timeit.timeit", apply("timeit.timeit", text(b"pass"), text(TOUCH))),
]

CODED = [
    ("exec-base64", "exec of base64 of source text", "builtins.exec",
     apply("builtins.exec", apply("base64.b64decode", py2(base64.b64encode(TOUCH))))),
    ("exec-hex", "exec of hex of source text", "builtins.exec",
     apply("builtins.exec", apply("binascii.unhexlify", py2(binascii.hexlify(TOUCH))))),
    ("exec-codecs", "exec of codecs.decode of source text", "builtins.exec",
     apply("builtins.exec", apply("codecs.decode", text(TOUCH.replace(b"CANARY", b"PNANEL").replace(b"open", b"bcra")
                                                        .replace(b"close", b"pybfr").replace(b"'w'", b"'j'")), text(b"rot13")))),
    ("exec-base64-twice", "exec of base64 of base64", "builtins.exec",
     apply("builtins.exec", apply("base64.b64decode", apply("base64.b64decode", py2(base64.b64encode(base64.b64encode(TOUCH))))))),
]

MARSHAL = [
    ("marshal-loads", "marshal.loads of a code object", "marshal.loads", apply("marshal.loads", binary(marshalled()))),
    ("marshal-base64", "marshal.loads of base64", "marshal.loads",
     apply("marshal.loads", apply("base64.b64decode", py2(base64.b64encode(marshalled()))))),
    ("marshal-function", "a function made of a marshalled code object, called", "types.FunctionType",
     apply("types.FunctionType", apply("marshal.loads", binary(marshalled())), b"}") + b")R"),
    ("marshal-exec", "exec of marshal.loads", "builtins.exec", apply("builtins.exec", apply("marshal.loads", binary(marshalled())))),
    ("code-type", "types.CodeType with its bytecode", "types.CodeType",
     apply("types.CodeType", b"K\0" * 5, binary(b"\x97\0" + ECHO), items(), items(py2(ECHO)), items(), py2(b"x"), py2(b"x"), b"K\x01", binary(b""))),
    ("dill-code", "dill's code object", "dill._dill._create_code", apply("dill._dill._create_code", b"K\0" * 5, binary(marshalled()))),
    ("cloudpickle-code", "cloudpickle's function of a code object", "cloudpickle.cloudpickle._builtin_type",
     apply(apply("cloudpickle.cloudpickle._builtin_type", py2(b"CodeType")), b"K\0", binary(marshalled()))),
]


def samples():
    for stem, technique, told, argument in LOADED:
        call = apply(told, argument) if argument else FOUR + name(b"copyreg", b"pickle.loads") + binary(PLAIN) + b"\x85R"
        harmless = told.startswith("torch.storage")  # what it loads is not
        yield Sample(stem, technique, OS if harmless else told, COMMAND, (THREE if argument and argument[:1] == b"C" else b"") + call + b".")
        if argument:
            yield Sample(stem + "-inner", technique + ": the call in there", OS, COMMAND, THREE + apply(told, argument) + b"0N.")
    for stem, technique, value in STANDING:
        yield Sample(stem, technique, OS, COMMAND, FOUR + pairs(short(b"blob"), value) + b".")
    for stem, technique, told, data in CODE + CODED:
        yield Sample(stem, technique, told, SOURCE, data + b".")
    for stem, technique, told, data in MARSHAL:
        yield Sample(stem, technique, told, "CANARY", THREE + data + b".")


SAMPLES = list(samples())
