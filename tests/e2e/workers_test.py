"""Whatever happens to a worker, the scan ends, says so, and loses nothing else.

    python3 workers_test.py BINARY SOURCE_DIR FAULTY

FAULTY is the program with one more format: its files bring the parser down in the way they name
(tests/faults/faulty_format.cpp).
"""
import os
import pathlib
import resource
import signal
import subprocess
import sys
import time

import support
from support import CORPUS, check

FAULTY = os.path.abspath(sys.argv[3])
# What a file names, the reason of its gap, a word of its message, and whether a crash is found.
# A worker that talks nonsense is not believed what it had not sent yet.
NONSENSE = ("nonsense", "early-done", "flood", "flood-facts")
FAULTS = {
    "segv": ("crashed", "SIGSEGV", True),
    "abort": ("crashed", "SIGABRT", True),
    "exit": ("crashed", "exit code 0", True),
    "stack": ("crashed", "SIGSEGV", True),
    "open": ("crashed", "SIGSYS", True),
    "nonsense": ("crashed", "no worker of ours", True),
    "early-done": ("crashed", "no worker of ours", True),
    "flood": ("crashed", "no worker of ours", True),
    "flood-facts": ("crashed", "no worker of ours", True),
    "memory": ("over_budget", "memory", False),
    "throw": ("crashed", "thrown", False),
}
# There is no limit of memory and no filter of calls, and a sanitizer turns signals into an exit.
SANITIZED = b"sanitizer build" in support.run("doctor", "--json").stdout
if SANITIZED:
    del FAULTS["memory"], FAULTS["open"]
    FAULTS["segv"] = FAULTS["stack"] = ("crashed", "exit code 1", True)
GOOD = 40


def write(folder, *words, good=GOOD):
    """Files of each fault between good ones."""
    folder = pathlib.Path(folder)
    for word in words:
        (folder / ("f-%s.bin" % word)).write_bytes(b"ASSAY FAULT %s\n" % word.encode())
    for i in range(good):
        name = "abcdefghijklmnopqrstuvwxyz"[i % 26]
        (folder / ("%s%d.pkl" % (name, i))).write_bytes(b"\x80\x02}q\x00.")


def command(*arguments):
    return [FAULTY, "scan", "-f", "json", "--no-progress", *map(str, arguments)]


def start(*arguments, **options):
    return subprocess.Popen(command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            **options)


def finish(process, timeout=120):
    out, _ = process.communicate(timeout=timeout)
    return process.returncode, support.json.loads(out)


def scan(*arguments, **options):
    return finish(start(*arguments, **options))


def workers_of(pid):
    found = []
    for task in pathlib.Path("/proc/%d/task" % pid).iterdir():
        found += [int(word) for word in (task / "children").read_text().split()]
    return found


def wait_for_worker(pid, but=(), moment=0.3):
    """A worker that has been at its work for a moment."""
    for _ in range(5000):
        time.sleep(0.002)
        try:
            workers = [worker for worker in workers_of(pid) if worker not in but]
        except OSError:
            workers = []
        if workers and state_of(workers[0]) in ("S", "R"):
            time.sleep(moment)
            return workers[0]
    return None


def state_of(pid):
    try:
        return pathlib.Path("/proc/%d/stat" % pid).read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return None


def no_process_left():
    for _ in range(100):
        left = []
        for entry in pathlib.Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and os.readlink(entry / "exe") == os.path.realpath(FAULTY):
                    left.append(entry.name)
            except OSError:
                continue
        if not left:
            return True
        time.sleep(0.05)
    return False


def check_fault(by_file, word, expected):
    reason, phrase, is_crash = expected
    name = "f-%s.bin" % word
    gaps = by_file.gaps.get(name, [])
    check([gap["reason"] for gap in gaps] == [reason] and phrase in gaps[0]["message"],
          "%s: gaps %s" % (word, gaps))
    rules = {finding["rule"] for finding in by_file.findings.get(name, [])}
    check(("GEN-CRASH-001" in rules) == is_crash, "%s: rules %s" % (word, rules))
    imports = by_file.files[name].get("imports", [])
    check(word in NONSENSE or any(item["module"] == "os" for item in imports),
          "%s: what was found before is lost: %s" % (word, by_file.files[name]))


def test_every_fault():
    for jobs in (1, 3):
        with support.Folder() as folder, support.Folder() as temporary:
            write(folder, *FAULTS)
            code, report = scan("-j", jobs, folder, env={**os.environ, "TMPDIR": str(temporary)})
            check(code == 1, "exit code %d" % code)
            by_file = support.ByFile(report)
            for word, expected in FAULTS.items():
                check_fault(by_file, word, expected)
            good = [name for name, file in by_file.files.items()
                    if name.endswith(".pkl") and file["status"] == "safe" and file["sha256"]]
            check(len(good) == GOOD, "of %d good files %d are safe" % (GOOD, len(good)))
            check(not list(pathlib.Path(temporary).iterdir()), "temporary files are left")
    check(no_process_left(), "a worker is left")


