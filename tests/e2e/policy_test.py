"""Policies and locks: what a scan is held to, who may sign, and that a change of signer shows."""
import json
import os
import shutil
import subprocess

import support
from support import ROOT, check, run, scan

SHARED = ROOT.parent / "shared/provenance"
PICKLE = b"\x80\x04]\x94(K\x01K\x02e."
HOSTILE = b"cos\nsystem\n(S'echo CANARY'\ntR."
DAY = {"SOURCE_DATE_EPOCH": "1780000000"}  # 2026-05-28


def openssl(*words):
    subprocess.run(["openssl", *map(os.fspath, words)], check=True, capture_output=True)


def make_key(folder, name):
    private, public = folder / (name + ".pem"), folder / (name + ".pub")
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", private)
    openssl("ec", "-in", private, "-pubout", "-out", public)
    return private, public


def fingerprint(public, folder):
    openssl("pkey", "-pubin", "-in", public, "-outform", "DER", "-out", folder / "der")
    return support.sha256(folder / "der")


def make_authority(folder, name):
    """A certificate that signs others, and a key with a certificate of it."""
    key, anchor = folder / (name + "-ca.key"), folder / (name + "-ca.pem")
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", key, "-out", anchor, "-subj", "/CN=" + name, "-days", "3650")
    private, _ = make_key(folder, name + "-leaf")
    request, leaf, usage = folder / "request", folder / (name + "-leaf.crt"), folder / "usage"
    usage.write_text("keyUsage=critical,digitalSignature\nbasicConstraints=CA:FALSE\n")
    openssl("req", "-new", "-key", private, "-subj", "/CN=signer", "-out", request)
    openssl("x509", "-req", "-in", request, "-CA", anchor, "-CAkey", key, "-CAcreateserial", "-days",
            "3650", "-extfile", usage, "-out", leaf)
    return anchor, private, leaf


def model_of(folder, name, private=None, *options):
    model = folder / name
    model.mkdir()
    (model / "a.pkl").write_bytes(PICKLE)
    (model / "b.pkl").write_bytes(PICKLE + b"K\x01.")
    if private:
        done = run("sign", model, "--private-key", private, *options)
        check(done.returncode == 0, "sign: %s" % done.stderr)
    return model


def policy(folder, text):
    path = folder / "policy.toml"
    path.write_text("version = 1\n" + text)
    return path


def signed_by(signer):
    return '[[provenance]]\nrequire = "oms"\n[[provenance.signer]]\n' + signer + "\n"


def found(report):
    """What policy and provenance say: sorted (path, rule)."""
    return sorted((f["path"], f["rule"]) for f in report["findings"] if f["rule"][:4] in ("POL-", "PRV-"))


def expect(code, findings, *arguments, **options):
    got, report = scan(*arguments, **options)
    check(got == code, "%s: exit code %d, expected %d: %s" % (
        arguments, got, code, support.describe(report["findings"])))
    check(found(report) == sorted(findings), "%s: %s, expected %s" % (arguments, found(report), findings))
    return report


def refused(words, *arguments):
    done = run(*arguments)
    check(done.returncode == 4, "%s: exit code %d" % (arguments, done.returncode))
    check(not done.stdout and words in done.stderr.decode(), "%s: %r" % (arguments, done.stderr))


