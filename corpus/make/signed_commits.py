"""Git commits signed with OpenPGP and SSH keys in the ways that matter to a verifier.

Needs gpg (2.2) and ssh-keygen. The keys are made anew and thrown away, so a second run writes
other bytes; what is expected of each commit stays. corpus/git/expected.tsv: file, verdict.
"""
import hashlib
import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent / "git"
TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
MADE = 1767225600  # 2026-01-01
DAY = 86400
ROWS = []


class Gpg:
    """A key ring of its own, at whatever time is asked for."""

    def __init__(self, home):
        self.home = home
        pathlib.Path(home, "gpg-agent.conf").write_text("allow-loopback-pinentry\n")

    def __call__(self, *arguments, at=MADE, given=b""):
        command = ["gpg", "--homedir", self.home, "--batch", "--yes", "--quiet", "--no-tty", "--pinentry-mode",
                   "loopback", "--passphrase", "", "--faked-system-time", "%d!" % at, *arguments]
        return subprocess.run(command, input=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout

    def fingerprints(self, name):
        listing = self("--with-colons", "--list-keys", "--with-subkey-fingerprint", name).decode()
        return [line.split(":")[9] for line in listing.splitlines() if line.startswith("fpr:")]

    def new(self, name, algorithm="ed25519", usage="sign", lifetime="never", at=MADE):
        self("--quick-generate-key", "%s <%s@example.invalid>" % (name, name), algorithm, usage, lifetime, at=at)
        return self.fingerprints(name)[0]

    def revoke(self, name, reason, at):
        fingerprint = self.fingerprints(name)[0]
        command = ["gpg", "--homedir", self.home, "--no-tty", "--command-fd", "0", "--pinentry-mode", "loopback",
                   "--faked-system-time", "%d!" % at, "--gen-revoke", fingerprint]
        certificate = subprocess.run(command, input=("y\n%d\n\ny\n" % reason).encode(), stdout=subprocess.PIPE,
                                     stderr=subprocess.DEVNULL, check=True).stdout
        self("--import", given=certificate, at=at)


def commit(extra="", message="sample\n"):
    person = "A U Thor <author@example.invalid> %d +0000" % MADE
    return "tree %s\nauthor %s\ncommitter %s\n%s\n%s" % (TREE, person, person, extra, message)


def with_signature(payload, signature):
    head, rest = payload.split("\n\n", 1)
    folded = signature.decode().rstrip("\n").replace("\n", "\n ")
    return "%s\ngpgsig %s\n\n%s" % (head, folded, rest)


def write(name, text, verdict):
    (ROOT / ("%s.commit" % name)).write_text(text)
    ROWS.append("%s\t%s\n" % (name, verdict))


def sign(gpg, key, payload, *options, at=MADE):
    return gpg("--armor", "--detach-sign", "--local-user", key + "!", *options, at=at, given=payload.encode())


def signed(gpg, name, key, verdict, *options, at=MADE, payload=None):
    payload = payload or commit()
    write(name, with_signature(payload, sign(gpg, key, payload, *options, at=at)), verdict)


def kinds(gpg):
    for name, algorithm in (("rsa2048", "rsa2048"), ("nistp384", "nistp384"), ("nistp521", "nistp521")):
        signed(gpg, name, gpg.new(name, algorithm), "verified")
    signed(gpg, "dsa", gpg.new("dsa", "dsa2048"), "unchecked openpgp.unsupported")
    signed(gpg, "rsa1024", gpg.new("rsa1024", "rsa1024"), "unchecked openpgp.unsupported")
    parents = "mergetag object %s\n type commit\n tag t\n tagger T <t@example.invalid> 1 +0000\n \n text\n" % TREE
    plain = gpg.fingerprints("rsa2048")[0]
    signed(gpg, "merge-of-tag", plain, "verified", payload=commit(parents))
    signed(gpg, "sha1", plain, "rejected openpgp.weak", "--digest-algo", "sha1", "--allow-weak-digest-algos")
    signed(gpg, "text", plain, "rejected openpgp.parse", "--textmode")
    signed(gpg, "notation", plain, "verified", "--sig-notation", "note@example.invalid=x")
    signed(gpg, "signature-expired", plain, "rejected git.signature.expired", "--default-sig-expire", "1d")
    signed(gpg, "future", plain, "rejected git.time", at=4102444800)


def subkeys(gpg):
    primary = gpg.new("subkeys", usage="cert")
    gpg("--quick-add-key", primary, "ed25519", "sign", "never")
    gpg("--quick-add-key", primary, "ed25519", "sign", "10d")
    gpg("--quick-add-key", primary, "rsa2048", "sign", "never")
    _, good, expired, revoked = gpg.fingerprints("subkeys")
    signed(gpg, "subkey", good, "verified")
    signed(gpg, "subkey-in-time", expired, "verified", at=MADE + 9 * DAY)
    signed(gpg, "subkey-revoked", revoked, "rejected git.key.revoked")
    script = "key 3\nrevkey\ny\n1\n\ny\nsave\n"
    subprocess.run(["gpg", "--homedir", gpg.home, "--no-tty", "--command-fd", "0", "--pinentry-mode", "loopback",
                    "--faked-system-time", "%d!" % (MADE + DAY), "--edit-key", primary], input=script.encode(), check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def lifetimes(gpg):
    short = gpg.new("short", lifetime="10d")
    signed(gpg, "in-time", short, "verified", at=MADE + 9 * DAY)
    # gpg does not sign with a key that is over: it signs first, and the key is then cut short.
    shortened = gpg.new("shortened")
    signed(gpg, "too-late", shortened, "rejected git.key.expired", at=MADE + 9 * DAY)
    gpg("--quick-set-expire", shortened, "4d", at=MADE + DAY)
    for name, reason, day, verdict in (("compromised", 1, 0, "rejected git.key.revoked"),
                                       ("superseded", 2, 0, "verified"),
                                       ("superseded-before", 2, 9, "rejected git.key.revoked"),
                                       ("no-reason", 0, 0, "rejected git.key.revoked")):
        key = gpg.new(name)
        signed(gpg, name, key, verdict, at=MADE + day * DAY)
        gpg.revoke(name, reason, MADE + 5 * DAY)


def ssh(home):
    lines = []
    for name, kind, options, verdict in (
            ("ssh-p384", ["-t", "ecdsa", "-b", "384"], "", "verified"),
            ("ssh-p521", ["-t", "ecdsa", "-b", "521"], "", "verified"),
            ("ssh-rsa1024", ["-t", "rsa", "-b", "1024"], "", "unchecked sshsig.unsupported"),
            ("ssh-in-time", ["-t", "ed25519"], 'valid-after="20251231Z",valid-before="20260102Z" ', "verified"),
            ("ssh-too-late", ["-t", "ed25519"], 'valid-before="20251231Z" ', "rejected git.key.expired"),
            ("ssh-too-early", ["-t", "ed25519"], 'valid-after="20260102Z" ', "rejected git.key.expired"),
            ("ssh-other-namespace", ["-t", "ed25519"], 'namespaces="file" ', "rejected git.namespace"),
            ("ssh-authority", ["-t", "ed25519"], "cert-authority ", "rejected git.key.unknown"),
            ("ssh-stranger", ["-t", "ed25519"], None, "rejected git.key.unknown")):
        key = os.path.join(home, name)
        subprocess.run(["ssh-keygen", "-q", "-N", "", "-C", "", "-f", key, *kind], check=True)
        armor = subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", "git", "-f", key], input=commit().encode(),
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
        write(name, with_signature(commit(), armor), verdict)
        if options is not None:
            lines.append("*@example.invalid %s%s" % (options, pathlib.Path(key + ".pub").read_text()))
    (ROOT / "allowed_signers").write_text("".join(lines))


def main():
    for old in ROOT.glob("*"):
        if old.is_file():
            old.unlink()
    with tempfile.TemporaryDirectory() as home:
        gpg = Gpg(home)
        kinds(gpg)
        subkeys(gpg)
        lifetimes(gpg)
        ssh(home)
        (ROOT / "keys.asc").write_bytes(gpg("--armor", "--export"))
        subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], check=True)
    write("unsigned", commit(), "unchecked git.unsigned")
    (ROOT / "expected.tsv").write_text("".join(sorted(ROWS)))


main()
