"""Signatures in the scan: what it finds of them, what it demands, what it signs itself, and that it reads once."""
import base64
import json
import os
import pathlib
import re
import shutil
import subprocess

import support
from support import ByFile, ROOT, check, make_key, rules_of, run, scan

SHARED = ROOT.parent / "shared/provenance"
SIGNER = "stefanb@us.ibm.com@https://sigstore.verify.ibm.com/oauth2"
PICKLE = b"\x80\x04]\x94(K\x01K\x02e."
HOSTILE = b"cos\nsystem\n(S'echo CANARY'\ntR."


def signed_model(folder, name, private, *options):
    model = folder / name
    model.mkdir()
    (model / "a.pkl").write_bytes(PICKLE)
    (model / "b.pkl").write_bytes(PICKLE + b"K\x01.")
    done = run("sign", model, "--private-key", private, *options)
    check(done.returncode == 0, "sign: %s" % done.stderr)
    return model


def expect(code, state, rules, *arguments):
    got, report = scan(*arguments)
    check(got == code, "%s: exit code %d, expected %d: %s" % (
        arguments, got, code, support.describe(report["findings"])))
    check(report["provenance"]["state"] == state,
          "%s: %s, expected %s" % (arguments, report["provenance"]["state"], state))
    found = {rule for rule in rules_of(report) if rule.startswith("PRV-")}
    check(found == set(rules), "%s: %s, expected %s" % (arguments, sorted(found), sorted(rules)))
    return report


def states(folder):
    private, public = make_key(folder)
    _, other = make_key(folder, "other")
    model = signed_model(folder, "model", private)
    expect(0, "unchecked", {"PRV-SIG-003"}, model)
    expect(0, "verified", set(), model, "--public-key", public)
    report = expect(1, "rejected", {"PRV-SIG-001", "PRV-SIG-005"}, model, "--public-key", other)
    check(ByFile(report).status("model.sig") == "unsafe", "a broken signature is critical")
    (model / "b.pkl").write_bytes(PICKLE)
    report = expect(1, "rejected", {"PRV-SIG-001", "PRV-FILE-001"}, model)
    check(rules_of(report, "b.pkl") == {"PRV-FILE-001"}, "the changed file is named")
    (model / "b.pkl").write_bytes(PICKLE + b"K\x01.")
    (model / "c.pkl").write_bytes(PICKLE)
    report = expect(1, "rejected", {"PRV-SIG-001", "PRV-FILE-002"}, model)
    check(ByFile(report).status("c.pkl") == "caution", "an extra file is medium")
    (model / "c.pkl").unlink()
    (model / "a.pkl").unlink()
    expect(1, "rejected", {"PRV-SIG-001"}, model)


def uncovered(folder):
    private, public = make_key(folder, "uncovered")
    model = signed_model(folder, "partly", private, "--ignore-paths", "a.pkl")
    report = expect(0, "unchecked", {"PRV-SIG-003", "PRV-FILE-002"}, model)
    check(ByFile(report).status("a.pkl") == "caution", "what the signer left out is medium")
    report = expect(1, "verified", {"PRV-FILE-002", "PRV-SIG-005"}, model, "--public-key", public)
    check("PRV-SIG-005" in rules_of(report, "a.pkl"), "required of every file")


def unsigned(folder):
    plain = folder / "plain"
    plain.mkdir()
    (plain / "a.pkl").write_bytes(PICKLE)
    report = expect(0, "none", {"PRV-SIG-004"}, plain)
    check(report["summary"]["findings"]["info"] == 1, "unsigned is worth no more than info")
    _, public = make_key(folder, "nobody")
    expect(1, "none", {"PRV-SIG-004", "PRV-SIG-005"}, plain, "--public-key", public)
    expect(1, "none", {"PRV-SIG-004", "PRV-SIG-005"}, plain, "--require-signature", "a@b@https://c")
    for words in ("nobody", "@https://c", "a@"):
        done = run("scan", plain, "--require-signature", words)
        check(done.returncode == 4, "%r: exit code %d" % (words, done.returncode))


