#!/usr/bin/env python3
"""Measures whole scans against the goals, as ratios of CPU time taken in one run.

    ./dev bench [NAME...]      all, or those whose name begins with one of the words

The large inputs are made below build/bench the first time and kept there.
"""
import datetime
import json
import os
import platform
import random
import resource
import statistics
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSAY = ROOT / "build/release/assay"
DATA = ROOT / "build/bench"
sys.path.insert(0, str(ROOT / "bench"))

import make_pickles  # noqa: E402
import pickles as pickle_rates  # noqa: E402


def run(command):
    """CPU seconds and peak memory in MiB of one run."""
    null = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)]
    # Not fork: copying this interpreter would count as the program's time.
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=null)
    _, status, used = os.wait4(pid, 0)
    if os.WIFSIGNALED(status):
        raise SystemExit(f"killed by signal {os.WTERMSIG(status)}: {command}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def best(command, times=3):
    runs = [run(command) for _ in range(times)]
    return min(cpu for cpu, _ in runs), max(memory for _, memory in runs)


def scan(*arguments):
    return [str(ASSAY), "scan", "--no-progress", *map(str, arguments)]


def made(name, make):
    path = DATA / name
    if not path.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with open(part, "wb") as out:
            make(out)
        part.rename(path)
    return path


def write_safetensors(out, size):
    """`size` bytes of F32 weights in 300 tensors; the values are random."""
    each = size // 300 // 4 * 4
    header = {f"model.layers.{i}.weight": {"dtype": "F32", "shape": [each // 4],
                                           "data_offsets": [i * each, (i + 1) * each]}
              for i in range(300)}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    out.write(struct.pack("<Q", len(text)) + text)
    block = random.Random(1).randbytes(1 << 22)
    left = 300 * each
    while left:
        out.write(block[:min(left, len(block))])
        left -= min(left, len(block))


def write_zip(out, entries):
    with zipfile.ZipFile(out, "w") as archive:
        for i in range(entries):
            archive.writestr(zipfile.ZipInfo(f"data/{i:06}.txt"), b"x")


def write_small_pickle(out):
    out.write(make_pickles.protocol4({"weights": [0.5] * 90, "name": "small"}))


def startup():
    path = made("small.pkl", write_small_pickle)
    cpus = [run(scan(path))[0] for _ in range(101)]
    # As below, the best: what else the machine does only adds to it.
    yield "one 1 KB pickle, CPU ms", min(cpus) * 1000, "<=", 10
    yield "one 1 KB pickle, the median of 101, CPU ms", statistics.median(cpus) * 1000, "", ""


def safetensors():
    path = made("weights.safetensors", lambda out: write_safetensors(out, 2_000_000_000))
    hashing, _ = best(["openssl", "dgst", "-sha256", str(path)])
    cpu, memory = best(scan(path))
    yield "2 GB safetensors, CPU / openssl dgst -sha256", cpu / hashing, "<=", 1.6
    yield "2 GB safetensors, peak MiB", memory, "<=", 64


def signed_model():
    """A folder of one 2 GB file, signed; and the key."""
    folder = DATA / "signed"
    key, public = DATA / "signer.pem", DATA / "signer.pub"
    weights = made("weights.safetensors", lambda out: write_safetensors(out, 2_000_000_000))
    if not (folder / "model.sig").exists():
        folder.mkdir(exist_ok=True)
        if not (folder / weights.name).exists():
            os.link(weights, folder / weights.name)
        for command in (["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key],
                        ["openssl", "ec", "-in", key, "-pubout", "-out", public],
                        [ASSAY, "sign", folder, "--private-key", key]):
            subprocess.run(list(map(str, command)), check=True, capture_output=True)
    return folder, public


def interleaved(first, second, times=5):
    """The best CPU seconds of each, taken in turns."""
    pairs = [(run(first)[0], run(second)[0]) for _ in range(times)]
    return min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)


def verify():
    folder, public = signed_model()
    hash_command = ["openssl", "dgst", "-sha256", str(folder / "weights.safetensors")]
    verify_command = [str(ASSAY), "verify", str(folder), "--public-key", str(public)]
    hashing, cpu = interleaved(hash_command, verify_command)
    yield "verify a 2 GB model, CPU / openssl dgst -sha256", cpu / hashing, "<=", 1.05
    yield "the same, peak MiB", run(verify_command)[1], "<=", 32
    plain, signed = interleaved(scan(folder / "weights.safetensors"),
                                scan(folder, "--public-key", public))
    yield "scan the signed 2 GB model, CPU / scan of the file alone", signed / plain, "", ""
    yield from one_verification()


def one_verification():
    case = ROOT.parent / "shared/provenance/conformance/rekor2-timestamp-without-embedded-cert"
    if not case.exists():
        return
    identity = ("https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/"
                ".github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main")
    command = [str(ASSAY), "verify-bundle", "--bundle", str(case / "bundle.sigstore.json"),
               "--certificate-identity", identity, "--certificate-oidc-issuer",
               "https://token.actions.githubusercontent.com", "--trusted-root",
               str(case / "trusted_root.json"), str(case.parent / "a.txt")]
    # In turn, so that a busy minute is one for both.
    pairs = [(run(command)[0] * 1000, run([str(ASSAY), "version"])[0] * 1000) for _ in range(51)]
    cpus = [cpu for cpu, _ in pairs]
    yield "one bundle, the whole program and its worker, CPU ms", min(cpus), "<=", 15
    yield "the same, the median of 51, CPU ms", statistics.median(cpus), "", ""
    yield "... beyond the start of a program that does nothing", min(cpus) - min(s for _, s in pairs), "", ""


def opcodes():
    path = made("opcodes.pkl", lambda out: make_pickles.write_all_opcodes(out, 100_000_000))
    cpu, memory = best(scan(path))
    yield "100 MB of all opcodes, MB per CPU second", path.stat().st_size / 1e6 / cpu, ">=", 100
    yield "100 MB of all opcodes, peak MiB", memory, "<=", 64


def listing():
    path = made("entries.zip", lambda out: write_zip(out, 20_000))
    cpu, memory = best(scan("--no-hash", path))
    yield "zip of 20,000 entries, CPU us an entry (all in)", cpu / 20_000 * 1e6, "<=", 100
    yield "zip of 20,000 entries, peak MiB", memory, "<=", 256


def write_folder(path, count):
    """Small pickles, all different."""
    path.mkdir(parents=True, exist_ok=True)
    for i in range(len(list(path.iterdir())), count):
        value = {"weights": [0.5 + i] * 8, "name": f"small {i}"}
        (path / f"{i:05}.pkl").write_bytes(make_pickles.protocol4(value))


def workers():
    """What a file costs beyond the start: the difference of two folders."""
    folders = {count: DATA / f"pickles-{count}" for count in (1, 5000)}
    for count, path in folders.items():
        write_folder(path, count)
    for words, flags in (("", []), ("--no-sandbox", ["--no-sandbox"])):
        start, _ = best(scan("-q", *flags, folders[1]), 5)
        cpu, memory = best(scan("-q", *flags, folders[5000]), 5)
        if flags:
            yield f"5,000 small pickles, {words}, CPU us a file", (cpu - start) / 5000 * 1e6, "", ""
            continue
        yield "5,000 small pickles, without the start, CPU us a file", (cpu - start) / 5000 * 1e6, "<=", 60
        yield "5,000 small pickles, all in, CPU us a file", cpu / 5000 * 1e6, "<=", 60
        yield "a worker's peak, MiB", worker_peak(scan("-q", folders[5000])), "<=", 40


def worker_peak(command):
    """Peak memory in MiB of the largest process below `command`, seen every few milliseconds."""
    peak = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as scanner:
        while scanner.poll() is None:
            for pid in children(scanner.pid):
                peak = max(peak, high_water(pid))
    return peak / 1024


def children(pid):
    try:
        tasks = Path(f"/proc/{pid}/task").iterdir()
        return [int(word) for task in tasks for word in (task / "children").read_text().split()]
    except OSError:
        return []


def high_water(pid):
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


BENCHES = {"startup": startup, "workers": workers, "safetensors": safetensors,
           "verify": verify, "opcodes": opcodes,
           "listing": listing, "pickle": lambda: pickle_rates.pickles(made)}


def machine():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo")
                  if line.startswith("model name")), platform.machine())
    version = subprocess.run([ASSAY, "version"], capture_output=True, text=True).stdout.split("\n")[0]
    return f"{datetime.date.today()}, {version}, {model}, {os.cpu_count()} cores, {platform.release()}"


def main():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    words = sys.argv[1:]
    print(machine())
    missed = 0
    for name, bench in BENCHES.items():
        if words and not any(name.startswith(word) for word in words):
            continue
        for what, value, sign, goal in bench():
            met = not sign or (value <= goal if sign == "<=" else value >= goal)
            missed += not met
            wanted = f"goal {sign} {goal:<6}" if sign else ""
            print(f"{what:56} {value:10.2f}   {wanted} {'' if met else 'MISSED'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
