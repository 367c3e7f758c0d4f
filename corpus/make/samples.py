"""Where the scripts of this folder put their samples, and how they record them.

Each script makes a `Recorder`, writes its files through it and calls `save`, which puts one entry per
file in corpus/<format>/expected.json. What a framework wrote is `safe` by definition: no scanner is asked.
"""
import gzip
import hashlib
import io
import json
import os
import pathlib
import sys
import tarfile
import time
import zipfile

CORPUS = pathlib.Path(__file__).resolve().parent.parent
LICENCE = "Apache-2.0"
ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def deterministic():
    """Makes runs repeat: a fixed hash seed (the order of sets of strings) and a clock that stands still."""
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable] + sys.argv)
    time.time = lambda: 0.0


def load_expected(folder):
    path = CORPUS / folder / "expected.json"
    entries = json.loads(path.read_text())["samples"] if path.exists() else []
    return {entry["file"]: entry for entry in entries}


def save_expected(folder, entries):
    ordered = [entries[name] for name in sorted(entries)]
    text = json.dumps({"samples": ordered}, indent=1, ensure_ascii=False)
    (CORPUS / folder / "expected.json").write_text(text + "\n")


def sha256(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


class Recorder:
    """Writes benign samples and remembers them. `made_with` names the program and its version."""

    def __init__(self, script, made_with):
        self.source = "corpus/make/" + pathlib.Path(script).name
        self.made_with = "%s, python %d.%d.%d" % (made_with, *sys.version_info[:3])
        self.files = []

    def path(self, folder, name):
        """The path at which the caller is about to write the sample itself."""
        path = CORPUS / folder / "valid" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self.files.append((folder, "valid/" + name))
        return path

    def write(self, folder, name, data):
        self.path(folder, name).write_bytes(data)

    def save(self):
        for folder in sorted({folder for folder, _ in self.files}):
            kept = {name: entry for name, entry in load_expected(folder).items()
                    if entry["source"] != self.source}
            for name in [name for where, name in self.files if where == folder]:
                kept[name] = {
                    "file": name, "sha256": sha256(CORPUS / folder / name), "source": self.source,
                    "made_with": self.made_with, "licence": LICENCE, "status": "safe",
                    "findings": [],
                }
            save_expected(folder, kept)
        print("%s: %d samples" % (self.source, len(self.files)))


def zip_bytes(members, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, ZIP_TIME)
            info.compress_type = compression
            archive.writestr(info, data)
    return out.getvalue()


def tar_bytes(members, layout=tarfile.PAX_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=layout) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def gzip_bytes(data):
    return gzip.compress(data, mtime=0)
