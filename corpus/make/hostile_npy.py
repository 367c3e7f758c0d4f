"""npy files whose headers lie or say it another way. Harmless: pickles in them echo a word.

Writes corpus/npy/malicious (numpy reads it, and runs or shows something else) and corpus/npy/malformed.
"""
import pathlib
import struct

NPY = pathlib.Path(__file__).resolve().parent.parent / "npy"
PICKLE = b"cposix\nsystem\n(S'echo CANARY'\ntR."
OBJECTS = "{'descr': %s, 'fortran_order': False, 'shape': (1,), }"
FLOATS = "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }"


def npy(header, data=b"", version=1, header_size=None):
    text = header.encode("utf-8" if version == 3 else "latin-1")
    prefix = 10 if version == 1 else 12
    text += b" " * (-(prefix + len(text) + 1) % 64) + b"\n"
    size = struct.pack("<H" if version == 1 else "<I", len(text) if header_size is None else header_size)
    return b"\x93NUMPY" + bytes([version, 0]) + size + text + data


SAMPLES = {
    "malicious/object.npy": npy(OBJECTS % "'|O'", PICKLE),
    "malicious/object_field.npy": npy(OBJECTS % "[('a', '<i4'), ('b', [('c', '|O8', (2,))])]", PICKLE),
    # Other spellings of an object dtype that numpy.dtype() takes.
    "malicious/object_word.npy": npy(OBJECTS % "'object'", PICKLE),
    "malicious/object_in_commas.npy": npy(OBJECTS % "'i4,O'", PICKLE),
    "malicious/object_in_dict.npy": npy(OBJECTS % "{'aO': 1}", PICKLE),
    "malicious/object_concatenated.npy": npy(OBJECTS % "'|' 'O'", PICKLE),
    "malicious/object_behind_comment.npy": npy("# a\n" + OBJECTS % "'|O'", PICKLE),
    "malicious/object_last_key_wins.npy": npy("{'descr': '<i8', 'fortran_order': False, 'shape': (1,), 'descr': '|O', }", PICKLE),
    "malicious/trailing_pickle.npy": npy(FLOATS % "(1,)", b"\0" * 4 + PICKLE),
    "malicious/second_array.npy": npy(FLOATS % "(1,)", b"\0" * 4) + npy(OBJECTS % "'|O'", PICKLE),
    "malformed/cut_off.npy": npy(FLOATS % "(1000,)", b"\0" * 8),
    "malformed/shape_overflows.npy": npy(FLOATS % "(4294967296, 4294967296, 4)", b"\0" * 8),
    "malformed/header_size.npy": npy(FLOATS % "(1,)", b"\0" * 4, version=2, header_size=0xFFFFFFFF),
    "malformed/duplicate_shape.npy": npy("{'descr': '<f4', 'fortran_order': False, 'shape': (9,), 'shape': (1,), }", b"\0" * 4),
    "malformed/negative_shape.npy": npy(FLOATS % "(-1,)", b"\0" * 4),
    "malformed/key_missing.npy": npy("{'descr': '<f4', 'shape': (1,), }", b"\0" * 4),
    "malformed/expression.npy": npy("{'descr': '<f4', 'fortran_order': print('CANARY'), 'shape': (1,), }", b"\0" * 4),
    "malformed/deep.npy": npy(OBJECTS % ("[" * 5000 + "]" * 5000)),
    "malformed/version_9.npy": npy(FLOATS % "(1,)", b"\0" * 4, version=9),
}


def main():
    for name, data in SAMPLES.items():
        path = NPY / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


if __name__ == "__main__":
    main()
