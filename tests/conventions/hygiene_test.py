"""What does not belong in the tree: machine paths, bare TODOs, empty folders, big files, untested formats.

    python3 hygiene_test.py SOURCE_DIR
"""
import pathlib
import re
import sys

import tree

MAX_BYTES = 1 << 20
MACHINE_PATH = re.compile(
    rb"(?<![\w.~$}/])/(?:work|farm|home|root|Users)/\w+|/tmp/(?:h|bash_jobs)[/.]")
BARE_TODO = re.compile(rb"\b(?:TODO|FIXME|XXX)\b(?!\(#\d+\)|[^\n]{0,20}#\d+)")
TEXT = (".h", ".cpp", ".c", ".py", ".cmake", ".txt", ".md", ".json", ".yml", ".yaml", ".toml",
        ".tsv", ".sh", ".yar", ".html", ".js", ".ts", "")
# This test names what it looks for, and file names for tests may look like paths.
EXEMPT = ("tests/conventions/", "corpus/text/")


def is_format(folder):
    """A folder of formats/ that declares a Format; the others help those."""
    return any(re.search(r"^extern const Format ", header.read_text(), re.M) for header in folder.glob("*.h"))


def check_text(name, data):
    if b"\0" in data[:4096] or name.startswith(EXEMPT):
        return
    is_sample = re.match(r"corpus/\w+/(valid|malicious|malformed)/", name)
    for number, line in enumerate(data.splitlines(), 1):
        if MACHINE_PATH.search(line) and not re.search(r"_(test|fuzz)\.cpp$", name):
            yield "%s:%d: a path of one machine" % (name, number)
        if BARE_TODO.search(line) and not is_sample and pathlib.Path(name).suffix in TEXT:
            yield "%s:%d: a TODO without the number of its issue" % (name, number)


def check_formats(root):
    for folder in sorted(path for path in (root / "formats").glob("*") if is_format(path)):
        name = folder.name
        for part in ("%s_test.cpp" % name, "%s_fuzz.cpp" % name):
            if not (folder / part).is_file():
                yield "formats/%s: no %s" % (name, part)
        if not list((root / "corpus" / name).glob("valid/**/*")):
            yield "formats/%s: no samples in corpus/%s/valid" % (name, name)


def check_folders(root, names):
    """A folder without a tracked file is left over, or its content was forgotten."""
    alive = {parent.as_posix() for name in names for parent in pathlib.Path(name).parents}
    for top in ("core", "formats", "rules", "provenance", "sbom", "scanner", "tests", "corpus",
                "bench", "docs", "cmake"):
        for folder in (root / top).rglob("*"):
            path = folder.relative_to(root).as_posix()
            if folder.is_dir() and folder.name != "__pycache__" and path not in alive:
                yield "%s: an empty folder" % path


def main():
    root = pathlib.Path(sys.argv[1])
    names = tree.project_files(root)
    problems = [] if names else ["no files found"]
    for name in names:
        data = (root / name).read_bytes()
        if len(data) > MAX_BYTES:
            problems.append("%s: %d bytes" % (name, len(data)))
        problems += check_text(name, data)
    problems += check_formats(root)
    problems += check_folders(root, names)
    print("\n".join(problems) or "%d files are clean" % len(names))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
