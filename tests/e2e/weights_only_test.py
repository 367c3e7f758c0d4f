"""The answer to torch.load(weights_only=True), for every torch file of the corpus.

Where Debian's torch is at hand, its own table of names and opcodes is the judge; nothing is loaded.
"""
import io
import pathlib
import pickletools
import zipfile

import support
from support import check

KEY = "torch.weights_only"
# What torch.save writes of tensors and plain values loads; whole modules and arrays do not.
EXPECTED = {"checkpoint": "yes", "empty_dict": "yes", "every_dtype": "yes", "lone_tensor": "yes",
            "optimizers": "yes", "state_dict": "yes", "tied": "yes", "quantised": "yes",
            "state_dict.p3": "yes", "list_of_arrays": "no", "whole_module": "no",
            "whole_transformer": "no", "odd_tensors": "no", "state_dict.p0": "no",
            "state_dict.p1": "no", "state_dict.p4": "no", "state_dict.p5": "no", "mlp": "no",
            "control_flow": "no", "every_modules": "no", "every_optimizers": "no",
            "every_schedulers": "no", "every_others": "no"}
STEM_ENDS = (".pt", ".pth", ".ptl", ".legacy", ".frozen", ".torchscript")


def stem(name):
    for end in STEM_ENDS * 2:
        name = name.removesuffix(end)
    return name


def answers(report):
    """{path: (answer of 2.6, answer of 1.13)}"""
    found = {}
    for file in report["files"]:
        data = file["facts"].get("metadata", {})
        if KEY in data:
            now = worst(data[KEY])
            found[file["path"]] = (now, worst(data.get(KEY + ".1.13", now)))
    return found


def worst(texts):
    """One name may come twice in an archive; then there is an answer for each."""
    return texts if isinstance(texts, str) else min(texts)


def pickles_of(path):
    """The pickles that torch.load reads of a file, as one stream."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as members:
            name = next(name for name in members.namelist() if name.endswith("/data.pkl"))
            return members.read(name), 1
    return pathlib.Path(path).read_bytes(), 5


def first_refusal(path, unpickler):
    """(offset, name) of the first opcode or global that torch 1.13 does not know, or None."""
    allowed = unpickler._get_allowed_globals()
    data, count = pickles_of(path)
    stream = io.BytesIO(data)
    for _ in range(count):
        for code, argument, at in pickletools.genops(stream):
            if code.name != "PUT" and not hasattr(unpickler, code.name) or code.name == "PUT":
                return at, code.name
            if code.name == "GLOBAL" and argument.replace(" ", ".") not in allowed:
                return at, argument.replace(" ", ".")
    return None


def against_torch(found, folder):
    try:
        import torch._weights_only_unpickler as unpickler
    except ImportError:
        print("SKIPPED: no torch: its table was not compared")
        return
    if not hasattr(unpickler, "_get_allowed_globals") or hasattr(unpickler, "BINFLOAT"):
        print("SKIPPED: another torch than 1.13: its table was not compared")
        return
    for name, (_, old) in found.items():
        if old.startswith("yes: torch.jit"):
            continue
        refused = first_refusal(folder / name, unpickler)
        if refused is None:
            check(old == "yes", "%s: torch 1.13 knows all of it, we say %s" % (name, old))
        else:
            check(old.startswith("no: byte %d: " % refused[0]) and refused[1] in old,
                  "%s: torch 1.13 stops at %s, we say %s" % (name, refused, old))


def main():
    folder = support.CORPUS / "torch" / "valid"
    _, report = support.scan(folder)
    found = answers(report)
    names = [file["path"] for file in report["files"]]
    check(sorted(found) == sorted(names), "without an answer: %s" % (set(names) - set(found)))
    for name, (answer, _) in found.items():
        check(answer.split(":")[0] == EXPECTED.get(stem(name)), "%s: %s" % (name, answer))
    against_torch(found, folder)
    for file in sorted((support.CORPUS / "zip" / "malicious").glob("torch-*.pt")):
        _, report = support.scan(file)
        answer = answers(report)[file.name][0]
        runs = [finding["path"] for finding in report["findings"]
                if finding["rule"].startswith("PKL-EXEC")
                and finding["path"].lower() == file.name + "!/archive/data.pkl"]
        check(not runs or answer.startswith("no: byte "), "%s: %s, but %s" % (file, answer, runs))
    support.finish()


if __name__ == "__main__":
    main()