def one_file(folder):
    """The signature of a single file lies beside it, and is no part of what is scanned."""
    private, public = make_key(folder, "single")
    path = folder / "one.pkl"
    path.write_bytes(PICKLE)
    check(run("sign", path, "--private-key", private).returncode == 0, "sign one file")
    report = expect(0, "verified", set(), path, "--public-key", public)
    check([file["path"] for file in report["files"]] == ["one.pkl"], "only the file is scanned")
    path.write_bytes(HOSTILE)
    expect(1, "rejected", {"PRV-SIG-001", "PRV-FILE-001"}, path)


def other_kinds(folder):
    """A signature that is not checked is told, is no alarm, and satisfies nobody."""
    model = folder / "others"
    model.mkdir()
    (model / "a.pkl").write_bytes(PICKLE)
    minisign = base64.b64encode(b"ED" + bytes(72))
    (model / "a.pkl.minisig").write_bytes(b"untrusted comment: x\n" + minisign + b"\n")
    report = expect(0, "unchecked", {"PRV-SIG-003"}, model)
    check(report["provenance"]["evidence"][0]["kind"] == "minisign", "%s" % report["provenance"])
    _, public = make_key(folder, "minisign")
    expect(1, "unchecked", {"PRV-SIG-003", "PRV-SIG-005"}, model, "--public-key", public)
    (model / "a.pkl.minisig").rename(model / "model.sig")
    expect(0, "unchecked", {"PRV-SIG-003"}, model)
    (model / "model.sig").write_bytes(b"untrusted comment: x\n" + minisign[:-4] + b"\n")
    expect(1, "rejected", {"PRV-SIG-001"}, model)


def by_cms(folder):
    """What `openssl cms -sign` writes beside a file."""
    private, public = make_key(folder, "cms")
    certificate = folder / "cms.crt"
    path = folder / "signed.pkl"
    path.write_bytes(PICKLE)
    for command in (["openssl", "req", "-x509", "-key", private, "-out", certificate, "-subj", "/CN=signer",
                     "-days", "30", "-addext", "keyUsage=critical,digitalSignature"],
                    ["openssl", "cms", "-sign", "-binary", "-in", path, "-signer", certificate, "-inkey",
                     private, "-outform", "DER", "-out", str(path) + ".p7s"]):
        subprocess.run(list(map(os.fspath, command)), check=True, capture_output=True)
    expect(0, "signed", {"PRV-SIG-002"}, path)
    expect(0, "verified", set(), path, "--public-key", public)
    expect(0, "verified", set(), path, "--certificate-chain", certificate)
    path.write_bytes(PICKLE + b"K\x01.")
    expect(1, "rejected", {"PRV-SIG-001", "PRV-FILE-001"}, path)


def by_identity(folder):
    if not SHARED.exists():
        return
    model = folder / "keyless"
    shutil.copytree(SHARED / "oms/reference/v1.1.0-sigstore", model)
    (model / "ignore-me").unlink()
    expect(0, "signed", {"PRV-SIG-002"}, model)
    expect(0, "verified", set(), model, "--require-signature", SIGNER)
    expect(1, "rejected", {"PRV-SIG-001", "PRV-SIG-005"}, model, "--require-signature", "x" + SIGNER)
    if not (SHARED / "hub").exists():
        return
    for name, rules in (("good", set()), ("bad-lfs-content", {"PRV-HUB-001", "PRV-HUB-002"})):
        download = folder / name
        shutil.copytree(SHARED / "hub" / name, download)
        (download / "dot-cache").rename(download / ".cache")
        code, report = scan(download)
        found = {rule for rule in rules_of(report) if rule.startswith("PRV-HUB")}
        check(found == rules, "%s: %s" % (name, sorted(found)))


def reports(folder):
    """What a report says of evidence survives rendering, and says the same for any number of jobs."""
    private, public = make_key(folder, "reports")
    model = signed_model(folder, "reported", private)
    _, first = scan(model, "--public-key", public, "-j1")
    _, second = scan(model, "--public-key", public, "-j8")
    check(first == second, "-j1 and -j8 differ")
    saved = folder / "saved.json"
    saved.write_text(json.dumps(first))
    again = json.loads(run("convert", saved, "-f", "json").stdout)
    check(again == first, "a report read and written is not the same")
    bom = json.loads(run("convert", saved, "-f", "cyclonedx").stdout)
    subject = bom["metadata"]["component"]
    kinds = [one["type"] for one in subject["externalReferences"]]
    check(kinds == ["attestation"], "external references: %s" % kinds)
    properties = {one["name"]: one["value"] for one in subject["properties"]}
    check(properties["assay:signature.state"] == "verified", "%s" % properties)
    for words in ([], ["-v"]):
        text = run("scan", model, "--public-key", public, *words, env={"NO_COLOR": "1"}).stdout.decode()
        check("VERIFIED  model.sig" in text and "2 covered" in text, "text: %s" % text[-600:])


