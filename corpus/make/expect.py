"""Records what the scanner says of the hostile samples in corpus/<format>/expected.json.

    python3 corpus/make/expect.py build/release/assay [FORMAT...]

Only malicious/ and malformed/ are scanned: a benign file is safe by definition, and a new one that no
script has recorded is entered as that without asking. A malicious file that the scanner calls safe is
not recorded but reported, and the exit code is 1. The diff is to be reviewed like code.
"""
import json
import subprocess
import sys

import samples

HOSTILE = ("malicious", "malformed")
WORTH_RECORDING = ("medium", "high", "critical")
SCRIPTS = {"pickle": "hostile_pickles.py", "zip": "hostile_zips.py", "torch": "hostile_zips.py",
           "archive": "hostile_archives.py", "npy": "hostile_npy.py",
           "safetensors": "hostile_safetensors.py",
           "onnx": "hostile_onnx.py", "json": "json_seeds.py"}


def scan(assay, folder):
    command = [assay, "scan", "-f", "json", "--no-progress", "--no-cache", str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1, 2):
        sys.exit("%s exited with %d" % (" ".join(command), done.returncode))
    return json.loads(done.stdout)


def of_file(items, name):
    return [item for item in items if item["path"] == name or item["path"].startswith(name + "!/")]


def recorded_findings(findings):
    """One line per rule and callee: positions may move, what is found may not."""
    kept = {}
    for finding in findings:
        if finding["severity"] in WORTH_RECORDING:
            contains = finding.get("evidence", {}).get("callee") or finding["title"]
            kept[finding["rule"], contains] = {
                "rule": finding["rule"], "severity": finding["severity"], "contains": contains}
    return [kept[key] for key in sorted(kept)]


def described(folder, name, old):
    """What is known of a file before any scan."""
    return {
        "file": name, "sha256": samples.sha256(samples.CORPUS / folder / name),
        "source": old.get("source", "corpus/make/" + SCRIPTS.get(folder, "")),
        "made_with": old.get("made_with", "the standard library of python"),
        "licence": old.get("licence", samples.LICENCE),
    }


def judged(name, file, report):
    short = name.split("/", 1)[1]
    return {
        "status": file["status"],
        "findings": recorded_findings(of_file(report["findings"], short)),
        "gaps": sorted({gap["reason"] for gap in of_file(report["gaps"], short)}),
    }


def update(assay, folder):
    """Returns the names of malicious files that the scanner called safe."""
    missed = []
    entries = {name: entry for name, entry in samples.load_expected(folder).items()
               if (samples.CORPUS / folder / name).exists()}
    for path in sorted((samples.CORPUS / folder / "valid").rglob("*")):
        name = path.relative_to(samples.CORPUS / folder).as_posix()
        if path.is_file() and name not in entries:
            entries[name] = {**described(folder, name, {}), "status": "safe", "findings": []}
    for kind in HOSTILE:
        path = samples.CORPUS / folder / kind
        if not path.is_dir():
            continue
        report = scan(assay, path)
        for file in report["files"]:
            name = kind + "/" + file["path"]
            if kind == "malicious" and file["status"] == "safe":
                missed.append(folder + "/" + name)
            else:
                entries[name] = {**described(folder, name, entries.get(name, {})),
                                 **judged(name, file, report)}
    samples.save_expected(folder, entries)
    return missed


def main():
    assay, folders = sys.argv[1], sys.argv[2:] or sorted(SCRIPTS)
    missed = [name for folder in folders if (samples.CORPUS / folder).is_dir()
              for name in update(assay, folder)]
    for name in missed:
        print("called safe, not recorded: " + name)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
