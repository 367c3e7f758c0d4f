"""Writes thousands of benign files into a folder, to be scanned and thrown away.

    PYTHONPATH=corpus/make /usr/bin/python3 -m sweep FOLDER [stdlib data sklearn torch packages]

`corpus/` keeps one file of each kind; this makes all of them: every estimator that fits on toy data with
each of its settings, every module of torch.nn, every distribution, offset and enum, in several protocols
and layouts. Every file has to be safe: `assay scan --fail-on medium FOLDER`.
"""
import importlib
import io
import pathlib
import pickle
import sys
import warnings

import joblib
import torch

PARTS = ("stdlib", "data", "sklearn", "torch", "packages")


def dumped(value, **options):
    out = io.BytesIO()
    joblib.dump(value, out, **options)
    return out.getvalue()


def saved(value, **options):
    out = io.BytesIO()
    torch.save(value, out, **options)
    return out.getvalue()


def layouts(part, number):
    """(suffix, writer): how the value that is `number` in its part is written."""
    for protocol in (range(6) if part == "stdlib" else {2 + number % 4, (number + 1) % 6}):
        yield "p%d.pkl" % protocol, lambda value, p=protocol: pickle.dumps(value, p)
    if part in ("sklearn", "data", "packages"):
        kind = ("zlib", "gzip", "bz2", "lzma", "xz", "lz4")[number % 6]
        yield "joblib", dumped
        yield kind + ".joblib", lambda value: dumped(value, compress=kind)
    if part in ("torch", "packages"):
        yield "pt", saved
        yield "legacy.pt", lambda value: saved(value, _use_new_zipfile_serialization=False)


def write(folder, part):
    written = refused = 0
    for number, (name, value) in enumerate(importlib.import_module("sweep.of_" + part).values()):
        for suffix, writer in layouts(part, number):
            try:
                data = writer(value)
            except Exception as error:  # not every object can be pickled
                refused += 1
                print("not pickled: %s.%s: %s" % (name, suffix, str(error)[:80]), file=sys.stderr)
                continue
            (folder / ("%s.%s" % (name, suffix))).write_bytes(data)
            written += 1
    print("%s: %d files, %d could not be written" % (part, written, refused))


def main(arguments):
    warnings.simplefilter("ignore")
    for part in arguments[1:] or PARTS:
        folder = pathlib.Path(arguments[0]) / part
        folder.mkdir(parents=True, exist_ok=True)
        write(folder, part)


if __name__ == "__main__":
    main(sys.argv[1:])
