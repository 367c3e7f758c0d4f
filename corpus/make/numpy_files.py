"""npy, npz and pickles of NumPy objects: every dtype kind, every header version, every layout."""
import io
import pickle
import struct
import warnings
import zipfile

import numpy as np
import pandas as pd
import scipy.sparse

import samples

STRUCTURED = np.array([(1, 2.5, b"ab"), (2, 3.5, b"cd")],
                      dtype=[("id", "<i4"), ("score", "<f8"), ("tag", "S2")])

ARRAYS = {
    **{np.dtype(kind).name: np.arange(6).reshape(2, 3).astype(kind) for kind in
       ["?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "c8", "c16"]},
    "longdouble": np.zeros(2, dtype="longdouble"),
    "big_endian": np.arange(3, dtype=">i4"),
    "bytes": np.array([b"a", b"bcd"]),
    "text": np.array(["a", "\u4e2d\u6587"]),
    "void": np.array([b"abc", b"def"], dtype="V3"),
    "datetime": np.array(["2024-02-29", "NaT"], dtype="M8[D]"),
    "timedelta": np.array([1, 2], dtype="m8[ns]"),
    "fortran": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "scalar": np.array(3.5),
    "empty": np.empty(0),
    "no_rows": np.empty((0, 4), dtype="i4"),
    "five_axes": np.zeros((1, 2, 1, 2, 1), dtype="i2"),
    "structured": STRUCTURED,
    "nested_struct": np.zeros(2,
                              dtype=[("box", [("x", "<f4"), ("y", "<f4")]),
                                     ("grid", "<i2", (2, 2))]),
    "titled_struct": np.zeros(1, dtype=[(("long title", "short"), "<f4")]),
    "padded_struct": np.zeros(2,
                              dtype=np.dtype(
                                  {"names": ["a", "b"], "formats": ["u1", "<f8"], "offsets": [0, 8],
                                   "itemsize": 16})),
    "unicode_struct": np.zeros(1, dtype=[("\u540d", "<f4")]),
}
OBJECTS = {
    "object": np.array([1, "two", None, 3.0], dtype=object),
    "object_2d": np.array([[{"a": 1}, [1, 2]], [(3,), {4}]], dtype=object),
    "object_scalar": np.array({"nested": np.arange(3)}, dtype=object),
    "object_struct": np.array([(1, "x")], dtype=[("n", "i4"), ("o", "O")]),
}
# The 65,536 columns of a version 2 header would be big: a long field name does the same.
LONG_NAME = np.zeros(1, dtype=[("n" * 70000, "<f4")])


def npy(array, version=None):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version=version)
    return out.getvalue()


def npy_of_numpy2(array):
    """NumPy 2 pickles object arrays with protocol 4."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, np.lib.format.header_data_from_array_1_0(array))
    return header.getvalue() + pickle.dumps(array, 4)


def npz(arrays, compression):
    return samples.zip_bytes([(name + ".npy", npy(array)) for name, array in arrays.items()],
                             compression)


def pickled():
    rng = np.random.default_rng(0)
    return {
        "arrays": [ARRAYS[name]
                   for name in ("float32", "int64", "bool", "text", "bytes", "fortran", "empty",
                                "scalar")],
        "structured": [STRUCTURED, ARRAYS["nested_struct"], ARRAYS["datetime"]],
        "objects": OBJECTS["object_2d"],
        "scalars": [np.float64(1.5), np.float32(2), np.int64(3), np.bool_(True), np.str_("s"),
                    np.bytes_(b"b"),
                    np.complex128(1j), np.datetime64("2024-01-01"), STRUCTURED[0]],
        "dtypes": [np.dtype("f4"), np.dtype(">i8"), np.dtype("U5"), STRUCTURED.dtype,
                   np.dtype(object), np.float32, np.ndarray],
        "ufuncs": [np.add, np.mean, np.log1p],
        "masked": np.ma.masked_array([1, 2, 3], mask=[0, 1, 0]),
        "matrix": np.matrix([[1, 2]]),
        "recarray": STRUCTURED.view(np.recarray),
        "generator": rng,
        "random_state": np.random.RandomState(0),
        "bit_generators": [np.random.PCG64(1), np.random.Philox(1), np.random.SFC64(1),
                           np.random.SeedSequence(5)],
        "poly": np.polynomial.Polynomial([1, 2]),
        "sparse": [scipy.sparse.csr_matrix(np.eye(3)), scipy.sparse.coo_matrix(np.eye(2)),
                   scipy.sparse.csc_matrix(np.eye(2))],
        "frame": pd.DataFrame(
            {"n": [1, 2], "x": [0.5, 1.5], "s": ["a", "b"], "c": pd.Categorical(["u", "v"]),
                               "t": pd.to_datetime(["2024-01-01", "2024-01-02"])}),
        "series": pd.Series([1.0, None], index=["a", "b"], name="col"),
        "multi_index": pd.DataFrame([[1, 2]],
                                    columns=pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")])),
        "pandas_values": [pd.Timestamp("2024-01-01"), pd.Timedelta(days=1), pd.Interval(0, 1),
                          pd.NA, pd.NaT,
                          pd.Period("2024-01", "M"), pd.RangeIndex(3),
                          pd.date_range("2024-01-01", periods=2)],
    }


def python2_header():
    """Python 2 wrote long integers into the shape: (3L,). numpy still reads it."""
    text = b"{'descr': '<i4', 'fortran_order': False, 'shape': (3L,), }"
    text += b" " * (-(len(text) + 11) % 16) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + np.arange(3,
                                                                                  dtype="<i4").tobytes()


def main():
    samples.deterministic()
    warnings.simplefilter("ignore")  # version 3 headers need NumPy 1.17
    recorder = samples.Recorder(__file__,
                                "numpy %s, scipy %s, pandas %s" % (np.__version__,
                                                                   scipy.__version__,
                                                                   pd.__version__))
    for name, array in ARRAYS.items():
        recorder.write("npy", name + ".npy", npy(array))
    for name, array in OBJECTS.items():
        recorder.write("npy", name + ".npy", npy(array))
        recorder.write("npy", name + ".p4.npy", npy_of_numpy2(array))
    for version in [(1, 0), (2, 0), (3, 0)]:
        recorder.write("npy", "version_%d.npy" % version[0], npy(np.arange(4), version))
    recorder.write("npy", "long_header.npy", npy(LONG_NAME))
    recorder.write("npy", "python2_header.npy", python2_header())
    some = {name: ARRAYS[name] for name in ("float32", "text", "scalar", "empty", "structured")}
    recorder.write("npy", "stored.npz", npz(some, zipfile.ZIP_STORED))
    recorder.write("npy", "compressed.npz", npz(some, zipfile.ZIP_DEFLATED))
    recorder.write("npy", "objects.npz", npz({**some, **OBJECTS}, zipfile.ZIP_DEFLATED))
    recorder.write("npy", "none.npz", npz({}, zipfile.ZIP_STORED))
    for name, value in pickled().items():
        for protocol in range(6):
            recorder.write("pickle", "numpy/%s.p%d.pkl" % (name, protocol),
                           pickle.dumps(value, protocol))
    recorder.save()


if __name__ == "__main__":
    main()
