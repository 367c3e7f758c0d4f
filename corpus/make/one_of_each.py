"""From the thousands of files that `sweep` makes, those that name something no sample before them names."""
import importlib
import io
import pickle
import pickletools
import warnings

import numpy as np
import scipy
import sklearn
import torch

import samples

MAX_SIZE = 2500
LARGE = {"frozen_norm", "dist_expon", "custom"}  # hold the state of a random generator
PARTS = ("stdlib", "data", "sklearn")
STRINGS = ("SHORT_BINUNICODE", "BINUNICODE", "UNICODE")


def named_in(data):
    """The globals that a pickle names, read opcode by opcode; pairs of strings before a STACK_GLOBAL count."""
    found, strings, memo = set(), [], {}
    for opcode, argument, _ in pickletools.genops(data):
        if opcode.name in STRINGS:
            strings.append(argument)
        elif opcode.name in ("GLOBAL", "INST"):
            found.add(argument)
        elif opcode.name == "MEMOIZE":
            memo[len(memo)] = strings[-1] if strings else None
        elif opcode.name in ("BINGET", "LONG_BINGET"):
            strings.append(memo.get(argument))
        elif opcode.name == "STACK_GLOBAL":
            found.add("%s %s" % tuple(strings[-2:]))
    return found


def named_already():
    """What the samples of the other scripts name."""
    found = set()
    for path in sorted((samples.CORPUS / "pickle" / "valid").glob("*/*.pkl")):
        if path.parent.name != "each":
            found |= named_in(path.read_bytes())
    return found


def write_new(recorder, seen):
    for part in PARTS:
        for number, (name, value) in enumerate(importlib.import_module("sweep.of_" + part).values()):
            if "." in name:
                continue  # a variant of a setting
            # Below protocol 4 these are made by a call that no name stands for.
            protocol = 4 if hasattr(value, "__getnewargs_ex__") else 2 + number % 4
            try:
                data = pickle.dumps(value, protocol)
            except Exception:  # not every object can be pickled
                continue
            if (len(data) <= MAX_SIZE or name in LARGE) and not named_in(data) <= seen:
                seen |= named_in(data)
                recorder.write("pickle", "each/%s_%s.p%d.pkl" % (part, name, protocol), data)


def write_torch(recorder):
    """All of one kind in one file: their archives would be larger than they are."""
    of_torch = importlib.import_module("sweep.of_torch")
    seen = set()
    for kind in (of_torch.modules, of_torch.optimizers, of_torch.schedulers, of_torch.others):
        kept = {}
        for name, value in kind(seen):
            try:
                pickle.dumps(value)
            except Exception:
                continue
            kept[name] = value
        out = io.BytesIO()
        torch.save(kept, out)
        recorder.write("torch", "every_%s.pt" % kind.__name__, out.getvalue())


def main():
    samples.deterministic()
    warnings.simplefilter("ignore")
    np.random.seed(0)
    torch.manual_seed(0)
    versions = "torch %s, numpy %s, scipy %s, scikit-learn %s" % (
        torch.__version__, np.__version__, scipy.__version__, sklearn.__version__)
    recorder = samples.Recorder(__file__, versions)
    write_new(recorder, named_already())
    write_torch(recorder)
    recorder.save()


if __name__ == "__main__":
    main()
