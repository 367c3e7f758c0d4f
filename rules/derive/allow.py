#!/usr/bin/python3
"""Writes rules/allow/<package>.tsv: classes whose code only keeps what it gets.

Imports the installed packages, walks their classes, and reads the methods that
unpickling runs. A class is allowed as
  class  when neither its constructor nor its state methods reach anything dangerous
  state  when only NEWOBJ and BUILD are safe, not its constructor
  fields when besides the methods that the container opcodes call are not
and is left out otherwise. Names that frameworks write but that are no class come
from the typed tables beside the derived ones. Run it by hand:

    /usr/bin/python3 rules/derive/allow.py            # all packages found
    /usr/bin/python3 rules/derive/allow.py torch -v   # one, saying what it left out
"""
import importlib
import inspect
import pathlib
import pkgutil
import platform
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
    "imblearn": ["imblearn"],
    "xgboost": ["xgboost.core", "xgboost.sklearn", "xgboost.callback", "xgboost.training"],
    "networkx": ["networkx.classes"],
    "statsmodels": ["statsmodels"],
    "nltk": ["nltk.probability", "nltk.classify", "nltk.tokenize", "nltk.stem", "nltk.tag", "nltk.tree",
             "nltk.grammar", "nltk.cluster", "nltk.metrics", "nltk.util", "nltk.collections"],
    "gensim": ["gensim.corpora", "gensim.models", "gensim.matutils", "gensim.similarities"],
    "skimage": ["skimage.transform", "skimage.measure", "skimage.feature"],
    "torchvision": ["torchvision.models", "torchvision.ops", "torchvision.transforms"],
    "torchaudio": ["torchaudio.models", "torchaudio.transforms"],
    "dateutil": ["dateutil.relativedelta", "dateutil.tz", "dateutil.rrule"],
    "patsy": ["patsy"],
    "PIL": ["PIL.Image", "PIL.ImagePalette", "PIL.ImageFilter"],
    "stdlib": ["argparse", "ast", "concurrent.futures._base", "configparser", "csv",
               "dataclasses", "difflib", "email.charset", "email.header", "email.message", "email.policy",
               "email._policybase", "enum", "fractions", "graphlib", "html.entities", "http", "http.cookies",
               "inspect", "ipaddress", "json.decoder", "json.encoder", "locale", "logging", "numbers",
               "opcode", "optparse", "pickle", "plistlib", "pprint", "queue", "random", "re", "reprlib",
               "sched", "signal", "socket", "ssl", "statistics", "subprocess", "textwrap",
               "token", "tokenize", "traceback", "urllib.error", "urllib.parse", "uuid",
               "xml.etree.ElementTree", "zipfile"],
}
SKIPPED_PARTS = {"tests", "testing", "_testing", "setup", "conftest", "distutils", "f2py", "_build_utils",
                 "datasets", "externals", "__main__", "_build", "backend_test", "io", "sandbox", "examples", "handlers"}
STATE_METHODS = ("__new__", "__setstate__", "__setattr__", "__del__")
WORDS = {"state": "constructor", "fields": "a method"}
CONTAINER_METHODS = ("__setitem__", "append", "extend", "add")


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


def cython_unpicklers(root):
    """The functions that Cython makes to build a class, its first argument, anew."""
    for module in walk(root):
        for name in vars(module):
            if name.startswith("__pyx_unpickle_"):
                yield f"{module.__name__}.{name}"


def is_importable(cls):
    value = sys.modules.get(cls.__module__)
    for part in cls.__qualname__.split("."):
        value = getattr(value, part, None)
    return value is cls


def owns(cls, method):
    """Whether `method` is Python code of the class, not inherited from a builtin."""
    found = inspect.getattr_static(cls, method, None)
    return isinstance(found, (types.FunctionType, classmethod, staticmethod))


def is_checked_by_reader(cls):
    """Classes that run text of their state; the pickle reader tells all but what the framework writes."""
    checked = {"rv_generic": "scipy.", "ModelData": "statsmodels."}
    return any(b.__module__.startswith(checked.get(b.__name__, "!")) for b in cls.__mro__)


def shape_of(cls, reach):
    """("class" | "state" | "fields", what its other uses reach), or (None, why not)."""
    if is_checked_by_reader(cls):
        return "fields", "runs text, and so does its state, which the reader checks"

    def reached(methods):
        return next(filter(None, (reach.of_inherited(cls, m) for m in methods if owns(cls, m))), None)

    why = reached(STATE_METHODS)
    if why:
        return None, why
    why = reached(CONTAINER_METHODS)
    if why:
        return "fields", why
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
                rows[name] = (shape, "derived: code read" + (f"; {WORDS[shape]} {why}" if why else ""))
        rows.update((n, ("builder", "derived: unpickler made by Cython"))
                    for n in cython_unpicklers(root) if n not in listed)
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


def version_of(package):
    if package == "stdlib":
        return "of python " + platform.python_version()
    return importlib.import_module(package).__version__.split("+")[0]


def main(arguments):
    warnings.simplefilter("ignore")
    verbose = "-v" in arguments
    wanted = [a for a in arguments if a != "-v"] or list(PACKAGES)
    gadgets = load_gadgets(RULES / "gadgets")
    tables = {t.name: {line.split("\t")[0] for line in t.read_text().splitlines()}
              for t in (RULES / "gadgets").glob("*.tsv")}
    derived_gadgets = tables.pop("derived.tsv", set())
    typed_gadgets = set().union(*tables.values())
    listed = typed_names(RULES / "allow")
    for package in wanted:
        rows = derive(package, PACKAGES[package], Reach(gadgets), listed, verbose)
        if package in ("numpy", "scipy"):
            special = [package] if package == "numpy" else ["scipy.special"]
            for module in special:
                rows.update((n, ("any", "derived: ufunc")) for n in ufuncs(module) if n not in listed)
        rows = {n: r for n, r in rows.items() if n not in typed_gadgets
                and (n not in derived_gadgets or r[0] in ("state", "fields"))}
        version = version_of(package)
        lines = [f"# derived by rules/derive/allow.py from {package} {version}",
                 "# callable\tshape\tsource"]
        lines += sorted(("\t".join((n, *r)) for n, r in rows.items()),
                        key=lambda line: line.split("\t")[0].encode())
        (RULES / "allow" / f"{package}.tsv").write_text("\n".join(lines) + "\n")
        print(package, version, len(rows))


if __name__ == "__main__":
    main(sys.argv[1:])
