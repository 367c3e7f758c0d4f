"""The command line as CONTRACT promises it: exit codes, streams, odd names, options."""
import json
import os
import shutil
import signal
import subprocess
import time

import support
from support import check, run

SAFE = b"\x80\x04]\x94(K\x01K\x02e."
CUSTOM_CLASS = b"\x80\x02c__main__\nNet\n)\x81."  # medium: a class of the author's own
HOSTILE = b"cos\nsystem\n(S'echo CANARY'\ntR."
TRUNCATED = b"\x80\x04]\x94(K\x01K"
BASE_FORMATS = {"text", "json", "jsonl", "sarif", "cyclonedx", "cyclonedx-1.6"}
OTHER_FORMATS = {"spdx", "html", "markdown", "junit", "github", "gitlab"}
ODD_NAMES = [b"line\nbreak.pkl", b"\x1b[31mred\x1b[0m.pkl", b"bad\xff\xfeutf8.pkl",
             b"bell\x07\x9b.pkl", b" lead and trail ",
             b"-f", "right\u202eto left.pkl".encode(), b"quote'\"<b>&.pkl", b"%s%n.pkl",
             b"bang!.pkl"]


def write(folder, **files):
    for name, data in files.items():
        (folder / (name + ".pkl")).write_bytes(data)


def expect(code, done, what):
    check(done.returncode == code, "%s: exit code %d, expected %d; stderr: %s" % (
        what, done.returncode, code, done.stderr.decode(errors="replace")[:300]))


def exit_codes(folder):
    write(folder, safe=SAFE, custom=CUSTOM_CLASS, hostile=HOSTILE, truncated=TRUNCATED)
    (folder / "nothing").mkdir()
    write(folder / "nothing")
    for code, names in {0: ["safe"], 1: ["hostile"], 2: ["truncated"]}.items():
        for name in names:
            expect(code, run("scan", name + ".pkl", cwd=folder), name)
            expect(code, run(name + ".pkl", cwd=folder), "scan by default, " + name)
    expect(1, run("scan", "hostile.pkl", "truncated.pkl", cwd=folder), "findings win over gaps")
    expect(2, run("scan", "safe.pkl", "truncated.pkl", cwd=folder), "a gap beside a safe file")
    expect(3, run("scan", "nothing", cwd=folder), "an empty folder")
    for arguments in (["scan", "--no-such-option", "safe.pkl"],
                      ["scan", "-f", "nonsense", "safe.pkl"], ["scan"],
                      ["scan", "--fail-on", "sometimes", "safe.pkl"],
                      ["scan", "-j", "many", "safe.pkl"]):
        done = run(*arguments, cwd=folder)
        expect(4, done, " ".join(arguments))
        check(not done.stdout and done.stderr, "%s: the complaint goes to stderr alone" % arguments)
    for arguments in (["version"], ["--help"], ["scan", "--help"]):
        done = run(*arguments)
        expect(0, done, " ".join(arguments))
        check(done.stdout, "%s: prints nothing" % arguments)


def missing_paths(folder):
    write(folder, safe=SAFE)
    alone = run("scan", "absent.pkl", cwd=folder)
    check(alone.returncode in (2, 3, 4), "a missing path: exit code %d" % alone.returncode)
    check(b"absent.pkl" in alone.stderr, "a missing path is not named on stderr")
    both = run("scan", "safe.pkl", "absent.pkl", cwd=folder)
    check(both.returncode in (2, 3, 4),
          "a missing path beside a safe file: exit code %d" % both.returncode)


def fail_on(folder):
    write(folder, custom=CUSTOM_CLASS, hostile=HOSTILE)
    for level, name, code in (("none", "hostile", 0), ("critical", "hostile", 1),
                              ("high", "custom", 0),
                              ("medium", "custom", 1), ("low", "custom", 1),
                              ("critical", "custom", 0)):
        expect(code, run("scan", "--fail-on", level, name + ".pkl", cwd=folder),
               "--fail-on %s %s" % (level, name))


