"""A clone, from its signed commit down to its weights, as git itself leaves it: no git runs to verify it."""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess

import support
from support import check, run, scan


class Clone:
    """A repository with signed commits, folders, deltas and a pointer of Git LFS."""

    def __init__(self, folder):
        self.folder, self.path = folder, folder / "clone"
        self.path.mkdir()
        self.key = folder / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.key], check=True,
                       stdin=subprocess.DEVNULL)
        self.allowed = folder / "allowed"
        self.allowed.write_text("t@example.invalid namespaces=\"git\" "
                                + (folder / "key.pub").read_text())
        self.git("init", "-q", "-b", "main")
        for name, value in {"user.email": "t@example.invalid", "user.name": "t", "gpg.format": "ssh",
                            "user.signingkey": self.key, "commit.gpgsign": "true"}.items():
            self.git("config", name, value)
        self.weights = os.urandom(200_000)
        self.pointer = ("version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n" % (
            hashlib.sha256(self.weights).hexdigest(), len(self.weights))).encode()
        self.write()

    def git(self, *arguments):
        subprocess.run(["git", *map(os.fspath, arguments)], cwd=self.path, check=True,
                       capture_output=True, env={**os.environ, "HOME": str(self.folder),
                                                 "GIT_CONFIG_NOSYSTEM": "1"})

    def write(self):
        (self.path / "sub").mkdir()
        (self.path / "config.json").write_text("{}\n")
        (self.path / "weights.bin").write_bytes(self.pointer)
        for number in range(12):
            (self.path / "sub" / ("%d.txt" % number)).write_text(
                "".join("%d\n" % i for i in range(3000 + number)))
        self.git("add", ".")
        self.git("commit", "-q", "-m", "one")
        (self.path / "sub/0.txt").write_text("".join("%d\n" % i for i in range(2990)))
        self.git("commit", "-q", "-a", "-m", "two")
        self.fetch_weights()

    def fetch_weights(self):
        (self.path / "weights.bin").write_bytes(self.weights)

    def verify(self, *arguments):
        done = run("verify", "--json", self.path, "--allowed-signers", self.allowed, *arguments)
        evidence = json.loads(done.stdout)["evidence"][0]
        states = {one["path"]: one["state"] for one in evidence["coverage"]}
        return done.returncode, evidence["failure"], states, evidence


def expect(clone, code, failure, what):
    got, failed, states, evidence = clone.verify()
    check((got, failed) == (code, failure), "%s: exit code %d, %r; %s" % (
        what, got, failed, [c for c in evidence["checks"] if c["outcome"] != "passed"]))
    return states, evidence


def forms(clone):
    """The same repository loose, packed and with packed refs says the same."""
    for what, command in (("loose", ["status"]), ("packed", ["gc", "-q", "--aggressive"]),
                          ("detached", ["checkout", "-q", "--detach"]),
                          ("on a branch", ["checkout", "-q", "main"])):
        (clone.path / "weights.bin").write_bytes(clone.pointer)
        clone.git(*command)
        clone.fetch_weights()
        states, evidence = expect(clone, 0, "", what)
        check(set(states.values()) == {"covered"} and len(states) == 14, "%s: %s" % (what, states))
        check(evidence["signer"]["identity"] == "t@example.invalid", "%s: signer" % what)
        check("SHA-1" in evidence["properties"]["links"], "%s: the links are said to be SHA-1" % what)


def changes(clone):
    weights, small = clone.path / "weights.bin", clone.path / "sub/3.txt"
    weights.write_bytes(clone.weights[:-1] + bytes([clone.weights[-1] ^ 1]))
    states, _ = expect(clone, 1, "git.content", "weights of one other byte")
    check(states["weights.bin"] == "changed", "%s" % states["weights.bin"])
    code, report = scan(clone.path)
    check(code == 1 and any(f["rule"] == "PRV-HUB-002" and f["path"] == "weights.bin"
                            for f in report["findings"]), "a scan names the changed weights")
    weights.write_bytes(clone.pointer)
    states, _ = expect(clone, 2, "", "a pointer in place of the weights")
    check(states["weights.bin"] == "weights-absent", "%s" % states["weights.bin"])
    clone.fetch_weights()
    content = small.read_bytes()
    small.write_bytes(content + b"x")
    expect(clone, 1, "git.content", "a small file with one more byte")
    small.unlink()
    states, _ = expect(clone, 1, "git.missing", "a file is gone")
    check(states["sub/3.txt"] == "missing", "%s" % states["sub/3.txt"])
    small.write_bytes(content)
    (clone.path / "new.txt").write_text("new\n")
    states, _ = expect(clone, 0, "", "a file that git does not track")
    check(states["new.txt"] == "extra", "%s" % states["new.txt"])
    (clone.path / "new.txt").unlink()