def test_time():
    with support.Folder() as folder:
        write(folder, "slow", good=5)
        begin = time.monotonic()
        code, report = scan("--timeout", 1, folder)
        check(code == 2, "slow: exit code %d" % code)
        gaps = support.ByFile(report).gaps["f-slow.bin"]
        check([gap["reason"] for gap in gaps] == ["timeout"], "slow: %s" % gaps)
        took = time.monotonic() - begin
        check(took < 20, "slow: it took %.1f s" % took)
    with support.Folder() as folder:
        write(folder, "spin", "wait", good=5)
        code, report = scan("--timeout", 1, "-j", 2, folder)
        by_file = support.ByFile(report)
        for word in ("spin", "wait"):
            gaps = by_file.gaps.get("f-%s.bin" % word, [])
            check([gap["reason"] for gap in gaps] == ["timeout"], "%s: %s" % (word, gaps))
        safe = [name for name, file in by_file.files.items() if file["status"] == "safe"]
        check(len(safe) == 5, "beside files that hang: %s are safe" % safe)
    check(no_process_left(), "a worker that hung is left")


def test_deaf():
    """A worker that answers for files without taking them must not hold its parent up."""
    with support.Folder() as folder:
        for i in range(1200):
            (pathlib.Path(folder) / ("deaf-%04d.bin" % i)).write_bytes(b"plain words\n")
        (pathlib.Path(folder) / "deaf-0000.bin").write_bytes(b"ASSAY FAULT deaf\n")
        begin = time.monotonic()
        code, report = scan("-j", 1, folder)
        took = time.monotonic() - begin
        check(len(report["files"]) == 1200 and all(file["path"] for file in report["files"]),
              "deaf: files are missing")
        check(took < 60, "deaf: it took %.1f s" % took)
        check(any(file["sha256"] for file in report["files"]), "deaf: no other worker came")
    check(no_process_left(), "a worker that takes no orders is left")


def few_descriptors():
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def odd_signals():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, signal.SIGCHLD])


def no_standard_descriptors():
    os.closerange(0, 3)


