"""Signatures that come with files otherwise: OCI layouts with cosign's two forms, SSH, lists of attestations."""
import base64
import hashlib
import json
import os
import subprocess

import support
from support import check, make_key, rules_of, run, scan

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
STATEMENT = "application/vnd.in-toto+json"
# Made with `ssh-keygen -Y sign -n file` over "hello\n".
SSH_SIGNATURE = """-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgl6j8/lfBNvojd1UynVGfr5JZSJ
o3jx0tPdnfWL+htlkAAAAEZmlsZQAAAAAAAAAGc2hhNTEyAAAAUwAAAAtzc2gtZWQyNTUx
OQAAAEAVW2jNKNXMB2MEJiCWQ6bJ6bQbCTDYl15u70tnpY/4XecZdIifggQn2C9KqEJmwH
C1pYzuXgCeBVBe+oTGerUN
-----END SSH SIGNATURE-----
"""
SSH_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJeo/P5XwTb6I3dVMp1Rn6+SWUiaN48dLT3Z31i/obZZ\n"


def sign(private, message):
    done = subprocess.run(["openssl", "dgst", "-sha256", "-sign", os.fspath(private)], input=message,
                          check=True, capture_output=True)
    return base64.b64encode(done.stdout).decode()


def envelope(private, statement):
    payload = json.dumps(statement).encode()
    encoded = b"DSSEv1 %d %s %d %s" % (len(STATEMENT), STATEMENT.encode(), len(payload), payload)
    return {"payloadType": STATEMENT, "payload": base64.b64encode(payload).decode(),
            "signatures": [{"sig": sign(private, encoded)}]}


def bundle(private, statement):
    return {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {"publicKey": {"hint": "key"}},
            "dsseEnvelope": envelope(private, statement)}


def statement(name, content, predicate_type="https://example.org/claim"):
    return {"_type": "https://in-toto.io/Statement/v1", "predicateType": predicate_type, "predicate": {},
            "subject": [{"name": name, "digest": {"sha256": hashlib.sha256(content).hexdigest()}}]}


class Layout:
    def __init__(self, folder):
        self.folder, self.roots = folder, []
        (folder / "blobs/sha256").mkdir(parents=True)
        (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')

    def add(self, content, media_type, **more):
        digest = hashlib.sha256(content).hexdigest()
        (self.folder / "blobs/sha256" / digest).write_bytes(content)
        return {"mediaType": media_type, "digest": "sha256:" + digest, "size": len(content), **more}

    def manifest(self, kind, layers, tag=None, **more):
        content = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "artifactType": kind,
                              "config": self.add(b"{}", "application/vnd.oci.empty.v1+json"),
                              "layers": layers, **more}).encode()
        descriptor = self.add(content, MANIFEST)
        annotations = {"org.opencontainers.image.ref.name": tag} if tag else {}
        self.roots.append({**descriptor, "annotations": annotations})
        return descriptor, content

    def write(self):
        index = {"schemaVersion": 2, "manifests": self.roots}
        (self.folder / "index.json").write_text(json.dumps(index))


def cosign_tag(layout, private, model):
    payload = json.dumps({"critical": {
        "type": "cosign container image signature", "identity": {"docker-reference": "x/y"},
        "image": {"docker-manifest-digest": model["digest"]}}, "optional": None}).encode()
    layer = layout.add(payload, "application/vnd.dev.cosign.simplesigning.v1+json",
                       annotations={"dev.cosignproject.cosign/signature": sign(private, payload)})
    layout.manifest("application/vnd.oci.image.config.v1+json", [layer],
                    model["digest"].replace(":", "-") + ".sig")


def cosign_referrer(layout, private, model, content):
    kind = "application/vnd.dev.sigstore.bundle.v0.3+json"
    claim = statement("", content, "https://sigstore.dev/cosign/sign/v1")
    layer = layout.add(json.dumps(bundle(private, claim)).encode(), kind)
    layout.manifest(kind, [layer], subject=model)


def verify(code, *arguments):
    done = run("verify", "--json", *arguments)
    check(done.returncode == code, "verify %s: exit code %d, expected %d: %s" % (
        arguments, done.returncode, code, done.stdout[-1500:] + done.stderr))
    return json.loads(done.stdout)["evidence"]


def states(evidence):
    return sorted((one["kind"], one["state"]) for one in evidence)