def attest(folder):
    """The verdict, signed: who verifies it learns of which bytes it is."""
    private, public = make_key(folder, "attest", "secp384r1")
    good, bad = folder / "good.pkl", folder / "bad.pkl"
    good.write_bytes(PICKLE)
    bad.write_bytes(HOSTILE)
    for path, code, result in ((good, 0, "PASSED"), (bad, 1, "FAILED")):
        done = run("scan", path, "--attest", private, "--attest-output", folder / "out", cwd=folder)
        check(done.returncode == code, "%s: exit code %d: %s" % (path, done.returncode, done.stderr))
        tests, simple = folder / "out.test-result.sigstore.json", folder / "out.svr.sigstore.json"
        check(simple.exists() == (code == 0), "%s: svr only of what passed" % path.name)
        bundle = json.loads(tests.read_text())
        statement = json.loads(base64.b64decode(bundle["dsseEnvelope"]["payload"]))
        check(statement["subject"] == [{"name": path.name, "digest": {"sha256": support.sha256(path)}}],
              "subject: %s" % statement["subject"])
        predicate = statement["predicate"]
        check(predicate["result"] == result, "%s: %s" % (path.name, predicate["result"]))
        check(bool(predicate["failedTests"]) == (result == "FAILED"), "%s" % predicate["failedTests"])
        check(openssl_accepts(bundle["dsseEnvelope"], public, folder), "%s: openssl rejects" % path.name)
        done = run("verify", "--json", path, "--signature", tests, "--public-key", public)
        told = json.loads(done.stdout)["evidence"][0]
        check((done.returncode, told["kind"]) == (0, "in-toto"), "verify: %s" % done.stdout)
        check(told["properties"]["result"] == result, "verify tells %s" % told["properties"])
        other = bad if path == good else good
        done = run("verify", other, "--signature", tests, "--public-key", public)
        check(done.returncode == 1, "an attestation about another file: %d" % done.returncode)
    for wrong in (folder / "absent", good):
        done = run("scan", good, "--attest", wrong)
        check(done.returncode == 4 and not done.stdout, "%s: exit code %d" % (wrong, done.returncode))


def openssl_accepts(envelope, public, folder):
    payload = base64.b64decode(envelope["payload"])
    kind = envelope["payloadType"].encode()
    (folder / "pae").write_bytes(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload))
    (folder / "der").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
    done = subprocess.run(["openssl", "dgst", "-sha384", "-verify", public, "-signature",
                           folder / "der", folder / "pae"], capture_output=True)
    return done.returncode == 0


def reads_once(folder):
    """A signed file of weights is read once for hashing, sweeping, parsing and its signature.

    Counted by the kernel, over the scanner and its workers: what goes beyond one reading is less
    than a tenth of the file.
    """
    private, public = make_key(folder, "once")
    size = 64 << 20
    model = folder / "weights"
    model.mkdir()
    header = b'{"w":{"dtype":"U8","shape":[%d],"data_offsets":[0,%d]}}' % (size, size)
    header += b" " * (-len(header) % 8)
    (model / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + bytes(size))
    check(run("sign", model, "--private-key", private).returncode == 0, "sign weights")
    before = bytes_read()
    if before is None:
        return
    done = run("scan", "--public-key", public, model)
    check(done.returncode == 0, "scan: %s" % done.stdout[-400:])
    got = bytes_read() - before
    check(size <= got < size * 1.1 + (4 << 20), "%d bytes read of a file of %d" % (got, size))


def bytes_read():
    """By this process and all that it has waited for; nothing where the kernel does not count."""
    try:
        return int(re.search(r"rchar: (\d+)", pathlib.Path("/proc/self/io").read_text())[1])
    except OSError:
        return None


def main():
    for part in (states, uncovered, unsigned, one_file, other_kinds, by_cms, by_identity, reports, attest, reads_once):
        with support.Folder() as folder:
            part(folder)
    support.finish()


main()
