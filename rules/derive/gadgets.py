#!/usr/bin/python3
"""Writes rules/gadgets/derived.tsv: callables whose arguments reach execution, imports, files or the network.

Reads sources, imports nothing: the standard library of every CPython that is given, and the Python packages
of this machine. A function is a row when one of its arguments reaches a sink of sinks.tsv; a class when an
argument of its constructor or of what BUILD and the container opcodes call does; a method (called with an
object of the file's making) when its arguments or its object's attributes do. Run it by hand and review the
difference: rows typed in the other tables and names that typed tables allow are left out, and what a
derived table allows has to go from there (it is printed; run allow.py again).

    /usr/bin/python3 rules/derive/gadgets.py /usr/lib/python3.11 /opt/python/*/lib/python3.*
"""
import importlib.metadata
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import taint  # noqa: E402
from sources import Program  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
RULES = HERE.parent
PACKAGES = ("torch numpy scipy pandas sklearn joblib dill cloudpickle setuptools pkg_resources pip IPython "
            "torchvision torchaudio xgboost onnx h5py yaml requests urllib3 jinja2 mako dask numba "
            "skimage networkx imblearn statsmodels matplotlib PIL lz4 dateutil pytz psutil "
            "traitlets patsy pexpect ptyprocess jedi _pytest decorator prompt_toolkit").split()
DISTRIBUTIONS = {"sklearn": "scikit-learn", "pkg_resources": "setuptools", "yaml": "PyYAML", "PIL": "Pillow",
                 "skimage": "scikit-image", "imblearn": "imbalanced-learn", "_pytest": "pytest",
                 "dateutil": "python-dateutil", "IPython": "ipython", "jinja2": "Jinja2", "mako": "Mako"}
SKIPPED = {"tests", "test", "site-packages", "dist-packages", "turtledemo", "lib2to3", "conftest",
           "__main__", "setup", "_vendor", "externals", "lib-dynload", "idle_test"}
# What BUILD and the container opcodes call, beside the constructor.
STATE = ("__setstate__", "__new__", "__setattr__", "__setitem__", "append", "extend", "add", "__del__")
SEVERE = {"command-exec", "code-exec", "native-code", "import", "nested-unpickle"}
STDLIB_ONLY = {"attr-walk"}
# Without parts between double underscores: these are refused whatever they reach.
NAME = re.compile(r"(?!.*(^|\.)__\w+__(\.|$))[\w.]+")


def skipped(name):
    return bool(SKIPPED & set(name.split(".")))


def load_sinks():
    rows = (line.split("\t") for line in (HERE / "sinks.tsv").read_text().splitlines()
            if line and not line.startswith("#"))
    return {name: (set(places.split()), effect) for name, places, effect in rows}


def rows_of(program, sinks):
    """{name: {effect: (evidence, needs an instance)}} of one program."""
    summaries = taint.summarise(program, sinks)
    out = {}

    def add(name, summary, needs_instance, wanted):
        for source, effects in summary.items():
            if wanted(source):
                for effect, evidence in effects.items():
                    kept = out.setdefault(name, {})
                    new = (evidence, needs_instance)
                    if effect not in kept or new < kept[effect]:
                        kept[effect] = new

    for name, summary in summaries.items():
        function = program.functions[name]
        add(name, summary, function.kind == "instance", lambda source: True)
    for name, owner in program.classes.items():
        for method in (*taint.CONSTRUCTORS, *STATE):
            found = program.method(owner, method)
            if found and found.name in summaries:
                by_state = method in STATE
                add(name, summaries[found.name], False,
                    lambda s, by_state=by_state, last=method == "__del__":
                    s.startswith("self.") if last else by_state or not s.startswith("self."))
    for module in program.modules.values():
        for local in module.names:
            alias = "%s.%s" % (module.name, local)
            target = program.canonical(alias)
            if alias != target and target in out and not local.startswith("__"):
                out.setdefault(alias, out[target])
    return out


def standard_library(folder):
    program = Program()
    program.add_tree(folder, "", skipped)
    return program