def streams(folder):
    write(folder, safe=SAFE, hostile=HOSTILE)
    plain = run("scan", "-f", "json", ".", cwd=folder)
    json.loads(plain.stdout)
    quiet = run("scan", "-q", "-f", "json", ".", cwd=folder)
    check(quiet.stderr == b"", "-q: stderr holds %r" % quiet.stderr[:200])
    check(quiet.returncode == 1, "-q: exit code %d" % quiet.returncode)
    for env, arguments, coloured in (({"NO_COLOR": "1"}, [], False),
                                     ({}, ["--color", "never"], False), ({}, [], False),
                                     ({}, ["--color", "always"], True)):
        text = run("scan", *arguments, ".", cwd=folder, env=env).stdout
        check((b"\x1b" in text) == coloured, "%s %s: colour %s" % (env, arguments, not coloured))
    done = run("scan", "-f", "text", "-o", "json=report.json", "-o", "sarif=report.sarif",
               "safe.pkl", "hostile.pkl", cwd=folder)
    expect(1, done, "-o twice")
    check(b"hostile.pkl" in done.stdout and not done.stdout.lstrip().startswith(b"{"),
          "-o replaces the text on stdout")
    both = run("scan", "-f", "json", "safe.pkl", "hostile.pkl", cwd=folder)
    check((folder / "report.json").read_bytes() == both.stdout, "-o json=FILE differs from -f json")
    check(json.loads((folder / "report.sarif").read_text()).get("version") == "2.1.0",
          "-o sarif=FILE holds no SARIF")


def stdin(folder):
    for data, code in ((SAFE, 0), (HOSTILE, 1), (TRUNCATED, 2)):
        done = run("scan", "-f", "json", "-", stdin=data, cwd=folder)
        expect(code, done, "standard input")
        report = json.loads(done.stdout)
        check(report["source"]["kind"] == "stdin" and len(report["files"]) == 1,
              "standard input: source %s" % report["source"])


def filters(folder):
    write(folder, safe=SAFE, hostile=HOSTILE)
    (folder / "sub").mkdir()
    write(folder / "sub", other=HOSTILE)

    def examined(*arguments):
        report = json.loads(run("scan", "-f", "json", *arguments, ".", cwd=folder).stdout)
        return sorted(file["path"] for file in report["files"] if file["status"] != "unscanned")

    check(examined() == ["hostile.pkl", "safe.pkl", "sub/other.pkl"], "no filter: %s" % examined())
    check(examined("--include", "safe*") == ["safe.pkl"],
          "--include: %s" % examined("--include", "safe*"))
    kept = examined("--exclude", "hostile.pkl", "--exclude", "sub/**")
    check(kept == ["safe.pkl"], "--exclude: %s" % kept)
    expect(0, run("scan", "--exclude", "hostile.pkl", "--exclude", "sub/**", ".", cwd=folder),
           "--exclude of what is hostile")
    (folder / "list").write_text("safe.pkl\n")
    expect(0, run("scan", "--files-from", "list", cwd=folder), "--files-from")
    (folder / "list0").write_bytes(b"safe.pkl\0hostile.pkl\0")
    expect(1, run("scan", "--files-from", "list0", "-0", cwd=folder), "--files-from -0")


def odd_files(folder):
    write(folder, safe=SAFE)
    (folder / "loop").symlink_to(".")
    (folder / "deep").mkdir()
    (folder / "deep" / "up").symlink_to("..")
    (folder / "dangling.pkl").symlink_to("nowhere")
    (folder / "empty.pkl").write_bytes(b"")
    os.mkfifo(folder / "pipe.pkl")
    code, report = support.scan(".", cwd=folder, timeout=30)
    paths = [file["path"] for file in report["files"]]
    check(paths.count("safe.pkl") == 1 and len(paths) <= 6,
          "a folder that links to itself: %s" % paths[:8])
    status = {file["path"]: file["status"] for file in report["files"]}
    check(status.get("pipe.pkl") != "safe", "a FIFO is called safe")
    check(status.get("dangling.pkl") != "safe", "a dangling link is called safe")
    check(code in (0, 2), "odd files: exit code %d" % code)


