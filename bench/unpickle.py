"""python3 unpickle.py FILE: CPU seconds that CPython's C unpickler takes for the pickles in FILE,
which make_pickles.py wrote, and bytes a second of pickletools.genops over its first megabytes."""
import collections
import copyreg
import gc
import io
import itertools
import pickle
import pickletools
import sys
import time
import types

GENOPS_BYTES = 4 << 20


class Unpickler(pickle.Unpickler):
    def persistent_load(self, pid):
        return None


def _stand_in_for_torch():
    """Modules in which the names of a state dict are found, and cost nothing."""
    for name in ("torch", "torch._utils"):
        sys.modules[name] = types.ModuleType(name)
    sys.modules["torch"].FloatStorage = tuple
    sys.modules["torch._utils"]._rebuild_tensor_v2 = lambda *_: None


def unpickle(path):
    copyreg.add_extension("collections", "OrderedDict", 1)
    _stand_in_for_torch()
    gc.disable()
    start = time.process_time()
    with open(path, "rb") as file:
        while file.peek(1):
            Unpickler(file, buffers=itertools.repeat(b"abc")).load()
    return time.process_time() - start


def genops(path):
    with open(path, "rb") as file:
        head = file.read(GENOPS_BYTES)
    start, count = time.process_time(), 0
    try:
        count = sum(1 for _ in pickletools.genops(io.BytesIO(head)))
    except ValueError:  # the cut
        pass
    return len(head) / (time.process_time() - start)


if __name__ == "__main__":
    print(unpickle(sys.argv[1]), genops(sys.argv[1]))
