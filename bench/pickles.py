"""The pickle analyser against CPython's own readers, on generated streams."""
import subprocess
import sys
from pathlib import Path

import make_pickles

SIZE = 100_000_000
RATE = Path(__file__).resolve().parent.parent / "build/release/bench/pickle_rate"
STREAMS = {
    "opcodes": ("all opcodes", make_pickles.write_all_opcodes),
    "objects": ("small objects", make_pickles.write_objects),
    "payloads": ("64 KiB payloads", make_pickles.write_payloads),
    "state-dict": ("a state dict", make_pickles.write_state_dict),
    "protocol0": ("protocol 0", make_pickles.write_protocol0),
}


def measure(path):
    """(MB and million opcodes a CPU second, how many times as fast as the C unpickler, and as genops)"""
    reference = Path(__file__).with_name("unpickle.py")
    said = subprocess.run([sys.executable, reference, path], check=True, capture_output=True, text=True)
    unpickler, genops = map(float, said.stdout.split())
    said = subprocess.run([RATE, path], check=True, capture_output=True, text=True)
    size, opcodes, _, seconds = said.stdout.split()
    rate = int(size) / float(seconds)
    return rate / 1e6, int(opcodes) / float(seconds) / 1e6, unpickler / float(seconds), rate / genops


def pickles(made):
    for name, (words, write) in STREAMS.items():
        path = made(f"{name}.pkl", lambda out, write=write: write(out, SIZE))
        rate, opcodes, unpickler, genops = measure(path)
        goal = (">=", 5) if name == "opcodes" else ("", "")
        yield f"pickle, {words}: MB per CPU second", rate, "", ""
        yield f"pickle, {words}: million opcodes per CPU second", opcodes, "", ""
        yield f"pickle, {words}: times CPython's C unpickler", unpickler, *goal
        yield f"pickle, {words}: times pickletools.genops", genops, "", ""
