"""Writes into what the whole process shares: modules, classes, functions, registries."""
from .ops import ARG, CALL, ECHO, SYSTEM, Sample, apply, glob, name, py2, short

TWO = b"\x80\x02"
WRITE = "anomaly pickle.write-to-global"

ROWS = [
    ("build-on-class", "BUILD replaces a method of a class", "__setstate__",
     TWO + b"ccollections\nOrderedDict\n}" + py2(b"__setstate__") + SYSTEM + b"sb0ccollections\nOrderedDict\n)R" + py2(ECHO) + b"b."),
    ("build-on-function-slots", "a slot state writes attributes of a function", "argtypes",
     TWO + b"cshutil\ncopy\nN}" + py2(b"argtypes") + py2(b"system") + b"s\x86b."),
    ("function-attribute-as-name", "a string kept on a function is read back as a name", "canary",
     TWO + b"cshutil\ncopy\nN}" + py2(b"canary") + py2(b"system") + b"s\x86b0" + py2(b"os") + b"cshutil\ncopy.canary\n\x93" + CALL + b"."),
    ("build-on-builtins", "BUILD on the module builtins", "len",
     b"\x80\x04" + name(b"codecs", b"builtins") + b"}" + short(b"len") + SYSTEM + b"sb."),
    ("build-on-dotted", "BUILD on a class that a dotted name reaches", "forward",
     b"\x80\x04" + name(b"torch", b"nn.Module") + b"}" + short(b"forward") + SYSTEM + b"sb."),
    ("build-on-getattr", "BUILD on what getattr returns for a module", "system",
     TWO + apply("builtins.getattr", b"cshutil\nos\n", py2(b"path")) + b"}" + py2(b"system") + SYSTEM + b"sb."),
    ("setitem-environ", "SETITEM on os.environ", "LD_PRELOAD", b"cos\nenviron\nS'LD_PRELOAD'\nS'CANARY.so'\ns."),
    ("setitems-builtins-dict", "SETITEMS on the names of builtins", "print",
     b"\x80\x04" + name(b"builtins", b"__dict__") + b"(" + short(b"print") + SYSTEM + b"u."),
    ("setitem-dispatch-table", "SETITEM on copyreg.dispatch_table", "datetime.date",
     b"ccopyreg\ndispatch_table\ncdatetime\ndate\n" + SYSTEM + b"s."),
    ("append-meta-path", "APPEND to sys.meta_path", "acme.Finder", b"csys\nmeta_path\ncacme\nFinder\na."),
    ("append-path-hooks", "APPENDS to sys.path_hooks", "os.system", b"csys\npath_hooks\n(" + SYSTEM + b"e."),
    ("append-handlers", "APPEND to the handlers of the root logger", "acme.Handler",
     b"\x80\x04" + name(b"logging", b"root.handlers") + b"cacme\nHandler\na."),
    ("additems-registry", "ADDITEMS to a set of a module", "CANARY",
     b"\x80\x04" + name(b"warnings", b"_registry") + b"(" + short(b"CANARY") + b"\x90."),
    ("append-atexit", "APPEND to a list of exit functions", "os.system", b"catexit\n_exithandlers\n" + SYSTEM + b"a."),
    ("setitem-converters", "SETITEM on numpy's table of types", "os.system", b"cnumpy.core.numerictypes\nsctypeDict\n" + ARG + SYSTEM + b"s."),
    ("setitem-torch-registry", "SETITEM on torch's package registry", "os.system",
     b"ctorch.serialization\n_package_registry\nK\x01" + SYSTEM + b"s."),
    ("setitem-modules-main", "SETITEM replaces __main__", "__main__", b"csys\nmodules\nS'__main__'\ncacme\nmain\ns."),
    ("build-twice", "BUILD on a global, then its replacement called", "OrderedDict",
     TWO + b"ctyping\ncollections\n}" + py2(b"OrderedDict") + SYSTEM + b"sb0ccollections\nOrderedDict\n" + CALL + b"."),
]

SAMPLES = [Sample(stem, technique, WRITE, shown, data) for stem, technique, shown, data in ROWS]
SAMPLES += [
    Sample("setattr-on-module", "setattr on a module", "builtins.setattr", "shutil.os",
           apply("builtins.setattr", b"cshutil\nos\n", ARG, SYSTEM) + b"."),
    Sample("delattr-on-module", "delattr on a module", "builtins.delattr", "shutil.os",
           apply("builtins.delattr", b"cshutil\nos\n", ARG) + b"."),
    Sample("modules-setitem-call", "__setitem__ of sys.modules as a dotted name", "sys.modules.__setitem__", "CANARY",
           b"\x80\x04" + name(b"sys", b"modules.__setitem__") + short(b"CANARY") + b"N\x86R."),
    Sample("path-insert", "sys.path.insert as a dotted name", "sys.path.insert", "CANARY",
           b"\x80\x04" + name(b"sys", b"path.insert") + b"K\x00" + short(b"CANARY") + b"\x86R."),
    Sample("environ-update", "os.environ.update as a dotted name", "os.environ.update", "LD_PRELOAD",
           b"\x80\x04" + name(b"os", b"environ.update") + b"}" + short(b"LD_PRELOAD") + short(b"CANARY.so") + b"s\x85R."),
]
