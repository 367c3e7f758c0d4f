"""Clones with signed commits, as git leaves them: loose, packed with deltas, and in older forms.

Needs git, gpg (2.2) and ssh-keygen. The keys are made anew and thrown away, so a second run writes other
bytes. corpus/git/clones/NAME: `dot-git` (of it what git reads objects and refs from) and `work`.
"""
import hashlib
import os
import pathlib
import random
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent / "git/clones"
MADE = 1767225600  # 2026-01-01
PERSON = "t@example.invalid"
KEPT = ("HEAD", "packed-refs", "objects", "refs", "shallow")


def quietly(command, **options):
    return subprocess.run(list(map(os.fspath, command)), check=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **options).stdout


class Clone:
    def __init__(self, home, name, signing, shape):
        self.name, self.path, self.home = name, home / name, home
        self.time = MADE
        self.path.mkdir()
        self.git("init", "-q", "-b", "main")
        for key, value in {"user.email": PERSON, "user.name": "t", "gc.auto": "0", **signing}.items():
            self.git("config", key, value)
        self.write()
        shape(self)
        self.keep()

    def git(self, *arguments):
        date = "%d +0000" % self.time
        environment = {"PATH": os.environ["PATH"], "HOME": self.home, "GNUPGHOME": self.home / "gpg",
                       "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        return quietly(["git", *arguments], cwd=self.path, env=environment)

    def commit(self, message, *options):
        self.time += 60
        self.git("add", ".")
        self.git("commit", "-q", "-m", message, *options)

    def write(self):
        """Three versions, so that trees and texts become deltas; a pointer whose weights are there."""
        sub = self.path / "sub/deeper"
        sub.mkdir(parents=True)
        weights = random.Random(5).randbytes(3000)
        pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n" % (
            hashlib.sha256(weights).hexdigest(), len(weights))
        (self.path / "weights.bin").write_text(pointer)
        (self.path / "config.json").write_text("{}\n")
        (self.path / "empty").write_text("")
        for number in range(6):
            (sub / ("%d.txt" % number)).write_text("".join("%d\n" % i for i in range(400 + number)))
        self.commit("one")
        (sub / "0.txt").write_text("".join("%d\n" % i for i in range(390)))
        self.commit("two")
        (sub / "1.txt").write_text("".join("%d\n" % (i * i) for i in range(390)))
        self.commit("three", "-S")
        (self.path / "weights.bin").write_bytes(weights)

    def keep(self):
        target = ROOT / self.name
        shutil.copytree(self.path, target / "work", ignore=shutil.ignore_patterns(".git"))
        (target / "dot-git").mkdir()
        for name in KEPT:
            source = self.path / ".git" / name
            if source.is_dir():
                shutil.copytree(source, target / "dot-git" / name)
            elif source.exists():
                shutil.copy(source, target / "dot-git" / name)
        for path in sorted(target.rglob("*"), reverse=True):
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            else:
                path.chmod(0o644)


def packed(clone):
    clone.git("gc", "-q", "--aggressive", "--prune=now")


def older(clone):
    """Index of version 1, bases by their ids, HEAD detached, a second pack and a loose commit."""
    clone.git("-c", "pack.indexVersion=1", "-c", "repack.useDeltaBaseOffset=false", "repack", "-q", "-a", "-d", "-f")
    (clone.path / "more.txt").write_text("more\n")
    clone.time += 60
    clone.git("add", "more.txt")
    clone.git("commit", "-q", "-S", "-m", "four")
    clone.git("-c", "pack.indexVersion=1", "repack", "-q")
    clone.git("prune-packed")
    clone.time += 60
    clone.git("commit", "-q", "-S", "--allow-empty", "-m", "five")
    (clone.path / ".git/HEAD").write_bytes(clone.git("rev-parse", "HEAD"))


def main():
    shutil.rmtree(ROOT, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        home = pathlib.Path(folder)
        (home / "gpg").mkdir(mode=0o700)
        environment = {**os.environ, "GNUPGHOME": str(home / "gpg")}
        gpg = ["gpg", "--batch", "--quiet", "--no-tty", "--pinentry-mode", "loopback", "--passphrase", "",
               "--faked-system-time", "%d!" % MADE]
        quietly([*gpg, "--quick-generate-key", "t <%s>" % PERSON, "ed25519", "sign", "never"], env=environment)
        quietly(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", home / "key"])
        ssh = {"gpg.format": "ssh", "user.signingkey": home / "key"}
        (home / "gpg.sh").write_text("#!/bin/sh\nexec gpg --faked-system-time '%d!' \"$@\"\n" % (MADE + 3600))
        (home / "gpg.sh").chmod(0o755)
        openpgp = {"user.signingkey": PERSON, "gpg.program": home / "gpg.sh"}
        Clone(home, "loose", ssh, lambda clone: None)
        Clone(home, "packed", openpgp, packed)
        Clone(home, "older", ssh, older)
        (ROOT / "keys.asc").write_bytes(quietly([*gpg, "--armor", "--export"], env=environment))
        (ROOT / "allowed_signers").write_text("%s namespaces=\"git\" %s" % (PERSON, (home / "key.pub").read_text()))
        quietly(["gpgconf", "--homedir", home / "gpg", "--kill", "all"])


main()
