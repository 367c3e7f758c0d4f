"""joblib files: raw array bytes between the opcodes, and what hides behind, in and among them."""
import struct

from .ops import CALL, ECHO, SYSTEM, Sample, apply, binary, glob, name, pairs, py2, short, text

THREE = b"\x80\x03"
COMMAND = ECHO.decode()
NUMBERS = struct.pack("<4d", 1.5, -2.0, 0.25, 8.0)
RUN = SYSTEM + CALL


def dtype(code, order=b"<", flags=b"K\0"):
    return (apply("numpy.dtype", text(code), b"\x89", b"\x88")
            + b"(K\x03" + text(order) + b"NNN" + b"J\xff\xff\xff\xff" * 2 + flags + b"tb")


def wrapper(array, shape, code=b"f8", aligned=False, module="joblib.numpy_pickle", **fields):
    """A NumpyArrayWrapper, its BUILD, and `array` behind it as joblib >= 1.2 or before it writes them."""
    state = [text(b"subclass"), glob("numpy.ndarray"), text(b"shape"), b"(" + b"".join(b"K" + bytes([n]) for n in shape) + b"t",
             text(b"order"), text(b"C"), text(b"dtype"), dtype(code, **fields), text(b"allow_mmap"), b"\x88"]
    if aligned:
        state += [text(b"numpy_array_alignment_bytes"), b"K\x10"]
        array = b"\x03\xff\xff\xff" + array
    return glob(module + ".NumpyArrayWrapper") + b")\x81" + pairs(*state) + b"b" + array


