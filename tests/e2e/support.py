"""What the end-to-end tests share: running the binary, reading its report, counting failures.

ctest calls each test as `python3 NAME_test.py BINARY SOURCE_DIR`.
"""
import csv
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

ASSAY = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else "assay"
ROOT = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else __file__).resolve()
CORPUS = ROOT / "corpus"
SKIPPED = 77  # ctest's SKIP_RETURN_CODE
SEVERITIES = ["info", "low", "medium", "high", "critical"]

sys.path.insert(0, str(CORPUS / "make"))

failures = []
checks = 0


def check(condition, message):
    """Counts one check and prints `message` when it does not hold."""
    global checks
    checks += 1
    if not condition:
        failures.append(message)
        if len(failures) <= 40:
            print("FAILED: " + message)
    return bool(condition)


def finish():
    print("%d checks, %d failed" % (checks, len(failures)))
    sys.exit(1 if failures or not checks else 0)


def skip(reason):
    print("SKIPPED: " + reason)
    sys.exit(SKIPPED)


def run(*arguments, stdin=b"", cwd=None, env=None, timeout=240):
    """Runs the binary. A negative return code is the signal that ended it."""
    command = [ASSAY, *map(os.fspath, arguments)]
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8",
                   **(env or {})}
    return subprocess.run(command, input=stdin, capture_output=True, cwd=cwd, env=environment,
                          timeout=timeout)


def scan(*arguments, **options):
    """Scans and returns (exit code, the JSON report)."""
    done = run("scan", "-f", "json", "--no-cache", *arguments, **options)
    try:
        return done.returncode, json.loads(done.stdout)
    except ValueError:
        print(
            "not JSON (exit code %d): %r\n%s" % (done.returncode, done.stdout[:300],
                                                 done.stderr.decode(errors="replace")[-2000:]))
        sys.exit(1)


def belongs_to(path, name):
    return path == name or path.startswith(name + "!/")


class ByFile:
    """A report's entries, findings and gaps, looked up by the file they belong to."""

    def __init__(self, report):
        self.files = {file["path"]: file for file in report["files"]}
        self.findings, self.gaps = {}, {}
        for kind, index in (("findings", self.findings), ("gaps", self.gaps)):
            for item in report[kind]:
                index.setdefault(item["path"].split("!/")[0], []).append(item)

    def status(self, name):
        return self.files[name]["status"] if name in self.files else "missing"

    def at_least(self, name, severity):
        floor = SEVERITIES.index(severity)
        return [f for f in self.findings.get(name, []) if SEVERITIES.index(f["severity"]) >= floor]


def describe(findings):
    return ", ".join(
        "%s %s at %s+%d: %s" % (f["rule"], f["severity"], f["path"], f["offset"], f["title"])
        for f in findings[:4])


def text_of(finding):
    return " ".join(
        [finding["title"], finding["message"],
         json.dumps(finding.get("evidence", {}), ensure_ascii=False)])


class Folder:
    """A scratch folder that disappears at the end: `with Folder() as path`."""

    def __enter__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="assay-e2e-"))
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)


def rules_of(report, path=None):
    return {f["rule"] for f in report["findings"] if path in (None, f["path"])}


def make_key(folder, name="key", curve="prime256v1"):
    """A private key and its public one, as PEM."""
    private, public = folder / (name + ".pem"), folder / (name + ".pub")
    for command in (["openssl", "ecparam", "-name", curve, "-genkey", "-noout", "-out", private],
                    ["openssl", "ec", "-in", private, "-pubout", "-out", public]):
        subprocess.run(list(map(os.fspath, command)), check=True, capture_output=True)
    return private, public


def sha256(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def hostile_rows(table):
    """What the script that made the hostile pickles says of them: dicts of file, technique, told, shown."""
    with open(CORPUS / "pickle" / table, newline="") as rows:
        return list(csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE))


def expected_entries():
    """(folder of corpus/, entry of its expected.json) for every recorded sample."""
    for path in sorted(CORPUS.glob("*/expected.json")):
        for entry in json.loads(path.read_text())["samples"]:
            yield path.parent.name, entry
