"""Callables that are found, kept, wrapped or handed on before somebody calls them."""
from .ops import ARG, CALL, ECHO, SYSTEM, TOUCH, Sample, apply, binary, glob, items, name, pairs, py2, short, text

TWO = b"\x80\x02"
FOUR = b"\x80\x04"
EXEC = glob("builtins.exec")
LIST = items(ARG)
COMMAND = ECHO.decode()
OS_MODULE = apply("importlib.import_module", text(b"os"))

# stem, technique, what must be told, what else must be shown, opcodes without STOP
FOUND = [
    ("getattr-of-module", "getattr of a module that a dotted name reaches", "shutil.os.system", COMMAND,
     apply("builtins.getattr", b"cshutil\nos\n", text(b"system")) + CALL),
    ("getattr-default", "getattr with a default that is called", "builtins.getattr", "os.system",
     apply("builtins.getattr", b"cos\npath\n", text(b"CANARY"), SYSTEM) + CALL),
    ("getattr-of-instance", "getattr of an instance", "builtins.getattr", "runsource",
     apply("builtins.getattr", b"ccode\nInteractiveInterpreter\n)R", text(b"runsource")) + CALL),
    ("getattr-of-import", "getattr of what __import__ returns", "builtins.__import__", "os",
     apply("builtins.getattr", apply("builtins.__import__", text(b"os")), text(b"system")) + CALL),
    ("attrgetter-of-module", "attrgetter applied to a module", "operator.attrgetter", "system",
     apply(apply("operator.attrgetter", text(b"system")), b"cshutil\nos\n") + CALL),
    ("attrgetter-dotted", "attrgetter that walks several attributes", "operator.attrgetter", "__globals__",
     apply(apply("operator.attrgetter", text(b"__init__.__globals__")), b"cwarnings\ncatch_warnings\n")),
    ("attrgetter-plain-class", "attrgetter with plain names, called on a class", "operator.attrgetter", "mro",
     apply(apply("operator.attrgetter", text(b"mro")), b"ccollections\nOrderedDict\n") + b")R"),
    ("attrgetter-newobj", "attrgetter made by NEWOBJ", "operator.attrgetter", "system",
     TWO + b"coperator\nattrgetter\n" + py2(b"system") + b"\x85\x81cshutil\nos\n\x85R" + CALL),
    ("methodcaller-of-module", "methodcaller applied to a module", "operator.methodcaller", "shutil.os",
     apply(apply("operator.methodcaller", text(b"system"), ARG), b"cshutil\nos\n")),
    ("methodcaller-instance", "methodcaller applied to an instance", "operator.methodcaller", "runsource",
     apply(apply("operator.methodcaller", text(b"runsource"), text(TOUCH)), b"ccode\nInteractiveInterpreter\n)R")),
    ("methodcaller-inst", "methodcaller made by INST", "operator.methodcaller", "system",
     b"(" + text(b"system") + ARG + b"ioperator\nmethodcaller\n(cshutil\nos\ntR"),
    ("itemgetter-of-modules", "itemgetter applied to sys.modules", "operator.itemgetter", "sys.modules",
     apply(apply("operator.itemgetter", text(b"os")), b"csys\nmodules\n")),
    ("getitem-of-modules", "getitem of sys.modules", "operator.getitem", "sys.modules",
     apply("operator.getitem", b"csys\nmodules\n", text(b"os"))),
    ("modules-get", "sys.modules.get as a dotted name", "sys.modules.get", "os",
     FOUR + name(b"sys", b"modules.get") + short(b"os") + b"\x85R"),
    ("vars-of-module", "vars of a module, then an item of it", "builtins.vars", "shutil.os",
     apply("operator.getitem", apply("builtins.vars", b"cshutil\nos\n"), text(b"system")) + CALL),
    ("import-then-call", "import_module, attrgetter, call", "importlib.import_module", "os",
     apply(apply("operator.attrgetter", text(b"system")), OS_MODULE) + CALL),
    ("resolve-name", "pkgutil.resolve_name, called", "pkgutil.resolve_name", "os:system",
     apply("pkgutil.resolve_name", text(b"os:system")) + CALL),
    ("locate", "pydoc.locate, called", "pydoc.locate", "os.system", apply("pydoc.locate", text(b"os.system")) + CALL),
    ("logging-resolve", "the resolver of logging.config", "logging.config._resolve", "os.system",
     apply("logging.config._resolve", text(b"os.system")) + CALL),
    ("multiprocessing-rebuild", "multiprocessing's rebuilt method", "multiprocessing.reduction._rebuild_partial", COMMAND,
     apply("multiprocessing.reduction._rebuild_partial", SYSTEM, items(ARG), b"}")),
    ("ufunc-lookup", "numpy's lookup of a function by name", "numpy.core._ufunc_reconstruct", "os",
     apply("numpy.core._ufunc_reconstruct", text(b"os"), text(b"system")) + CALL),
    ("subclasses", "object.__subclasses__ by getattr", "builtins.getattr", "__subclasses__",
     apply("builtins.getattr", b"cbuiltins\nobject\n", text(b"__subclasses__")) + b")R"),
    ("class-of-instance", "__class__ of an instance by getattr", "builtins.getattr", "__class__",
     apply("builtins.getattr", b"ccollections\nOrderedDict\n)R", text(b"__class__")) + b")R"),
    ("format-map", "attributes read by a format string", "string.Formatter.vformat", "__globals__",
     apply("string.Formatter.vformat", b"cstring\nFormatter\n)R", text(b"{0.__init__.__globals__}"), LIST, b"(d")),
]

