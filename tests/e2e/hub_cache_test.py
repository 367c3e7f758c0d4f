"""The downloader's cache: blobs against their names, snapshots against their blobs and listings."""
import hashlib
import json
import os

import support
from support import check, run, scan

COMMIT = "4f2c9e1d0f7b4c1e9c54c44f4a0a3b3b1f0e2d1c"
FILES = {"config.json": b"{}\n", "sub/weights.bin": bytes(range(256)) * 40}


def name_of(path, content):
    """Small files are named by their git blob id, large ones by their SHA-256."""
    if path.endswith(".json"):
        return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
    return hashlib.sha256(content).hexdigest()


def make_cache(folder):
    repository = folder / "models--acme--tiny"
    snapshot = repository / "snapshots" / COMMIT
    (repository / "blobs").mkdir(parents=True)
    for path, content in FILES.items():
        blob = repository / "blobs" / name_of(path, content)
        blob.write_bytes(content)
        link = snapshot / path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(os.path.relpath(blob, link.parent))
    return repository, snapshot


def expect(source, code, kind, state):
    done = run("verify", "--json", source)
    answer = json.loads(done.stdout)
    evidence = {one["kind"]: one for one in answer["evidence"]}
    check(done.returncode == code, "%s: exit code %d, expected %d: %s" % (
        source.name, done.returncode, code, answer))
    check(evidence.get(kind, {}).get("state") == state, "%s: %s" % (source.name, evidence.get(kind)))
    return evidence.get(kind, {"coverage": []})


def main():
    with support.Folder() as folder:
        repository, snapshot = make_cache(folder)
        for source in (repository, folder):
            evidence = expect(source, 0, "hub-cache", "matches")
            check(len(evidence["coverage"]) == 2, "%s" % evidence["coverage"])
        evidence = expect(snapshot, 0, "hub-snapshot", "matches")
        check([one["path"] for one in evidence["coverage"]] == sorted(FILES), "%s" % evidence["coverage"])
        told = run("verify", "-v", snapshot).stdout.lower()
        check(b"signed" not in told, "a name is no signature: %s" % told)
        code, report = scan(snapshot)
        check(report["provenance"]["state"] == "matches", "scan: %s" % report["provenance"]["state"])

        blob = repository / "blobs" / name_of("sub/weights.bin", FILES["sub/weights.bin"])
        blob.write_bytes(FILES["sub/weights.bin"][:-1] + b"\1")
        expect(repository, 1, "hub-cache", "rejected")
        expect(snapshot, 1, "hub-snapshot", "rejected")
        code, report = scan(snapshot)
        rules = {f["rule"] for f in report["findings"] if f["path"] == "sub/weights.bin"}
        check(code == 1 and "PRV-HUB-002" in rules, "scan: exit code %d, %s" % (code, rules))
        (repository / "blobs/abc.incomplete").write_bytes(b"half")
        blob.write_bytes(FILES["sub/weights.bin"])
        expect(repository, 0, "hub-cache", "matches")
        (snapshot / "copy.txt").write_bytes(b"a plain file")
        evidence = expect(snapshot, 0, "hub-snapshot", "matches")
        check({"path": "copy.txt", "state": "not-covered"} in evidence["coverage"], "%s" % evidence["coverage"])
    support.finish()


main()