ROWS = [
    ("behind-array", "the call behind an array", THREE + wrapper(NUMBERS, [4]) + b"0" + RUN),
    ("behind-aligned-array", "the call behind an array with padding", THREE + wrapper(NUMBERS, [4], aligned=True) + b"0" + RUN),
    ("behind-array-of-stops", "the call behind an array of STOPs", THREE + wrapper(b"." * 32, [4]) + b"0" + RUN),
    ("between-arrays", "the call between two arrays",
     THREE + b"](" + wrapper(NUMBERS, [4]) + RUN + wrapper(NUMBERS, [2, 2]) + b"e"),
    ("behind-old-wrapper", "the wrapper that scikit-learn brought",
     THREE + wrapper(NUMBERS, [4], module="sklearn.externals.joblib.numpy_pickle") + b"0" + RUN),
    ("behind-empty-array", "the call behind an array of no elements", THREE + wrapper(b"", [0, 4]) + b"0" + RUN),
    ("behind-scalar-array", "the call behind an array without dimensions", THREE + wrapper(NUMBERS[:8], []) + b"0" + RUN),
    ("behind-string-array", "the call behind an array of strings", THREE + wrapper(b"abcd" * 2, [2], b"S4") + b"0" + RUN),
    ("object-array", "an array of objects is a pickle", THREE + wrapper(b"\x80\x02" + RUN + b".", [1], b"O8", flags=b"K\x3f") + b"0N"),
    ("behind-object-array", "the call behind an array of objects",
     THREE + wrapper(b"\x80\x02].", [1], b"O8", flags=b"K\x3f") + b"0" + RUN),
    ("in-array", "opcodes as array bytes: joblib.load skips them, pickle.load runs them",
     THREE + wrapper((b"0" + RUN + b".").ljust(32, b"."), [len((b"0" + RUN + b".").ljust(32, b".")) // 8]) + b"0N"),
    ("in-second-array-of-row", "opcodes as array bytes, in the second pickle of a row",
     b"\x80\x02N." + THREE + wrapper((b"0" + RUN + b".").ljust(32, b"."), [4]) + b"0N"),
    ("in-array-from-memo", "array bytes that call what is in the memo",
     THREE + SYSTEM + b"q\x050" + wrapper((b"0h\x05" + CALL + b".").ljust(32, b"."), [4]) + b"0N"),
    ("cut-in-array", "the call, then an array longer than the file", THREE + RUN + b"0" + wrapper(NUMBERS[:5], [4])),
    ("no-dtype", "the call, then a wrapper without dtype",
     THREE + RUN + b"0" + glob("joblib.numpy_pickle.NumpyArrayWrapper") + b")\x81}b"),
    ("before-array", "the call before the array", THREE + RUN + b"0" + wrapper(NUMBERS, [4])),
    ("as-dtype", "the call where the dtype stands",
     THREE + glob("joblib.numpy_pickle.NumpyArrayWrapper") + b")\x81" + pairs(text(b"dtype"), RUN) + b"b"),
    ("memmap-file", "a wrapper of an array in another file", THREE + RUN + b"0"
     + glob("joblib.numpy_pickle.NDArrayWrapper") + b")\x81" + pairs(text(b"filename"), text(b"CANARY.npy")) + b"b"),
    ("numpy-reconstruct", "among numpy's own reconstruction",
     THREE + apply("numpy.core.multiarray._reconstruct", glob("numpy.ndarray"), b"K\0\x85", binary(b"b"))
     + b"(K\x01K\x04\x85" + dtype(b"f8") + b"\x89" + binary(NUMBERS) + b"tb0" + RUN),
    ("numpy-object-state", "in the state of an object array",
     THREE + apply("numpy.core.multiarray._reconstruct", glob("numpy.ndarray"), b"K\0\x85", binary(b"b"))
     + b"(K\x01K\x01\x85" + dtype(b"O8", b"|", b"K\x3f") + b"\x89](" + RUN + b"etb"),
    ("torch-rebuild", "among torch's own reconstruction",
     b"\x80\x02" + apply("torch._utils._rebuild_tensor_v2",
                         b"(" + py2(b"storage") + glob("torch.FloatStorage") + py2(b"0") + py2(b"cpu") + b"K\x04tQ",
                         b"K\0", b"K\x04\x85", b"K\x01\x85", b"\x89", RUN)),
    ("torch-storage-key", "as the key of a storage", b"\x80\x02(" + py2(b"storage") + glob("torch.FloatStorage") + RUN + py2(b"cpu") + b"K\x04tQ"),
    ("torch-hooks", "as backward hooks of a parameter",
     b"\x80\x02" + apply("torch._utils._rebuild_parameter", b"N", b"\x88", apply("collections.OrderedDict", RUN))),
    ("sklearn-state", "in the state of an estimator",
     b"\x80\x03" + glob("sklearn.linear_model._logistic.LogisticRegression") + b")\x81" + pairs(text(b"coef_"), RUN) + b"b"),
    ("pandas-block", "among the blocks of a frame",
     b"\x80\x04" + name(b"pandas._libs.internals", b"_unpickle_block") + RUN + b"N\x86R"),
    ("ordered-dict-item", "as an item of a state dict", b"\x80\x02" + apply("collections.OrderedDict") + b"(" + py2(b"weight") + RUN + b"u"),
    ("module-state", "in the state of a torch module",
     b"\x80\x02" + glob("torch.nn.modules.linear.Linear") + b")\x81" + pairs(py2(b"training"), b"\x88", py2(b"_hooks"), RUN) + b"b"),
    ("defaultdict-factory", "as the factory of a defaultdict of a state dict", b"\x80\x02" + apply("collections.defaultdict", RUN)),
    ("persistent-load", "as a whole persistent id", b"\x80\x02" + RUN + b"Q"),
    ("argument-of-storage-loader", "bytes that torch's storage loader is given by a call",
     b"\x80\x03" + apply("torch.storage._load_from_bytes", RUN)),
    ("short-form", "in the form of protocol 4 behind an array",
     b"\x80\x04" + wrapper(NUMBERS, [4]) + b"0" + name(b"os", b"system") + short(ECHO) + b"\x85R"),
]
SAMPLES = [Sample(stem, technique, "os.system", COMMAND, data + b".") for stem, technique, data in ROWS]
