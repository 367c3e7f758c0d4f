"""What the differential tests share: making the mutants, asking us, and comparing.

ctest calls each test as `python3 -B NAME_test.py BINARY TOOLS_DIR SOURCE_DIR COUNT [SEED]`. A test
gives `compare(mutant)`, which returns one line for a disagreement that nothing explains. A
disagreement that is right as it is has a named predicate in the test that says why.
"""
import collections
import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import mutate

SKIPPED = 77  # ctest's SKIP_RETURN_CODE
BATCH = 1000
LARGEST_SEED = 16 * 1024
PYTHONS = ["/usr/bin/python3"]  # where a distribution puts its packages


@dataclasses.dataclass
class Mutant:
    path: str
    data: bytes
    lines: list         # what our parser tells, split at the tabs
    status: str = ""    # the verdict of a scan

    def all(self, kind):
        return [line[1:] for line in self.lines if line[0] == kind]

    def complaints(self):
        return [line for line in self.lines if line[0] in ("anomaly", "gap", "error")]


def arguments():
    binary, tools, source, count = sys.argv[1:5]
    seed = int(sys.argv[5]) if len(sys.argv) > 5 else 1
    return os.path.abspath(binary), pathlib.Path(tools).resolve(), pathlib.Path(source), int(
        count), seed


def is_utf8(text, errors="strict"):
    try:
        text.decode("utf-8", errors)
    except UnicodeDecodeError:
        return False
    return True


def is_printable(data, highest):
    return all(byte in b"\t\n\f\r" or 0x20 <= byte <= highest and byte != 0x7F for byte in data)


def need_module(name):
    """Goes on in a Python that has the module, or says that the test is skipped."""
    try:
        return __import__(name)
    except ImportError:
        pass
    for python in PYTHONS:
        if os.path.realpath(python) != os.path.realpath(sys.executable) and subprocess.run(
                [python, "-c", "import " + name], stderr=subprocess.DEVNULL).returncode == 0:
            os.execv(python, [python, "-B", *sys.argv])
    print("SKIPPED: no Python module %s; nothing was compared" % name)
    sys.exit(SKIPPED)


def read_seeds(source, patterns):
    paths = sorted(path for pattern in patterns for path in (source / "corpus").glob(pattern)
                   if path.is_file() and path.suffix != ".json")
    seeds = [path.read_bytes() for path in paths if 0 < path.stat().st_size <= LARGEST_SEED]
    if not seeds:
        sys.exit("no samples: %s" % patterns)
    return seeds


def our_lines(command, paths):
    """The lines of a list_ program by file."""
    done = subprocess.run(command, input="\n".join(paths) + "\n", capture_output=True, text=True,
                          errors="surrogateescape", timeout=600)
    if done.returncode != 0:
        sys.exit("%s ended with %d: %s" % (command, done.returncode, done.stderr[-2000:]))
    by_file = collections.defaultdict(list)
    for line in done.stdout.split("\n"):
        kind, *rest = line.split("\t")
        if kind == "file":
            current = by_file[rest[0]]
        elif kind:
            current.append([kind, *rest])
    return by_file


def our_statuses(binary, folder):
    done = subprocess.run([binary, "scan", "-f", "jsonl", "--no-cache", "--no-progress", folder],
                          capture_output=True, timeout=600)
    files = [json.loads(line) for line in done.stdout.splitlines()]
    return {file["path"]: file["status"] for file in files if file["type"] == "file"}


def batches(mutants):
    batch = []
    for data in mutants:
        batch.append(data)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def asked(command, binary, suffix, batch):
    """The mutants of a batch with what we say of them, in files that are there meanwhile."""
    folder = tempfile.mkdtemp(prefix="assay-differential-")
    try:
        names = ["%04d%s" % (number, suffix) for number in range(len(batch))]
        paths = [os.path.join(folder, name) for name in names]
        for path, data in zip(paths, batch):
            with open(path, "wb") as file:
                file.write(data)
        lines = our_lines(command, paths)
        statuses = our_statuses(binary, folder) if binary else collections.defaultdict(str)
        for name, path, data in zip(names, paths, batch):
            yield Mutant(path, data, lines[path], statuses[name])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(format_name, program, patterns, suffix, own, compare, with_scan=True):
    """Compares `COUNT` mutants and ends the process; odd ones are kept below the build folder."""
    binary, tools, source, count, seed = arguments()
    kept = tools / "disagreements"
    seeds = read_seeds(source, patterns)
    compared, odd = 0, 0
    for batch in batches(mutate.mutants(seeds, count, own, seed)):
        for mutant in asked([tools / program[0], *program[1:]], binary if with_scan else None,
                            suffix, batch):
            compared += 1
            complaint = compare(mutant)
            if complaint:
                odd += 1
                name = "%s-%d-%d%s" % (format_name, seed, compared, suffix)
                kept.mkdir(exist_ok=True)
                (kept / name).write_bytes(mutant.data)
                if odd <= 40:
                    print("DISAGREEMENT %s: %s" % (name, complaint))
    print("%s: %d files compared, of them %d samples; %d disagreements" % (
        format_name, compared, len(seeds), odd))
    sys.exit(1 if odd or not compared else 0)
