"""Gadgets that nobody has listed: callables of modules that are in none of the tables.

Invented ones, and those of whatever third-party packages this Python has; nothing is imported.
"""
import ast
import csv
import pathlib
import random
import sys
import tempfile

import support
from support import check

COUNT = 100  # of each kind
COMMAND = "touch CANARY"
VERBS = "run load open fetch spawn call apply parse read exec start dispatch render convert".split()
NOUNS = "task shell job tool plugin config step model hook stage file recipe source target".split()


def listed_packages():
    """The first part of every module that a table names."""
    packages = set()
    for table in (support.ROOT / "rules").rglob("*.tsv"):
        with open(table, encoding="utf-8", newline="") as rows:
            packages.update(row[0].split(".")[0] for row in csv.reader(rows, delimiter="\t") if row)
    return packages


def invented(rng):
    """(module, name) of functions and classes that there never were."""
    for i in range(COUNT):
        verb, noun = rng.choice(VERBS), rng.choice(NOUNS)
        name = verb + "_" + noun if i % 2 else (noun + "_" + verb).title().replace("_", "")
        yield f"zz_{rng.choice(NOUNS)}_kit.{rng.choice(NOUNS)}s{i}", name


def installed(rng):
    """(module, name) of what is defined in the packages beside the standard library."""
    listed, found = listed_packages(), []
    for folder in {pathlib.Path(path) for path in sys.path if path.endswith("-packages")}:
        for source in sorted(folder.rglob("*.py")):
            parts = source.relative_to(folder).with_suffix("").parts
            if parts[0] not in listed and all(part.isidentifier() for part in parts):
                found.append((".".join(parts), source))
    rng.shuffle(found)
    for module, source in found[:COUNT]:
        try:
            tree = ast.parse(source.read_text(encoding="utf-8"))
        except (SyntaxError, ValueError, RecursionError):
            continue
        names = [node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
        if names:
            yield module, rng.choice(names)


def text(value):
    return b"\x8c" + bytes([len(value)]) + value.encode()


def forms(module, name):
    """One call of module.name(COMMAND), as each opcode that calls would make it; NEWOBJ calls
    nothing but __new__."""
    line = f"{module}\n{name}\n".encode()
    dynamic = text(module) + text(name) + b"\x93"
    argument = text(COMMAND)
    return [b"\x80\x04" + dynamic + argument + b"\x85R.",
            b"c" + line + b"(S'" + COMMAND.encode() + b"'\ntR.",
            b"(S'" + COMMAND.encode() + b"'\ni" + line + b".",
            b"(c" + line + b"S'" + COMMAND.encode() + b"'\no."]


def main():
    rng = random.Random(4)
    for kind, gadgets in ("invented", list(invented(rng))), ("installed", list(installed(rng))):
        with tempfile.TemporaryDirectory() as folder:
            for i, (module, name) in enumerate(gadgets):
                stream = rng.choice(forms(module, name))
                pathlib.Path(folder, f"{i:03}.{module}.{name}.pkl"[:120] + ".pkl").write_bytes(stream)
            if not gadgets:
                continue
            _, report = support.scan(folder)
        failing = {finding["path"] for finding in report["findings"]
                   if finding["severity"] in ("high", "critical")}
        for file in report["files"]:
            check(file["status"] != "safe", f"{file['path']}: safe")
        check(len(report["files"]) == len(gadgets), f"{kind}: a file is missing")
        check(len(failing) >= 0.95 * len(gadgets),
              f"{kind}: only {len(failing)} of {len(gadgets)} fail the gate")


main()
support.finish()
