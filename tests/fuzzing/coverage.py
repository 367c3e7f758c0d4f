"""Lines of formats/ that ran, by folder, from the summary of `llvm-cov export`.

    python3 coverage.py SUMMARY.json SOURCE_DIR
"""
import collections
import json
import pathlib
import sys


def product_files(summary, root):
    """(path below formats/, lines, lines that ran) of what is neither a test nor a fuzz target."""
    for file in json.loads(summary.read_text())["data"][0]["files"]:
        # Names are relative to where the compiler ran: what stands before formats/ differs.
        _, found, below = file["filename"].rpartition("formats/")
        path = pathlib.Path(below)
        is_product = found and (root / "formats" / path).is_file()
        if is_product and not path.stem.endswith(("_test", "_fuzz")):
            lines = file["summary"]["lines"]
            yield path, lines["count"], lines["covered"]


def percent(covered, count):
    return 100.0 * covered / count if count else 100.0


def main():
    files = list(product_files(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()))
    folders = collections.defaultdict(lambda: [0, 0])
    for path, count, covered in files:
        folders[path.parts[0]][0] += count
        folders[path.parts[0]][1] += covered
    for name, (count, covered) in sorted(folders.items()):
        print("%-14s %6.1f %% of %d lines" % (name, percent(covered, count), count))
        for path, lines, ran in sorted(files):
            if path.parts[0] == name and percent(ran, lines) < 90:
                print("    %-34s %5.1f %%, %d not reached" % (path, percent(ran, lines), lines - ran))
    total, ran = (sum(file[i] for file in files) for i in (1, 2))
    print("formats/: %.1f %% of lines" % percent(ran, total))
    return 0 if total else 1


if __name__ == "__main__":
    sys.exit(main())