def package(name, roots):
    program = Program()
    for root in roots:
        if (root / name).is_dir():
            program.add_tree(root / name, name, skipped)
        elif (root / (name + ".py")).is_file():
            program.add(name, root / (name + ".py"))
    return program


def version_of(name):
    try:
        return importlib.metadata.version(DISTRIBUTIONS.get(name, name)).split("+")[0]
    except importlib.metadata.PackageNotFoundError:
        return "?"


def folders_of_packages():
    return [pathlib.Path(p) for p in sys.path if p.endswith("-packages") and pathlib.Path(p).is_dir()]


def is_row(effects, is_stdlib):
    """Which effects make a row. Whoever calls an argument is judged by it, as any unknown callee is."""
    return {effect: (evidence, needs_instance) for effect, (evidence, needs_instance) in effects.items()
            if effect != "invoke" and (effect not in STDLIB_ONLY or is_stdlib and not needs_instance)}


def formatted(name, effects, origin):
    """One line: the effects, and where the nearest sink of the worst of them is."""
    ordered = sorted(effects.items(), key=lambda item: (item[0] not in SEVERE, item[1][0].depth, item[0]))
    effect, (evidence, needs_instance) = ordered[0]
    severity = "critical" if effect in SEVERE and not needs_instance and evidence.depth < 2 else "high"
    names = "+".join(e for e, _ in ordered[:3])
    source = "derived: %s %s %s" % (origin, evidence.line, evidence.sink)
    if needs_instance:
        source += "; needs an instance"
    return "\t".join((name, names, severity, source))


def listed_names():
    """Names of the other gadget tables; those allowed whatever they are given; those of them that are typed."""
    conditional = {"state", "fields", "name", "names", "lookup", "sized", "constant", "attribute"}
    gadgets, allowed, typed = set(), set(), set()
    for table in (RULES / "gadgets").glob("*.tsv"):
        if table.name != "derived.tsv":
            gadgets |= {line.split("\t")[0] for line in table.read_text().splitlines()}
    for table in (RULES / "allow").glob("*.tsv"):
        rows = [line.split("\t") for line in table.read_text().splitlines() if not line.startswith("#")]
        names = {name for name, shape, _ in rows if shape not in conditional}
        allowed |= names
        if not table.read_text().startswith("# derived"):
            typed |= names
    return gadgets, allowed, typed


def main(arguments):
    sinks = load_sinks()
    gadgets, allowed, typed = listed_names()
    lines, disputed, heads = {}, [], []

    def take(rows, origin, is_stdlib):
        for name, effects in rows.items():
            effects = is_row(effects, is_stdlib)
            if not effects or name in gadgets or not NAME.fullmatch(name):
                continue
            if name in allowed:
                disputed.append((name, *effects))
                if name in typed or not effects.keys() - STDLIB_ONLY:
                    continue
            lines[name] = formatted(name, effects, origin)

    versions = sorted((tuple(int(n) for n in re.findall(r"\d+", pathlib.Path(a).name)), pathlib.Path(a))
                      for a in arguments)
    for version, folder in versions:
        found = rows_of(standard_library(folder), sinks)
        take(found, "CPython %s" % ".".join(map(str, version)), True)
        heads.append("CPython %s" % ".".join(map(str, version)))
        print(folder, len(found), file=sys.stderr)
    for name in PACKAGES:
        program = package(name, folders_of_packages())
        if program.modules:
            origin = "%s %s" % (name, version_of(name))
            found = rows_of(program, sinks)
            take(found, origin, False)
            heads.append(origin)
            print(origin, len(found), file=sys.stderr)
    text = ["# derived by rules/derive/gadgets.py from " + ", ".join(heads), "# callable\teffect\tseverity\tsource"]
    text += [lines[name] for name in sorted(lines, key=str.encode)]
    (RULES / "gadgets" / "derived.tsv").write_text("\n".join(text) + "\n")
    for row in sorted(set(disputed)):
        print("allowed, but reaches", *row)


if __name__ == "__main__":
    main(sys.argv[1:])
