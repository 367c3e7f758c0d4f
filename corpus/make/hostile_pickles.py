"""Writes the hostile pickles of corpus/pickle: raw opcodes, never pickle.dump.

Each sample is one technique or one callee. What a loader would run is `echo CANARY`,
touches a file CANARY in the working directory, or fails, nothing else. hostile.tsv tells for each file
the technique, the callable that loading reaches (or imports, marked "import", or an anomaly code, marked
"anomaly") and a text, such as the argument, that a report of it has to show; hidden.tsv the same of
files that are no pickles themselves.

    python3 corpus/make/hostile_pickles.py [corpus/pickle]
"""
import pathlib
import sys

from pickles import arrays, basic, broken, callees, hidden, indirect, machine, names, nested, shared

# Folder, samples. The oldest stand in malicious/ and malformed/ themselves.
FOLDERS = [
    ("malicious", basic.SAMPLES),
    ("malicious/machine", machine.SAMPLES),
    ("malicious/names", names.SAMPLES),
    ("malicious/callees", callees.SAMPLES),
    ("malicious/indirect", indirect.SAMPLES),
    ("malicious/arrays", arrays.SAMPLES),
    ("malicious/nested", nested.SAMPLES),
    ("malicious/shared", shared.SAMPLES),
    ("malformed", broken.SAMPLES),
]


def write_samples(root, folders, table, suffix):
    rows = ["file\ttechnique\ttold\tshown\n"]
    for folder, samples in folders:
        (root / folder).mkdir(parents=True, exist_ok=True)
        stems = [sample.stem for sample in samples]
        assert len(stems) == len(set(stems)), [stem for stem in stems if stems.count(stem) > 1]
        for sample in samples:
            name = f"{folder}/{sample.stem}{suffix}"
            (root / name).write_bytes(sample.data)
            rows.append(f"{name}\t{sample.technique}\t{sample.told}\t{sample.shown}\n")
    (root / table).write_text("".join(rows))


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[1] / "pickle"
    write_samples(root, FOLDERS, "hostile.tsv", ".pkl")
    write_samples(root, [("malicious/hidden", hidden.SAMPLES)], "hidden.tsv", "")


if __name__ == "__main__":
    main()