# Higher-order callables: os.system goes in, and somebody calls it. (name, arguments)
GIVEN = [
    ("builtins.map", SYSTEM + LIST), ("builtins.filter", SYSTEM + LIST), ("itertools.starmap", SYSTEM + items(ARG + b"\x85")),
    ("functools.reduce", SYSTEM + items(ARG, ARG)), ("itertools.accumulate", LIST + SYSTEM),
    ("itertools.takewhile", SYSTEM + LIST), ("itertools.dropwhile", SYSTEM + LIST), ("itertools.filterfalse", SYSTEM + LIST),
    ("itertools.groupby", LIST + SYSTEM), ("builtins.sorted", LIST + b"N" + SYSTEM), ("builtins.iter", SYSTEM + ARG),
    ("builtins.max", LIST + SYSTEM), ("functools.partial", SYSTEM + ARG), ("functools.partialmethod", SYSTEM + ARG),
    ("functools.singledispatch", SYSTEM), ("functools.lru_cache", SYSTEM), ("functools.cmp_to_key", SYSTEM),
    ("functools.cached_property", SYSTEM), ("collections.defaultdict", SYSTEM), ("heapq.nsmallest", b"K\x01" + LIST + SYSTEM),
    ("bisect.bisect", LIST + ARG + b"K\x00K\x01" + SYSTEM), ("operator.call", SYSTEM + ARG), ("re.sub", text(b"C") + SYSTEM + ARG),
    ("json.loads", text(b"{}") + b"NN" + SYSTEM), ("threading.Thread", b"N" + SYSTEM + b"N" + LIST),
    ("threading.Timer", b"K\x00" + SYSTEM + LIST), ("_thread.start_new_thread", SYSTEM + ARG + b"\x85"),
    ("concurrent.futures.ThreadPoolExecutor", b"K\x01" + text(b"") + SYSTEM + ARG + b"\x85"),
    ("concurrent.futures.ThreadPoolExecutor.submit", b"N" + SYSTEM + ARG), ("multiprocessing.Process", b"N" + SYSTEM + b"N" + LIST),
    ("multiprocessing.pool.ThreadPool", b"K\x01" + SYSTEM + ARG + b"\x85"), ("multiprocessing.pool.worker", b"NN" + SYSTEM),
    ("atexit.register", SYSTEM + ARG), ("signal.signal", b"K\x0e" + SYSTEM), ("weakref.finalize", b"cos\npath\n" + SYSTEM + ARG),
    ("contextlib.ExitStack.callback", b"ccontextlib\nExitStack\n)R" + SYSTEM + ARG), ("contextvars.Context.run", b"N" + SYSTEM + ARG),
    ("sched.scheduler", SYSTEM + SYSTEM), ("unittest.mock.Mock", b"N" + SYSTEM), ("unittest.case.FunctionTestCase", SYSTEM),
    ("types.MethodType", SYSTEM + ARG), ("types.new_class", text(b"X") + b")}" + SYSTEM), ("builtins.type", text(b"X") + b")" + pairs(ARG, SYSTEM)),
    ("builtins.property", SYSTEM), ("copyreg.pickle", b"cdatetime\ndate\n" + SYSTEM), ("copyreg.constructor", SYSTEM),
    ("copyreg.__newobj__", SYSTEM + ARG), ("copyreg._reconstructor", b"cdatetime\ndate\n" + SYSTEM + ARG), ("logging.setLoggerClass", SYSTEM),
    ("warnings.catch_warnings", SYSTEM), ("timeit.Timer", SYSTEM), ("cProfile.Profile.runcall", b"N" + SYSTEM + ARG),
    ("trace.Trace.runfunc", b"N" + SYSTEM + ARG), ("bdb.Bdb.runcall", b"N" + SYSTEM + ARG), ("pdb.runcall", SYSTEM + ARG),
    ("distutils.util.execute", SYSTEM + ARG + b"\x85"), ("tkinter.CallWrapper", SYSTEM + b"NN"), ("xmlrpc.server.SimpleXMLRPCDispatcher", SYSTEM),
    ("numpy.vectorize", SYSTEM), ("numpy.frompyfunc", SYSTEM + b"K\x01K\x01"), ("numpy.apply_along_axis", SYSTEM + b"K\x00" + LIST),
    ("numpy.fromfunction", SYSTEM + b"K\x01\x85"), ("numpy.piecewise", LIST + LIST + items(SYSTEM)), ("scipy.optimize.minimize", SYSTEM + LIST),
    ("scipy.integrate.quad", SYSTEM + b"K\x00K\x01"), ("scipy.LowLevelCallable", SYSTEM), ("pandas.core.apply.frame_apply", b"N" + SYSTEM),
    ("sklearn.preprocessing._function_transformer.FunctionTransformer", SYSTEM), ("sklearn.metrics.make_scorer", SYSTEM),
    ("joblib.delayed", SYSTEM), ("joblib.memory.MemorizedFunc", SYSTEM + b"N"), ("torch.utils.data.DataLoader", LIST + SYSTEM),
    ("torch._utils._rebuild_from_type_v2", SYSTEM + b"cdatetime\ndate\n" + LIST + b"N"), ("torch.autograd.Function.apply", SYSTEM + ARG),
    ("torch.multiprocessing.spawn", SYSTEM + LIST), ("torch.utils.checkpoint.checkpoint", SYSTEM + ARG), ("torch.nn.Module.apply", b"N" + SYSTEM),
    ("torch.futures.Future.then", b"N" + SYSTEM), ("jax._src.array._reconstruct_array", SYSTEM + ARG + b"\x85}N"), ("dask.utils.apply", SYSTEM + LIST),
    ("dill._dill._create_function", SYSTEM + b"}"), ("cloudpickle.cloudpickle._make_function", SYSTEM + b"}NNN"), ("acme.tools.Pipeline", SYSTEM),
]