def test_surroundings():
    """However the scanner was started, files are read by workers and the report is the same."""
    with support.Folder() as folder, support.Folder() as output:
        write(folder, "segv", "exit", good=100)
        reports = []
        for prepare in (None, few_descriptors, odd_signals, no_standard_descriptors):
            path = pathlib.Path(output) / "report.json"
            done = subprocess.run([FAULTY, "scan", "-j", "32", "-q", "--no-progress", "-o",
                                   "json=%s" % path, str(folder)], preexec_fn=prepare, timeout=120,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            name = prepare.__name__ if prepare else "plain"
            check(done.returncode == 1, "%s: exit code %d" % (name, done.returncode))
            reports.append(path.read_bytes())
            check(reports[-1] == reports[0], "%s: the report differs" % name)
        check(b'"sandbox": "none"' not in reports[0], "no sandbox")


def test_few_threads():
    """Where the user may start few threads, those that start read everything."""
    nobody = 65534
    if os.geteuid() != 0:
        return print("not root: the limit of threads is not tried")
    threads = 0
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and entry.stat().st_uid == nobody:
                threads += len(list((entry / "task").iterdir()))
        except OSError:
            continue

    def as_nobody():
        os.setgid(nobody)
        os.setuid(nobody)
        resource.setrlimit(resource.RLIMIT_NPROC, (threads + 10, threads + 10))

    with support.Folder() as folder:
        os.chmod(folder, 0o755)
        write(folder, good=100)
        try:
            done = subprocess.run(command("-j", 32, folder), capture_output=True, timeout=60,
                                  preexec_fn=as_nobody)
        except PermissionError:
            return print("an ordinary user cannot reach the program")
        check(done.returncode == 0, "few threads: exit code %d, %r" % (done.returncode, done.stderr))


def test_silence():
    """What a parser was made to write does not reach the terminal."""
    with support.Folder() as folder:
        write(folder, "shout", good=0)
        done = subprocess.run(command(folder), capture_output=True, timeout=60)
        check(done.returncode == 0, "shout: exit code %d" % done.returncode)
        check(SANITIZED or b"shout" not in done.stderr, "shout: %r" % done.stderr)
        check(b"\x1b" not in done.stdout, "shout: %r" % done.stdout[:200])


def test_many_crashes():
    """Workers come and go by hundreds; the parent's descriptors do not add up."""
    with support.Folder() as folder:
        for i in range(150):
            (pathlib.Path(folder) / ("c%03d.bin" % i)).write_bytes(b"ASSAY FAULT segv\n")
        begin = time.monotonic()
        process = start("-j", 2, folder, preexec_fn=few_descriptors)
        code, report = finish(process)
        check(code == 1 and len(report["gaps"]) == 150, "many crashes: exit code %d" % code)
        check({gap["reason"] for gap in report["gaps"]} == {"crashed"}, "many crashes: lost files")
        took = time.monotonic() - begin
        check(took < 110, "many crashes: it took %.1f s" % took)


def kill_worker(process, **which):
    """Kills the worker that wait_for_worker() finds; its number."""
    pid = wait_for_worker(process.pid, **which)
    check(pid is not None, "no worker came")
    if pid is not None:
        os.kill(pid, signal.SIGKILL)
    return pid


def test_killed():
    """A worker killed from outside is replaced once; the second time the file is a gap."""
    with support.Folder() as folder:
        write(folder, "wait", good=10)
        process = start("-j", 1, folder)
        kill_worker(process, but=(kill_worker(process),))
        code, report = finish(process)
        by_file = support.ByFile(report)
        gaps = by_file.gaps.get("f-wait.bin", [])
        check(code == 1 and [gap["reason"] for gap in gaps] == ["crashed"]
              and "SIGKILL" in gaps[0]["message"], "killed: exit code %d, %s" % (code, gaps))
        safe = [name for name, file in by_file.files.items() if file["status"] == "safe"]
        check(len(safe) == 10, "killed: of 10 good files %d are safe" % len(safe))


def test_killed_early():
    """What the first worker found stays when the second one dies before it finds anything."""
    with support.Folder() as folder:
        write(folder, "wait", good=3)
        process = start("-j", 1, folder)
        kill_worker(process, but=(kill_worker(process),), moment=0)
        code, report = finish(process)
        by_file = support.ByFile(report)
        check(len(by_file.gaps.get("f-wait.bin", [])) == 1, "killed early: no gap")
        check(any(item["module"] == "os" for item in by_file.files["f-wait.bin"].get("imports", [])),
              "killed early: what was found is lost: %s" % by_file.files["f-wait.bin"])


def test_interrupted():
    with support.Folder() as folder:
        write(folder, "wait", good=100)
        process = start("-j", 1, folder)
        wait_for_worker(process.pid)
        process.send_signal(signal.SIGINT)
        code, report = finish(process, timeout=20)
        check(code == 130, "interrupted: exit code %d" % code)
        gaps = support.ByFile(report).gaps
        unread = [file["path"] for file in report["files"] if file["status"] != "safe"]
        check(len(report["files"]) == 101 and len(unread) > 60, "interrupted: %s" % unread)
        check(all(gaps.get(path, [{}])[0].get("reason") == "timeout" for path in unread),
              "interrupted: a file that was not reached has no gap")
    check(no_process_left(), "a worker is left behind an interrupted scan")


def test_orphaned():
    with support.Folder() as folder:
        write(folder, "wait", good=0)
        process = start(folder)
        wait_for_worker(process.pid)
        process.kill()
        process.communicate()
    check(no_process_left(), "a worker outlives its parent")


def test_few_descriptors():
    def few():
        resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
    with support.Folder() as folder:
        write(folder, good=200)
        code, report = scan("-j", 8, folder, preexec_fn=few)
        check(code == 0 and not report["gaps"], "40 descriptors: exit code %d, %s" % (
            code, report["gaps"][:2]))


def test_standard_input():
    """A worker gets what came through a pipe, and nothing it could write to."""
    done = support.run("scan", "-f", "json", "-", stdin=b"cos\nsystem\n(S'echo CANARY'\ntR.")
    check(done.returncode == 1, "standard input: exit code %d" % done.returncode)
    done = support.run("scan", "-f", "json", "-", stdin=b"\x80\x02}q\x00.")
    check(done.returncode == 0, "standard input: exit code %d" % done.returncode)


def test_same_report():
    """A worker says what the same parsers say in the scanner's own process."""
    reports = []
    for flags in ([], ["--no-sandbox"]):
        _, report = support.scan(*flags, CORPUS)
        reports.append({**report, "tool": None})
    check(reports[0] == reports[1], "the corpus' report differs without a sandbox")


def test_doctor():
    done = support.run("doctor", "--self-test", "--json")
    said = support.json.loads(done.stdout)
    check(done.returncode == (1 if SANITIZED else 0), "doctor: exit code %d" % done.returncode)
    check(len(said["self_test"]) >= 12, "doctor: few attempts: %s" % said)
    for attempt in said["self_test"]:
        check(SANITIZED or attempt["withstood"], "doctor: %s" % attempt)
    _, report = support.scan(CORPUS / "README.md")
    check(report["tool"]["sandbox"] == said["sandbox"], "doctor and report differ")
    done = support.run("doctor", "--max-memory", "1M")
    check(done.returncode == 4, "--max-memory 1M: exit code %d" % done.returncode)
    done = support.run("scan", "--no-sandbox", CORPUS / "README.md")
    check(b"sandbox: none" in done.stderr, "--no-sandbox does not warn")
    for layer in said["layers"]:
        if not layer["in_force"]:
            print("this machine has no %(layer)s: %(detail)s" % layer)


def main():
    test_every_fault()
    test_time()
    test_deaf()
    test_surroundings()
    test_few_threads()
    test_silence()
    test_many_crashes()
    test_killed()
    test_killed_early()
    test_interrupted()
    test_orphaned()
    test_few_descriptors()
    test_standard_input()
    test_same_report()
    test_doctor()
    support.finish()


if __name__ == "__main__":
    main()
