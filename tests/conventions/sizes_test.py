"""Small rooms: no source file over 500 lines; those over 300 are listed.

    python3 sizes_test.py SOURCE_DIR
"""
import pathlib
import sys

import tree

SOURCES = (".h", ".cpp", ".py", ".cmake", ".js", ".ts", ".sh")
LISTED, REFUSED = 300, 500


def main():
    root = pathlib.Path(sys.argv[1])
    sizes = {name: len((root / name).read_bytes().splitlines()) for name in tree.project_files(root)
             if name.endswith(SOURCES) and not name.startswith("corpus/text/")}
    too_long = sorted(name for name, lines in sizes.items() if lines > REFUSED)
    for name in sorted(sizes, key=sizes.get, reverse=True):
        if sizes[name] > LISTED:
            print("%s %s: %d lines" % ("FAILED" if name in too_long else "long", name, sizes[name]))
    if not sizes:
        print("FAILED: no sources found")
    return 1 if too_long or not sizes else 0


if __name__ == "__main__":
    sys.exit(main())
