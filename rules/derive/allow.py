#!/usr/bin/python3
"""Writes rules/allow/<package>.tsv: classes whose code only keeps what it gets.

Imports the installed packages, walks their classes, and reads the methods that
unpickling runs. A class is allowed as
  class  when neither its constructor nor its state methods reach anything dangerous
  state  when only NEWOBJ and BUILD are safe, not its constructor
and is left out otherwise. Names that frameworks write but that are no class come
from the typed tables beside the derived ones. Run it by hand:

    /usr/bin/python3 rules/derive/allow.py            # all packages found
    /usr/bin/python3 rules/derive/allow.py torch -v   # one, saying what it left out
"""
import importlib
import inspect
import pathlib
import pkgutil
import sys
import types
import warnings

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from reach import Reach, load_gadgets  # noqa: E402

RULES = pathlib.Path(__file__).resolve().parent.parent
PACKAGES = {
    "sklearn": ["sklearn"],
    "numpy": ["numpy"],
    "scipy": ["scipy"],
    "pandas": ["pandas"],
    "torch": ["torch.nn", "torch.optim", "torch.distributions", "torch.utils.data", "torch.ao",
              "torch.quantization", "torch.storage", "torch.serialization", "torch._utils",
              "torch.torch_version", "torch.jit._pickle", "torch.nn.utils.rnn"],
    "joblib": ["joblib.numpy_pickle"],
    "onnx": ["onnx"],
}
SKIPPED_PARTS = {"tests", "testing", "_testing", "setup", "conftest", "distutils", "f2py", "_build_utils",
                 "datasets", "externals", "__main__", "_build", "backend_test", "io"}
STATE_METHODS = ("__setstate__", "__setattr__", "__del__", "__setitem__", "append", "extend", "add")


def walk(root):
    try:
        module = importlib.import_module(root)
    except Exception:  # a submodule that needs what is not installed
        return
    yield module
    for info in pkgutil.iter_modules(getattr(module, "__path__", []), root + "."):
        if not SKIPPED_PARTS & set(info.name.split(".")):
            yield from walk(info.name)


def classes(root):
    for module in walk(root):
        for value in list(vars(module).values()):
            if inspect.isclass(value) and (value.__module__ or "").split(".")[0] == root.split(".")[0]:
                yield value


def is_importable(cls):
    value = sys.modules.get(cls.__module__)
    for part in cls.__qualname__.split("."):
        value = getattr(value, part, None)
    return value is cls


def owns(cls, method):
    """Whether `method` is Python code of the class, not inherited from a builtin."""
    found = inspect.getattr_static(cls, method, None)
    return isinstance(found, (types.FunctionType, classmethod, staticmethod))


def shape_of(cls, reach):
    """("class" | "state", None), or (None, why not)."""
    state = [reach.of_inherited(cls, m) for m in STATE_METHODS + ("__new__",) if owns(cls, m)]
    why = next((w for w in state if w), None)
    if why:
        return None, why
    why = reach.of_class(cls)
    return ("state", why) if why else ("class", None)


def derive(package, roots, reach, listed, verbose):
    rows = {}
    for root in roots:
        for cls in classes(root):
            name = f"{cls.__module__}.{cls.__qualname__}"
            if name in rows or name in listed or not is_importable(cls):
                continue
            if issubclass(cls, (BaseException, types.ModuleType)) and not issubclass(cls, Exception):
                continue
            shape, why = shape_of(cls, reach)
            if verbose and why:
                print(f"{name}: {shape}: {why}", file=sys.stderr)
            if shape:
                rows[name] = (shape, "derived: code read" + (f"; constructor {why}" if why else ""))
    return rows


def typed_names(folder):
    out = set()
    for table in folder.glob("*.tsv"):
        text = table.read_text()
        if not text.startswith("# derived"):
            out |= {line.split("\t")[0] for line in text.splitlines() if not line.startswith("#")}
    return out


def ufuncs(module):
    """numpy-style ufuncs: functions from arrays to arrays, allowed in any use."""
    for where in (module, module + ".core._multiarray_umath", module + ".core.umath",
                  module + "._ufuncs"):
        found = sys.modules.get(where)
        for name, value in vars(found).items() if found else ():
            if type(value).__name__ == "ufunc":
                yield f"{where}.{name}"


def main(arguments):
    warnings.simplefilter("ignore")
    verbose = "-v" in arguments
    wanted = [a for a in arguments if a != "-v"] or list(PACKAGES)
    gadgets = load_gadgets(RULES / "gadgets")
    every_gadget = {line.split("\t")[0] for t in (RULES / "gadgets").glob("*.tsv")
                    for line in t.read_text().splitlines()}
    listed = typed_names(RULES / "allow")
    for package in wanted:
        rows = derive(package, PACKAGES[package], Reach(gadgets), listed, verbose)
        if package in ("numpy", "scipy"):
            special = [package] if package == "numpy" else ["scipy.special"]
            for module in special:
                rows.update((n, ("any", "derived: ufunc")) for n in ufuncs(module) if n not in listed)
        rows = {n: r for n, r in rows.items() if n not in every_gadget}
        version = importlib.import_module(package).__version__
        lines = [f"# derived by rules/derive/allow.py from {package} {version}",
                 "# callable\tshape\tsource"]
        lines += sorted(("\t".join((n, *r)) for n, r in rows.items()),
                        key=lambda line: line.split("\t")[0].encode())
        (RULES / "allow" / f"{package}.tsv").write_text("\n".join(lines) + "\n")
        print(package, version, len(rows))


if __name__ == "__main__":
    main(sys.argv[1:])