def oci(folder):
    private, public = make_key(folder, "oci")
    _, other = make_key(folder, "oci-other")
    layout = Layout(folder / "layout")
    weights = layout.add(b"weights" * 1000, "application/vnd.cncf.model.weight.v1.raw")
    model, content = layout.manifest("application/vnd.cncf.model.manifest.v1+json", [weights], "latest")
    layout.write()
    check(states(verify(0, layout.folder)) == [("oci-layout", "matches")], "integrity alone")
    verify(1, layout.folder, "--key", public)
    cosign_tag(layout, private, model)
    cosign_referrer(layout, private, model, content)
    layout.write()
    evidence = verify(0, layout.folder, "--key", public)
    check(states(evidence) == [("cosign", "verified"), ("cosign", "verified"), ("oci-layout", "matches")],
          "both forms of cosign: %s" % states(evidence))
    blob = layout.folder / "blobs" / weights["digest"].replace(":", "/")
    for one in evidence:
        covered = {file["path"] for file in one["coverage"] if file["state"] == "covered"}
        check(str(blob.relative_to(layout.folder)) in covered, "%s covers the weights" % one["kind"])
    check({state for _, state in states(verify(1, layout.folder, "--key", other))} ==
          {"matches", "rejected"}, "another key")
    got, report = scan(layout.folder, "--public-key", public)
    check(got == 0 and not rules_of(report), "scan: %s" % support.describe(report["findings"]))
    # What else a signature's manifest leads to, which nobody signed, is not covered by it.
    pickle = layout.add(b"cos\nsystem\n(S'echo CANARY'\ntR.", "application/octet-stream")
    signature, content = layout.manifest("application/octet-stream", [
        *json.loads((layout.folder / "blobs" / layout.roots[1]["digest"].replace(":", "/")).read_text())["layers"],
        pickle], layout.roots[1]["annotations"]["org.opencontainers.image.ref.name"])
    layout.write()
    got, report = scan(layout.folder, "--public-key", public)
    check("PRV-SIG-005" in rules_of(report, "blobs/" + pickle["digest"].replace(":", "/")),
          "a stranger in a signature's manifest: %s" % support.describe(report["findings"]))
    layout.roots.pop()
    layout.write()
    (layout.folder / "blobs" / pickle["digest"].replace(":", "/")).unlink()
    (layout.folder / "blobs" / signature["digest"].replace(":", "/")).unlink()
    got, report = scan(folder)
    check("PRV-SIG-004" not in rules_of(report), "a layout below the source is found")
    blob.write_bytes(b"Weights" + blob.read_bytes()[7:])
    check(states(verify(1, layout.folder, "--key", public)) ==
          [("cosign", "rejected"), ("cosign", "rejected"), ("oci-layout", "rejected")], "changed weights")
    got, report = scan(layout.folder, "--public-key", public)
    check("PRV-OCI-001" in rules_of(report, "oci-layout"), "scan tells of the layout itself")
    check(got == 1 and "PRV-FILE-001" in rules_of(report, str(blob.relative_to(layout.folder))),
          "scan names the changed blob: %s" % support.describe(report["findings"]))
    blob.unlink()
    check(("oci-layout", "unchecked") in states(verify(2, layout.folder, "--key", public)), "a missing blob")
    (layout.folder / "index.json").unlink()
    check(states(verify(1, layout.folder)) == [("oci-layout", "rejected")], "no index")


def ssh(folder):
    model = folder / "ssh"
    model.mkdir()
    (model / "m.bin").write_bytes(b"hello\n")
    (model / "m.bin.sig").write_text(SSH_SIGNATURE)
    allowed = folder / "allowed_signers"
    allowed.write_text('t@example.invalid namespaces="file" ' + SSH_KEY)
    who = ("--allowed-signers", allowed, "--identity", "t@example.invalid")
    check(states(verify(0, model, *who)) == [("sshsig", "verified")], "SSH")
    check(states(verify(0, model / "m.bin", *who)) == [("sshsig", "verified")], "SSH, the file alone")
    check(states(verify(2, model)) == [("sshsig", "signed")], "SSH, nobody asked for")
    verify(1, model, "--allowed-signers", allowed, "--identity", "u@example.invalid")
    (model / "m.bin").write_bytes(b"Hello\n")
    verify(1, model, *who)
    got, report = scan(model)
    check(got == 1 and "PRV-SIG-001" in rules_of(report), "scan rejects it")


def lists(folder):
    private, public = make_key(folder, "lists")
    model = folder / "lists"
    model.mkdir()
    (model / "a.txt").write_bytes(b"alpha")
    (model / "b.txt").write_bytes(b"beta")
    one, two = (bundle(private, statement(n, c)) for n, c in (("a.txt", b"alpha"), ("b.txt", b"beta")))
    forms = {"github": json.dumps({"attestations": [{"bundle": one, "repository_id": 1}, {"bundle": two}]}),
             "array": json.dumps([one, two], indent=1),
             "lines": json.dumps(one) + "\n" + json.dumps(two) + "\n"}
    name = model / "all.intoto.jsonl"
    for form, text in forms.items():
        name.write_text(text)
        evidence = verify(0, model, "--key", public)
        check(states(evidence) == [("in-toto", "verified")] * 2, "%s: %s" % (form, states(evidence)))
        check(all(len(e["coverage"]) == 1 for e in evidence), "%s: each is about its own file" % form)
    name.write_text(json.dumps({"attestations": [{"bundle_url": "https://x"}, {"bundle": one}]}))
    check(states(verify(2, model, "--key", public)) == [("in-toto", "unchecked"), ("in-toto", "verified")],
          "one that is elsewhere")
    name.write_text(forms["lines"])
    (model / "b.txt").write_bytes(b"other")
    check(states(verify(1, model, "--key", public)) == [("in-toto", "rejected"), ("in-toto", "verified")],
          "one changed file")
    # A signed model among the lines is read as one.
    (model / "b.txt").write_bytes(b"beta")
    name.unlink()
    done = run("sign", model, "--private-key", private, "--signature", folder / "m.sig")
    check(done.returncode == 0, "sign: %s" % done.stderr)
    signature = json.dumps(json.loads((folder / "m.sig").read_text()))
    name.write_text(signature + "\n" + json.dumps(one) + "\n")
    done = verify(0, model, "--key", public, "--ignore-paths", "all.intoto.jsonl")
    check(states(done) == [("in-toto", "verified"), ("oms", "verified")], "a model's: %s" % states(done))


def main():
    for part in (oci, ssh, lists):
        with support.Folder() as folder:
            part(folder)
    support.finish()


main()
