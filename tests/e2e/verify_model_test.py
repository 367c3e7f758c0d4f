"""`assay verify` and `assay sign` over folders and files, as a user calls them."""
import csv
import json
import os
import shutil
import subprocess

import support
from support import CORPUS, ROOT, check, run

SHARED = ROOT.parent / "shared/provenance"
MADE = CORPUS / "oms"
REFERENCE = SHARED / "oms/reference"
SIGNER = ["--identity", "stefanb@us.ibm.com", "--identity-provider",
          "https://sigstore.verify.ibm.com/oauth2"]


def verify(*arguments, **options):
    """(exit code, the first piece of evidence, the whole answer)"""
    done = run("verify", "--json", *arguments, **options)
    answer = json.loads(done.stdout) if done.stdout else {"evidence": []}
    first = answer["evidence"][0] if answer["evidence"] else {}
    return done.returncode, first, answer


def expect(code, failure, *arguments):
    got, evidence, answer = verify(*arguments)
    check(got == code, "%s: exit code %d, expected %d; %s" % (arguments, got, code, answer))
    if failure is not None:
        check(evidence.get("failure") == failure,
              "%s: failure %r, expected %r" % (arguments, evidence.get("failure"), failure))
    return evidence


def made_signatures():
    with open(MADE / "expected.tsv", newline="") as rows:
        table = list(csv.reader(rows, delimiter="\t"))[1:]
    check(len(table) == 44, "%d made signatures" % len(table))
    for name, verdict, key, model, *_ in table:
        evidence = expect(1 if verdict == "reject" else 0, None, MADE / model, "--signature",
                          MADE / name, "--public-key", MADE / key)
        check(bool(evidence.get("failure")) == (verdict == "reject"), "%s: no class" % name)
        warned = any(one["outcome"] == "warned" for one in evidence["checks"])
        check(verdict == "reject" or warned == (verdict == "accept+warning"),
              "%s: warned is %s" % (name, warned))


def reference_arguments(name):
    """How the README says that each signature of the reference is to be verified."""
    version, method = name.split("-", 1)
    folder = REFERENCE / name
    arguments = ["--signature", folder / "model.sig"]
    if method == "certificate":
        arguments += ["--certificate-chain", REFERENCE / "keys/ca-cert.pem"]
    elif method == "elliptic-key":
        arguments += ["--public-key", REFERENCE / "keys/signing-key-pub.pem"]
    else:
        arguments += SIGNER
    single = method == "elliptic-key" and version < "v1.0.1"
    return [folder / "signme-1" if single else folder, *arguments], version


def reference_signatures():
    names = sorted(path.name for path in REFERENCE.iterdir() if path.name != "keys")
    check(len(names) == 13, "%d signatures of the reference" % len(names))
    for name in names:
        arguments, version = reference_arguments(name)
        if version == "v0.2.0":
            expect(1, "signature.dsse", *arguments)
            arguments.append("--legacy")
        if version == "v1.0.1":
            expect(1, "model.extra", *arguments)
            arguments += ["--ignore-paths", "ignore-me"]
        evidence = expect(0, "", *arguments)
        if version == "v1.1.0":
            states = {one["path"]: one["state"] for one in evidence["coverage"]}
            check(states["ignore-me"] == "excluded-by-signer", "%s: %s" % (name, states))


def hub_listings(folder):
    """Downloads against what the downloader noted: integrity, and never a signature."""
    wanted = {"good": 0, "good-lfs-pointer-not-fetched": 2, "unknown-format-version": 2}
    count = 0
    for source in sorted(path for path in (SHARED / "hub").iterdir() if path.is_dir()):
        model = folder / source.name
        shutil.copytree(source, model)
        (model / "dot-cache").rename(model / ".cache")
        code, evidence, answer = verify(model)
        check(code == wanted.get(source.name, 1), "%s: exit code %d; %s" % (source.name, code, answer))
        check(evidence["kind"] == "hub-listing", "%s: %s" % (source.name, evidence["kind"]))
        told = run("verify", "-v", model).stdout + json.dumps(answer).encode()
        for word in (b"signed", b"SIGNED", b"verified by"):
            check(word not in told, "%s: says %r" % (source.name, word))
        if source.name == "good":
            code, _, _ = verify(model, "--public-key", MADE / "p256.pub")
            check(code == 1, "a listing names no signer: exit code %d" % code)
        count += 1
    check(count == 9, "%d listings" % count)


def openssl(*arguments):
    subprocess.run(["openssl", *map(os.fspath, arguments)], check=True, capture_output=True)


def make_key(folder, curve):
    private, public = folder / (curve + ".pem"), folder / (curve + ".pub")
    openssl("ecparam", "-name", curve, "-genkey", "-noout", "-out", private)
    openssl("ec", "-in", private, "-pubout", "-out", public)
    return private, public


def write_model(folder):
    for name, content in {"config.json": b"{}\n", "weights.bin": bytes(3000), "sub/a b": b"a",
                          "sub/line\nbreak": b"b", "sub-x": b"", ".gitattributes": b"*"}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def sign_and_verify(folder):
    for curve in ("prime256v1", "secp384r1", "secp521r1"):
        private, public = make_key(folder, curve)
        model = write_model(folder / ("model-" + curve))
        done = run("sign", model, "--private-key", private)
        check(done.returncode == 0, "sign, %s: %s" % (curve, done.stderr))
        evidence = expect(0, "", model, "--public-key", public)
        states = {one["path"]: one["state"] for one in evidence.get("coverage", [])}
        check(states.get("sub/line\nbreak") == "covered", "%s: %s" % (curve, states))
        check(states.get(".gitattributes") == "excluded-by-signer", "%s: %s" % (curve, states))
        code, evidence, _ = verify(model)
        check((code, evidence["state"]) == (2, "unchecked"), "%s: no key: %d" % (curve, code))
        (model / "weights.bin").write_bytes(bytes(2999) + b"\1")
        expect(1, "model.changed", model, "--public-key", public)
    single = folder / "one.bin"
    single.write_bytes(b"weights")
    check(run("sign", single, "--private-key", private).returncode == 0, "sign one file")
    expect(0, "", single, "--public-key", public)
    expect(1, "key.hint", single, "--public-key", folder / "prime256v1.pub")
    single.write_bytes(b"Weights")
    expect(1, "model.changed", single, "--public-key", public)


def refused_signing(folder):
    private, _ = make_key(folder, "prime256v1")
    model = write_model(folder / "refused")
    (model / "out").symlink_to("/etc/hostname")
    done = run("sign", model, "--private-key", private)
    check(done.returncode == 2 and not (model / "model.sig").exists(), "a link that leads out is signed")
    (model / "out").unlink()
    for code, arguments in ((4, [model]), (4, [model, "--private-key", model / "config.json"]),
                            (4, [model, "--private-key", folder / "absent"]),
                            (2, [folder / "absent", "--private-key", private])):
        done = run("sign", *arguments)
        check(done.returncode == code, "sign %s: exit code %d" % (arguments, done.returncode))
    check(not list(model.glob("*.part")), "half a signature is left")


def nothing_to_verify(folder):
    model = write_model(folder / "plain")
    check(verify(model)[0] == 2, "nothing was checked")
    check(verify(folder / "absent")[0] == 2, "nothing is there")
    check(verify(model, "--signature", folder / "absent")[0] == 2, "no such signature")


def main():
    with support.Folder() as folder:
        sign_and_verify(folder)
        refused_signing(folder)
        nothing_to_verify(folder)
        made_signatures()
        if SHARED.exists():
            reference_signatures()
            hub_listings(folder)
    support.finish()


main()