# What was made earlier is called, or is changed by what follows.
KEPT = [
    ("partial-newobj", "partial made by NEWOBJ, filled by BUILD", "functools.partial", "os.system",
     TWO + b"cfunctools\npartial\ncbuiltins\nlist\n\x85\x81(" + SYSTEM + py2(ECHO) + b"\x85}Ntb)R"),
    ("partial-of-partial", "partial of a partial", "functools.partial", "os.system",
     apply("functools.partial", apply("functools.partial", SYSTEM, ARG)) + b")R"),
    ("partial-given-to-map", "a partial given to map", "builtins.map", "functools.partial(os.system",
     apply("builtins.map", apply("functools.partial", SYSTEM), LIST)),
    ("partial-of-exec", "partial of exec, called with source text", "functools.partial", "builtins.exec",
     apply(apply("functools.partial", EXEC), text(TOUCH))),
    ("defaultdict-missing", "defaultdict whose missing key calls", "collections.defaultdict", "os.system",
     apply("operator.getitem", apply("collections.defaultdict", SYSTEM), ARG)),
    ("map-consumed-by-deque", "map run by deque", "builtins.map", COMMAND,
     apply("collections.deque", apply("builtins.map", SYSTEM, LIST))),
    ("map-consumed-by-sum", "starmap run by sum", "itertools.starmap", COMMAND,
     apply("builtins.sum", apply("itertools.starmap", SYSTEM, items(ARG + b"\x85")))),
    ("iter-sentinel", "iter with a sentinel, run by list", "builtins.iter", "os.system",
     apply("builtins.list", apply("builtins.iter", SYSTEM, b"K\x00"))),
    ("type-with-call", "a class made by type, then called", "builtins.type", "os.system",
     apply("builtins.type", text(b"X"), b")", pairs(text(b"__call__"), SYSTEM)) + b")R(" + ARG + b"tR"),
    ("instance-called", "an instance of an unknown class is called", "acme.Model", COMMAND, b"cacme\nModel\n)R" + CALL),
    ("instance-method", "a method of an unknown class by its dotted name", "acme.Model.run", COMMAND,
     FOUR + name(b"acme", b"Model.run") + short(ECHO) + b"\x85R"),
    ("namespace-extend", "APPENDS calls what BUILD stored as extend", "argparse.Namespace", COMMAND,
     TWO + b"cargparse\nNamespace\n)\x81}" + py2(b"extend") + b"cacme_tools\nrun\nsb(" + py2(ECHO) + b"e"),
    ("namespace-setstate", "BUILD calls what the BUILD before it stored", "argparse.Namespace", COMMAND,
     TWO + b"cargparse\nNamespace\n)\x81}" + py2(b"__setstate__") + b"cacme_tools\nrun\nsb" + py2(ECHO) + b"b"),
    ("namespace-add", "ADDITEMS calls what BUILD stored as add", "types.SimpleNamespace", COMMAND,
     FOUR + b"ctypes\nSimpleNamespace\n)\x81}" + short(b"add") + b"cacme_tools\nrun\nsb(" + short(ECHO) + b"\x90"),
    ("iter-of-unknown", "iter calls a function of nobody knows whom, list runs it", "builtins.iter", "acme_tools.run",
     apply("builtins.list", apply("builtins.iter", b"cacme_tools\nrun\n", b"K\x00"))),
    ("namespace-keys", "dict calls what BUILD stored as keys", "builtins.dict", "acme_tools.run",
     apply("builtins.dict", TWO + b"cargparse\nNamespace\n)\x81}" + py2(b"keys") + b"cacme_tools\nrun\nsb")),
    ("namespace-mean", "numpy.mean calls what BUILD stored as mean", "numpy.mean", "acme_tools.run",
     apply("numpy.mean", TWO + b"cargparse\nNamespace\n)\x81}" + py2(b"mean") + b"cacme_tools\nrun\nsb")),
    ("class-with-command", "an unknown class that is called with a command", "acme.Runner", COMMAND,
     apply("acme.Runner", ARG)),
    ("class-replaced", "BUILD puts another class in the place of __class__", "collections.OrderedDict", "__class__",
     TWO + b"ccollections\nOrderedDict\n)RN}" + py2(b"__class__") + b"cacme_tools\nDict\ns\x86b"),
    ("userdict-data", "SETITEM on a UserDict whose data is sys.modules", "collections.UserDict", "sys.modules",
     TWO + b"ccollections\nUserDict\n)\x81}" + py2(b"data") + b"csys\nmodules\nsb" + py2(b"CANARY") + b"Ns"),
    ("chainmap", "SETITEM on a ChainMap of sys.modules", "collections.ChainMap", "sys.modules",
     TWO + b"ccollections\nChainMap\ncsys\nmodules\n\x85R" + py2(b"CANARY") + b"Ns"),
    ("persistent-module", "REDUCE of what a torch persistent id names", "acme.run", COMMAND,
     TWO + b"(" + py2(b"module") + b"cacme\nrun\nNNtQ" + CALL),
    ("list-of-callables", "a gadget among harmless values in a list given to a function", "acme.tools.run_all", "os.system",
     apply("acme.tools.run_all", items(b"N", b"K\x01", SYSTEM, ARG))),
    ("deep-in-argument", "a gadget ten containers deep", "acme.tools.run_all", "os.system",
     b"cacme.tools\nrun_all\n" + b"(" * 10 + SYSTEM + b"l" * 9 + b"tR"),
    ("bytes-command", "a holder of bytes and a callable", "functools.partial", "os.system",
     b"\x80\x03" + apply(apply("functools.partial", SYSTEM), binary(ECHO))),
]


def samples():
    for stem, technique, told, shown, data in FOUND + KEPT:
        yield Sample(stem, technique, told, shown, data + b".")
    for callee, arguments in GIVEN:
        yield Sample("given-to." + callee, "a callable handed to one that calls it", callee, "os.system",
                     TWO + apply(callee, arguments) + b".")


SAMPLES = list(samples())