def links(clone):
    """A link in the place of a signed file leads to anything, and so may a file in the place of a link."""
    weights, outside = clone.path / "weights.bin", clone.folder / "outside.bin"
    outside.write_bytes(b"anything")
    weights.unlink()
    weights.symlink_to(outside)
    states, _ = expect(clone, 1, "git.content", "a link that leads out in the place of weights")
    check(states["weights.bin"] == "changed", "%s" % states["weights.bin"])
    weights.unlink()
    clone.fetch_weights()
    link = clone.path / "link.json"
    link.symlink_to("config.json")
    clone.git("add", "link.json")
    clone.git("commit", "-q", "-m", "a link")
    states, _ = expect(clone, 0, "", "a link that is in the commit")
    check(states["link.json"] == "not-covered", "%s" % states["link.json"])
    link.unlink()
    link.write_text("anything")
    states, _ = expect(clone, 1, "git.content", "a file in the place of a link")
    check(states["link.json"] == "changed", "%s" % states["link.json"])
    link.write_text("config.json")
    states, _ = expect(clone, 0, "", "a file that says where the link leads")
    check(states["link.json"] == "covered", "%s" % states["link.json"])


def signers(clone):
    stranger = clone.folder / "stranger"
    stranger.write_text(clone.allowed.read_text().replace("t@", "s@"))
    code, _, _, evidence = clone.verify("--identity", "s@example.invalid")
    check(code == 1 and evidence["failure"] == "git.principal", "another principal: %s" % evidence["failure"])
    done = run("verify", "--json", clone.path)
    check(done.returncode == 2, "without keys nobody is verified: exit code %d" % done.returncode)
    clone.git("commit", "-q", "--allow-empty", "--no-gpg-sign", "-m", "unsigned")
    code, _, _, evidence = clone.verify()
    check(code == 2 and evidence["checks"][-1]["name"] == "git.unsigned", "an unsigned commit: %d" % code)


def elsewhere(clone):
    """What git keeps elsewhere is not gone after, and not taken for broken."""
    tree = clone.folder / "tree"
    clone.git("worktree", "add", "-q", "--detach", tree)
    other = clone.folder / "other"
    clone.git("init", "-q", "--object-format=sha256", other)
    clone.git("-C", other, "-c", "user.email=t@example.invalid", "-c", "user.name=t", "commit", "-q",
              "--allow-empty", "-m", "one")
    for folder in (tree, other):
        done = run("verify", "--json", folder, "--allowed-signers", clone.allowed)
        kinds = [(e["kind"], e["state"], e["checks"][-1]["name"]) for e in json.loads(done.stdout)["evidence"]]
        check(done.returncode == 2 and kinds == [("git-clone", "unchecked", "git.unsupported")],
              "%s: exit code %d, %s" % (folder.name, done.returncode, kinds))
    shutil.rmtree(tree)
    clone.git("worktree", "prune")


def damaged(clone):
    """Any byte of the store may be another: what is believed is what the ids say."""
    objects = sorted(path for path in (clone.path / ".git/objects").rglob("*") if path.is_file())
    for path in objects:
        content = path.read_bytes()
        os.chmod(path, 0o644)
        for at in range(0, len(content), max(1, len(content) // 6)):
            path.write_bytes(content[:at] + bytes([content[at] ^ 0x41]) + content[at + 1:])
            done = run("verify", "--json", clone.path, "--allowed-signers", clone.allowed)
            check(done.returncode in (0, 1, 2), "%s at %d: exit code %d" % (path.name, at, done.returncode))
            answer = json.loads(done.stdout)
            evidence = answer["evidence"][0] if answer["evidence"] else {"coverage": []}
            wrong = [one for one in evidence["coverage"] if one["state"] == "changed"]
            check(not wrong, "%s at %d: %s" % (path.name, at, wrong))
        path.write_bytes(content)


def main():
    if not shutil.which("git") or not shutil.which("ssh-keygen"):
        support.skip("git and ssh-keygen are not here")
    with support.Folder() as folder:
        clone = Clone(pathlib.Path(folder))
        forms(clone)
        changes(clone)
        links(clone)
        elsewhere(clone)
        damaged(clone)
        signers(clone)
    support.finish()


main()