def commands(folder):
    begun = run("policy", "init")
    check(begun.returncode == 0 and b"[[provenance]]" in begun.stdout, "policy init")
    path = folder / "begun.toml"
    path.write_bytes(begun.stdout)
    check(run("policy", "check", path).returncode == 0, "what `policy init` prints is valid")
    refused("line 3: the policy: unknown key 'fial_on'", "policy", "check",
            policy(folder, 'fail_on = "low"\nfial_on = "low"\n'))
    refused("no rule has the id PKL-NONE-001", "policy", "check", policy(
        folder, '[[suppress]]\nrule = "PKL-NONE-001"\npath = "*"\nreason = "x"\nexpires = 2030-01-01\n'))
    refused("none.pem", "policy", "check", policy(folder, signed_by('key = "none.pem"')))
    refused("absent.toml", "policy", "check", folder / "absent.toml")
    model = model_of(folder, "refusing")
    refused("line 2", "scan", "--policy", policy(folder, "x = 1\n"), model)
    refused("line 2", "scan", "--lock", policy(folder, "x = 1\n"), "--policy", folder / "begun.toml", model)
    refused("--update-lock", "scan", "--update-lock", model)
    refused("absent.lock", "scan", "--lock", folder / "absent.lock", model)


def keys(folder):
    private, public = make_key(folder, "key")
    _, other = make_key(folder, "other")
    model = model_of(folder, "model", private)
    plain = model_of(folder, "plain")
    expect(1, [(".", "PRV-SIG-004"), (".", "POL-SIGN-001")], plain, "--policy",
           policy(folder, signed_by('key = "key.pub"')))
    report = expect(0, [], model, "--policy", policy(folder, signed_by('key = "key.pub"')))
    check(report["provenance"]["state"] == "verified", "the policy's key verifies")
    several = signed_by('key = "other.pub"') + '[[provenance.signer]]\nkey = "key.pub"\n'
    expect(0, [], model, "--policy", policy(folder, several))
    unchecked = [("model.sig", "PRV-SIG-003"), ("model.sig", "POL-SIGN-001")]
    expect(1, unchecked, model, "--policy", policy(folder, signed_by('key = "other.pub"')))
    # The key on the command line verifies; the policy names another one.
    expect(1, [("model.sig", "POL-SIGN-002")], model, "--public-key", public, "--policy",
           policy(folder, signed_by('key = "other.pub"')))
    by_print = signed_by('fingerprint = "%s"' % fingerprint(public, folder))
    expect(0, [], model, "--public-key", public, "--policy", policy(folder, by_print))
    expect(1, [("model.sig", "POL-TIME-001")], model, "--policy",
           policy(folder, signed_by('key = "key.pub"\nuntil = 2030-01-01')))
    denied = signed_by('key = "key.pub"') + '[[deny]]\nfingerprint = "%s"\nreason = "stolen"\n' % (
        fingerprint(public, folder))
    expect(1, [("model.sig", "POL-SIGN-001"), ("model.sig", "POL-SIGN-003")], model, "--policy",
           policy(folder, denied))
    (model / "b.pkl").write_bytes(PICKLE)
    broken = expect(1, [("b.pkl", "PRV-FILE-001"), ("model.sig", "PRV-SIG-001"),
                        ("a.pkl", "PRV-SIG-005"), ("b.pkl", "PRV-SIG-005"),
                        ("model.sig", "PRV-SIG-005"), ("model.sig", "POL-SIGN-001")], model, "--public-key", public, "--fail-on", "none",
                    "--policy", policy(folder, signed_by('key = "key.pub"')))
    check(broken["verdict"] == "fail", "the policy fails whatever the threshold is")
    check(other.exists(), "the other key was there all the time")


def anchors(folder):
    anchor, private, leaf = make_authority(folder, "good")
    make_authority(folder, "bad")
    model = model_of(folder, "chained", private, "--certificate-chain", leaf)
    expect(0, [], model, "--policy", policy(folder, signed_by('anchor = "good-ca.pem"')))
    both = signed_by('anchor = "bad-ca.pem"') + '[[provenance.signer]]\nanchor = "good-ca.pem"\n'
    expect(0, [], model, "--policy", policy(folder, both))
    # An entry of its own for each anchor: the one that was led to does not stand for the other.
    apart = signed_by('anchor = "good-ca.pem"') + signed_by('anchor = "bad-ca.pem"')
    expect(1, [("model.sig", "POL-SIGN-002")], model, "--policy", policy(folder, apart))
    expect(1, [("model.sig", "PRV-SIG-002"), ("model.sig", "POL-SIGN-002")], model, "--policy",
           policy(folder, signed_by('anchor = "bad-ca.pem"')))
    check(anchor.exists(), "the anchor was there all the time")


