"""What joblib.dump writes: raw arrays between the opcodes, every compressor, memory-mappable files."""
import io

import joblib
import numpy as np
import pandas as pd
from sklearn import linear_model

import samples

BIG = np.arange(400, dtype=np.float64)
VALUES = {
    "array_first": [np.arange(5), {"after": "the array"}],
    "array_last": [{"before": "the array"}, np.arange(5)],
    "between": ["a", np.arange(3), "b", np.ones((2, 2)), ("c", np.zeros(1, dtype="i1")), "d"],
    "lone_array": np.arange(6.0).reshape(2, 3),
    "fortran": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "object_array": [np.array([1, "two", None], dtype=object), "after"],
    "structured": [np.array([(1, 2.5)], dtype=[("n", "<i4"), ("x", "<f8")]), "after"],
    "struct_with_objects": [np.array([(1, "x")], dtype=[("n", "i4"), ("o", "O")]), "after"],
    "empty": [np.empty(0), np.empty((0, 3)), "after"],
    "no_axes": [np.array(3.5), "after"],
    "text": [np.array(["abc", "de"]), np.array([b"x"]), np.array(["2024-01-01"], dtype="M8[D]"),
             "after"],
    "big_endian": [np.arange(3, dtype=">f4"), "after"],
    "matrix": [np.matrix([[1, 2]]), "after"],
    "masked": np.ma.masked_array([1.0, 2.0], mask=[0, 1]),
    "memmap_friendly": {"weights": BIG, "bias": BIG[:3].astype(np.float32), "name": "net"},
    "shared": (lambda array: [array, array, array[:2]])(np.arange(4)),
    "strided": np.arange(10)[::2],
    "no_arrays": {"a": [1, 2, 3]},
    "frame": pd.DataFrame({"x": [1.0, 2.0], "s": ["a", "b"]}),
    "model": linear_model.LinearRegression().fit([[0.0], [1.0]], [0.0, 1.0]),
}
COMPRESSORS = [("zlib", 1), ("zlib", 9), ("gzip", 3), ("gzip", 9), ("bz2", 3), ("bz2", 9),
               ("lzma", 3), ("xz", 3), ("xz", 6), ("lz4", 1)]


def dumped(value, **options):
    out = io.BytesIO()
    joblib.dump(value, out, **options)
    return out.getvalue()


def main():
    samples.deterministic()
    recorder = samples.Recorder(__file__, "joblib %s" % joblib.__version__)
    for name, value in VALUES.items():
        recorder.write("pickle", "joblib/%s.joblib" % name, dumped(value))
    for protocol in range(6):
        recorder.write("pickle", "joblib/between.p%d.joblib" % protocol,
                       dumped(VALUES["between"], protocol=protocol))
    for kind, level in COMPRESSORS:
        name = "joblib/memmap_friendly.%s%d.joblib" % (kind, level)
        recorder.write("archive", name, dumped(VALUES["memmap_friendly"], compress=(kind, level)))
    recorder.write("archive", "joblib/object_array.zlib3.joblib",
                   dumped(VALUES["object_array"], compress=3))
    recorder.write("archive", "joblib/model.gz", dumped(VALUES["model"], compress="gzip"))
    recorder.save()


if __name__ == "__main__":
    main()