def unreadable(folder):
    """Root reads everything, so as root the scan runs as nobody, with a binary that nobody can reach."""
    write(folder, safe=SAFE, locked=SAFE)
    (folder / "locked.pkl").chmod(0)
    folder.chmod(0o755)
    command, user = [support.ASSAY], None
    if os.geteuid() == 0:
        shutil.copy(support.ASSAY, folder / "assay")
        (folder / "assay").chmod(0o755)
        command, user = [folder / "assay"], 65534
    done = subprocess.run(command + ["scan", "-f", "json", "--no-cache", "--include", "*.pkl", "."],
                          cwd=folder, user=user,
                          capture_output=True, env={"PATH": os.environ["PATH"]}, timeout=60)
    if done.returncode in (126, 127):
        print("SKIPPED: the binary does not run as nobody")
        return
    expect(2, done, "an unreadable file beside a safe one")
    reasons = {gap["path"]: gap["reason"] for gap in json.loads(done.stdout)["gaps"]}
    check(reasons.get("locked.pkl") == "unreadable", "an unreadable file: gaps %s" % reasons)


def known_formats():
    """Those of the contract that this version's help names."""
    words = set(run("scan", "--help").stdout.decode().replace(",", " ").replace("|", " ").split())
    check(BASE_FORMATS <= words, "--help does not name %s" % sorted(BASE_FORMATS - words))
    return sorted((BASE_FORMATS | OTHER_FORMATS) & words)


def odd_names(folder):
    for name in ODD_NAMES:
        with open(os.path.join(os.fsencode(folder), name), "wb") as out:
            out.write(HOSTILE)
    for output in known_formats():
        done = run("scan", "-f", output, ".", cwd=folder, env={"SOURCE_DATE_EPOCH": "0"})
        expect(1, done, "-f %s of odd names" % output)
        check(b"\x1b" not in done.stdout + done.stderr, "-f %s: an escape byte" % output)
        check(str(folder).encode() not in done.stdout, "-f %s: an absolute path" % output)
        try:
            text = done.stdout.decode()
        except UnicodeDecodeError as error:
            check(False, "-f %s: not UTF-8: %s" % (output, error))
            continue
        check("\u202e" not in text or output not in ("text", "html"),
              "-f %s: a bidirectional override" % output)
        check("line\nbreak" not in text, "-f %s: a raw line break from a name" % output)
    _, report = support.scan(".", cwd=folder)
    check(len(report["files"]) == len(ODD_NAMES),
          "%d odd names, %d in the report" % (len(ODD_NAMES), len(report["files"])))
    _, report = support.scan(folder)  # named absolutely: what is in it still is not
    check(
        not any(str(folder) in item["path"] for kind in ("files", "findings", "gaps")
                for item in report[kind]),
          "a path in the report is absolute")


def interrupted(folder):
    with subprocess.Popen([support.ASSAY, "scan", "-f", "json", "-"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, cwd=folder) as process:
        process.stdin.write(SAFE[:4])
        process.stdin.flush()
        time.sleep(1)
        check(process.poll() is None, "a scan of an open pipe ended by itself")
        process.send_signal(signal.SIGINT)
        try:
            code = process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            code = "none in 20 s"
        check(code == 130, "SIGINT: exit code %s" % code)


def main():
    for case in (exit_codes, missing_paths, fail_on, streams, stdin, filters, odd_files, unreadable,
                 odd_names, interrupted):
        with support.Folder() as folder:
            try:
                case(folder)
            except (OSError, ValueError, KeyError, subprocess.TimeoutExpired) as error:
                check(False, "%s: %r" % (case.__name__, error))
    support.finish()


if __name__ == "__main__":
    main()