def coverage(folder):
    private, _ = make_key(folder, "key")
    model = model_of(folder, "partly", private, "--ignore-paths", "a.pkl")
    text = '[[provenance]]\nrequire = "oms"\n%s[[provenance.signer]]\nkey = "key.pub"\n'
    expect(1, [("a.pkl", "PRV-FILE-002"), ("a.pkl", "POL-COVER-001")], model, "--policy",
           policy(folder, text % ""))
    expect(0, [("a.pkl", "PRV-FILE-002")], model, "--policy",
           policy(folder, text % 'may_be_uncovered = "a.*"\n'))
    expect(0, [("a.pkl", "PRV-FILE-002")], model, "--policy", policy(folder, text % 'path = "b.*"\n'))
    by_name = policy(folder, text % 'repository = "acme/*"\n')
    refused("--repository NAME", "scan", "--policy", by_name, model)
    # Of another repository the key is nobody's: nothing is demanded, and nothing is verified.
    expect(0, [("a.pkl", "PRV-FILE-002"), ("model.sig", "PRV-SIG-003")], model, "--policy", by_name,
           "--repository", "other/model")
    expect(1, [("a.pkl", "PRV-FILE-002"), ("a.pkl", "POL-COVER-001")], model, "--policy", by_name,
           "--repository", "acme/model")


def identities(folder):
    if not SHARED.exists():
        return
    model = folder / "keyless"
    shutil.copytree(SHARED / "oms/reference/v1.1.0-sigstore", model)
    (model / "ignore-me").unlink()
    who = 'identity = "%s"\nissuer = "https://sigstore.verify.ibm.com/oauth2"'
    mine = who % "stefanb@us.ibm.com"
    report = expect(0, [], model, "--policy", policy(folder, signed_by(mine)))
    check(report["provenance"]["state"] == "verified", "the policy's identity verifies")
    signature = report["provenance"]["evidence"][0]["path"]
    expect(1, [(signature, "PRV-SIG-002"), (signature, "POL-SIGN-002")], model, "--policy",
           policy(folder, signed_by(who % "stefanb")))
    expect(1, [(signature, "POL-TIME-001")], model, "--policy",
           policy(folder, signed_by(mine + "\nfrom = 2030-01-01")))
    expect(0, [], model, "--policy", policy(folder, signed_by(mine + "\nfrom = 2025-01-01")))
    got, report = scan(model, "--policy", policy(
        folder, "max_trust_root_age_days = 100\n" + signed_by(mine)), env=DAY)
    check((got, found(report)) == (1, [(".", "POL-ROOT-001")]), "the root is old: %s" % found(report))


def suppressions(folder):
    path = folder / "legacy.pkl"
    path.write_bytes(HOSTILE)
    _, plain = scan(path)
    rules = sorted({f["rule"] for f in plain["findings"] if f["severity"] in ("high", "critical")})
    entry = '[[suppress]]\nrule = "%s"\npath = "*.pkl"\nreason = "seen: %s"\nexpires = 2026-05-28\n%s'

    def all_of(more=""):
        return policy(folder, "".join(entry % (rule, "by us", more) for rule in rules))

    code, report = scan(path, "--policy", all_of(), env=DAY)
    check(code == 0, "suppressed: exit code %d: %s" % (code, support.describe(report["findings"])))
    check(sorted({f["rule"] for f in report["suppressed"]}) == rules, "all are listed as suppressed")
    check(all("seen: by us" in json.dumps(f["evidence"]) for f in report["suppressed"]), "with the reason")
    text = run("scan", path, "--policy", all_of(), env=DAY).stdout.decode()
    check("Suppressed by policy" in text and "seen: by us" in text, "text: %s" % text[-600:])
    sarif = json.loads(run("scan", "-f", "sarif", path, "--policy", all_of(), env=DAY).stdout)
    reasons = [s.get("justification") for r in sarif["runs"][0]["results"] for s in r.get("suppressions", [])]
    check(reasons and set(reasons) == {"seen: by us"}, "SARIF: %s" % reasons)
    code, report = scan(path, "--policy", all_of(), env={"SOURCE_DATE_EPOCH": "1780012800"})
    check(code == 1 and not report["suppressed"], "the day after: exit code %d" % code)
    check((".", "POL-SUPP-001") in found(report), "and it says so: %s" % found(report))
    digest = 'sha256 = "%s"\n'
    code, _ = scan(path, "--policy", all_of(digest % support.sha256(path)), env=DAY)
    check(code == 0, "by digest: exit code %d" % code)
    code, _ = scan(path, "--policy", all_of(digest % ("0" * 64)), env=DAY)
    check(code == 1, "by another digest: exit code %d" % code)


