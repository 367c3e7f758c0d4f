"""`assay verify-bundle` speaks the protocol of the conformance suite: what it accepts, and why it rejects.

The cases are other projects' and read where they lie (../shared); without them the test is skipped.
"""
import json
import re

import support
from support import ROOT, check, run

CASES = ROOT.parent / "shared/provenance/conformance"
BEACON = ("https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/"
          ".github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main")
GITHUB = "https://token.actions.githubusercontent.com"


def text_of(path, otherwise):
    return path.read_text().strip() if path.exists() else otherwise


def arguments_of(case):
    """What the suite calls the client with, but for the artifact."""
    arguments = ["--bundle", case / "bundle.sigstore.json"]
    if (case / "key.pub").exists():
        arguments += ["--key", case / "key.pub"]
    else:
        arguments += ["--certificate-identity", text_of(case / "identity", BEACON),
                      "--certificate-oidc-issuer", text_of(case / "issuer", GITHUB)]
    if (case / "trusted_root.json").exists():
        arguments += ["--trusted-root", case / "trusted_root.json"]
    return arguments


def artifact_of(case):
    own = case / "artifact"
    return own if own.exists() else CASES / "a.txt"


def rows():
    for line in (CASES / "expected.tsv").read_text().splitlines()[1:]:
        name, verdict, classes = (line.split("\t") + ["", ""])[:3]
        yield name, verdict, re.findall(r"[a-z][a-z.-]+\.[a-z-]+|signature", classes)


def find_cases():
    return {path.parent.name: path.parent for path in CASES.rglob("bundle.sigstore.json")}


def check_case(name, case, verdict, classes):
    digest = "sha256:" + support.sha256(artifact_of(case))
    for artifact in (artifact_of(case), digest):
        done = run("verify-bundle", *arguments_of(case), artifact)
        wanted = 0 if verdict == "accept" else 1
        check(done.returncode == wanted, "%s (%s): exit code %d, %s" % (
            name, artifact, done.returncode, done.stdout.decode(errors="replace")[:600]))
        told = json.loads(run("verify-bundle", "--json", *arguments_of(case), artifact).stdout)
        if wanted:
            failure = told["evidence"][0]["failure"]
            check(failure in classes, "%s: rejected for %s, expected %s" % (name, failure, classes))
        else:
            check(told["verdict"] == "verified", "%s: %s" % (name, told["verdict"]))


def refusals(folder):
    """Wrong words are a usage error, and no verdict."""
    case = next(iter(find_cases().values()))
    bundle, artifact = case / "bundle.sigstore.json", artifact_of(case)
    (folder / "empty").write_bytes(b"")
    for code, arguments in (
        (4, ["--bundle", folder / "absent", artifact]),
        (4, [artifact]),
        (4, ["--bundle", bundle, "--trusted-root", folder / "absent", artifact]),
        (2, ["--bundle", bundle, folder / "absent"]),
        (2, ["--bundle", bundle, "sha256:" + "0" * 63]),
        (1, ["--bundle", folder / "empty", artifact]),
        (1, ["--bundle", bundle, "--trusted-root", folder / "empty", artifact]),
    ):
        done = run("verify-bundle", *arguments)
        check(done.returncode == code,
              "%s: exit code %d, expected %d" % (arguments, done.returncode, code))


def main():
    if not CASES.exists():
        support.skip("the conformance cases are not here")
    cases = find_cases()
    expected = list(rows())
    check(len(expected) == 47, "%d cases are expected" % len(expected))
    for name, verdict, classes in expected:
        check_case(name, cases[name], verdict, classes)
    with support.Folder() as folder:
        refusals(folder)
    support.finish()


main()