def thresholds(folder):
    path = folder / "a.pkl"
    path.write_bytes(HOSTILE)
    for text, words, code in (('fail_on = "none"\n', (), 0), ('fail_on = "none"\n', ("--fail-on", "high"), 1),
                              ("", (), 1), ('fail_on = "critical"\n', (), 1)):
        got, _ = scan(path, "--policy", policy(folder, text), *words)
        check(got == code, "%r %s: exit code %d" % (text, words, got))
    path.write_bytes(b"\x80\x04\x95")
    for text, code in (("allow_incomplete = true\n", 0), ("", 2)):
        got, report = scan(path, "--policy", policy(folder, text))
        check(got == code, "%r: exit code %d: %s" % (text, got, report["gaps"]))
    path.write_bytes(PICKLE)
    deny = policy(folder, '[[deny]]\nsha256 = "%s"\nreason = "ours"\n' % support.sha256(path))
    _, report = scan(path, "--policy", deny)
    check(("a.pkl", "POL-SIGN-003") in found(report), "denied by digest: %s" % found(report))
    refused("--no-hash", "scan", "--no-hash", "--policy", deny, path)


def locks(folder):
    private, public = make_key(folder, "key")
    other_private, other = make_key(folder, "other")
    model, lock = model_of(folder, "model", private), folder / "assay.lock"
    by = ("--public-key", public, "--lock", lock)
    expect(0, [], model, *by, "--update-lock", env=DAY)
    first = lock.read_bytes()
    check(b"first_seen = 2026-05-28" in first and fingerprint(public, folder).encode() in first,
          "the lock: %r" % first)
    expect(0, [], model, *by, env={"SOURCE_DATE_EPOCH": "1790000000"})
    expect(0, [], model, *by, "--update-lock", "-j8", env={"SOURCE_DATE_EPOCH": "1790000000"})
    check(lock.read_bytes() == first, "the same signers, the same bytes")
    check(run("sign", model, "--private-key", other_private, "--signature",
              model / "model.sig").returncode == 0, "sign anew")
    by_other = ("--public-key", other, "--lock", lock)
    expect(1, [("model.sig", "POL-PIN-001")], model, *by_other)
    expect(0, [], model, *by_other, "--repository", "acme/model")
    check(lock.read_bytes() == first, "a lock is written only when asked for")
    (model / "model.sig").unlink()
    expect(1, [(".", "POL-PIN-002"), (".", "PRV-SIG-004")], model, "--lock", lock)
    expect(1, [(".", "POL-PIN-002"), (".", "PRV-SIG-004")], model, "--lock", lock, "--update-lock")
    check(b"[[pin]]" not in lock.read_bytes(), "what is signed no more is forgotten when asked for")


def main():
    for part in (commands, keys, anchors, coverage, identities, suppressions, thresholds, locks):
        with support.Folder() as folder:
            part(folder)
    support.finish()


main()
