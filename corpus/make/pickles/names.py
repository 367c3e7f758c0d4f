"""Names: escapes, renames of protocol 2 and below, dotted names, other modules' imports, computed names."""
from .ops import ARG, CALL, ECHO, SYSTEM, TOUCH, Sample, apply, glob, items, name, pairs, py2, short, text

TWO = b"\x80\x02"
FOUR = b"\x80\x04"
COMMAND = ECHO.decode()
URL = b"http://canary.invalid/CANARY"


def stacked(module, attribute, argument=ECHO):
    return FOUR + name(module.encode(), attribute.encode()) + short(argument) + b"\x85R."


# (Python 2 name as GLOBAL has it, what loaders make of it, argument)
RENAMED = [
    ("commands.getstatusoutput", "subprocess.getstatusoutput", ECHO),
    ("commands.getstatus", "subprocess.getstatus", b"CANARY"),
    ("__builtin__.exec", "builtins.exec", TOUCH),
    ("__builtin__.compile", "builtins.compile", TOUCH),
    ("__builtin__.__import__", "builtins.__import__", b"CANARY"),
    ("__builtin__.open", "builtins.open", b"CANARY"),
    ("__builtin__.execfile", "builtins.execfile", b"CANARY"),
    ("__builtin__.file", "builtins.file", b"CANARY"),
    ("cPickle.loads", "pickle.loads", b"I1\\n."),
    ("copy_reg.pickle", "copyreg.pickle", b"CANARY"),
    ("urllib.urlopen", "urllib.request.urlopen", URL),
    ("urllib.urlretrieve", "urllib.request.urlretrieve", URL),
    ("urllib2.urlopen", "urllib.request.urlopen", URL),
    ("httplib.HTTPConnection", "http.client.HTTPConnection", b"canary.invalid"),
    ("xmlrpclib.ServerProxy", "xmlrpc.client.ServerProxy", URL),
    ("anydbm.open", "dbm.open", b"CANARY"),
    ("dumbdbm.open", "dbm.dumb.open", b"CANARY"),
    ("whichdb.whichdb", "dbm.whichdb", b"CANARY"),
    ("SocketServer.TCPServer", "socketserver.TCPServer", b"CANARY"),
    ("thread.start_new_thread", "_thread.start_new_thread", b"CANARY"),
    ("Tkinter.Tk", "tkinter.Tk", b"CANARY"),
    ("tkSimpleDialog.askstring", "tkinter.simpledialog.askstring", b"CANARY"),
    ("_socket.fromfd", "socket.fromfd", b"CANARY"),
    ("multiprocessing.process.Process", "multiprocessing.context.Process", b"CANARY"),
    ("dbm.open", "dbm.ndbm.open", b"CANARY"),
]

# Python 2 names of modules that Python 3 has no more: only Python 2 loads them.
PYTHON2_ONLY = [
    ("popen2.popen4", ECHO), ("os.popen3", ECHO), ("imp.load_source", b"CANARY"), ("md5.new", b"CANARY"),
    ("new.function", b"CANARY"), ("compiler.compile", TOUCH), ("rexec.RExec.r_exec", TOUCH),
]

# Modules reached through what another one imports: (module, dotted name)
THROUGH = [
    ("posixpath", "os.system"), ("genericpath", "os.popen"), ("tempfile", "_os.system"), ("random", "_os.system"),
    ("webbrowser", "subprocess.getoutput"), ("platform", "subprocess.getoutput"), ("logging", "os.system"),
    ("codecs", "builtins.eval"), ("functools", "sys.modules.get"), ("inspect", "importlib.import_module"),
    ("pickle", "sys.modules.get"), ("numpy", "os.system"), ("numpy.f2py", "subprocess.getoutput"),
    ("torch", "os.system"), ("torch.serialization", "shutil.rmtree"), ("joblib.parallel", "os.system"),
    ("sklearn", "os.system"), ("pandas.io.common", "os.popen"), ("acme.models", "os.system"),
    ("acme.models", "utils.subprocess.getoutput"), ("os", "sys.modules.get"), ("collections", "abc.sys.exit"),
    ("typing", "re.enum.sys.exit"), ("__main__", "os.system"), ("http.server", "os.system"),
]

# Through the attributes that every object has.
DUNDERS = [
    ("builtins", "object.__subclasses__"), ("os", "__builtins__.get"), ("os", "path.__loader__.load_module"),
    ("collections", "OrderedDict.__init__.__globals__.get"), ("warnings", "catch_warnings.__init__.__globals__.get"),
    ("os", "walk.__globals__.get"), ("datetime", "date.__class__.__base__"), ("builtins", "print.__self__.eval"),
    ("builtins", "str.__class__.mro"), ("types", "FunctionType.__call__"), ("torch.nn", "Module.__init__.__globals__.get"),
    ("numpy", "ndarray.__reduce__.__self__"), ("builtins", "__loader__.load_module"), ("re", "__spec__.loader.load_module"),
]

SPELLED = [
    ("unicode-name-escapes", "GLOBAL-like names with \\U escapes", "os.system",
     text(b"\\U0000006fs") + text(b"syste\\u006d") + b"\x93" + CALL + b"."),
    ("octal-name", "names of octal escapes alone", "os.system",
     b"S'\\157\\163'\nS'\\163\\171\\163\\164\\145\\155'\n\x93" + ARG + b"\x85R."),
    ("binary-strings", "names in SHORT_BINSTRING", "os.system", py2(b"os") + py2(b"system") + b"\x93" + CALL + b"."),
    ("dup-name", "one string for module and attribute", "code.code",
     FOUR + short(b"code") + b"2\x93" + short(ECHO) + b"\x85R."),
    ("module-of-package", "a submodule as the module", "os.path.os.system",
     FOUR + name(b"os.path", b"os.system") + short(ECHO) + b"\x85R."),
    ("inst-renamed", "INST of a Python 2 name", "subprocess.getoutput", b"(" + ARG + b"icommands\ngetoutput\n."),
    ("stack-global-renamed", "STACK_GLOBAL of a Python 2 name under PROTO 2", "builtins.eval",
     TWO + py2(b"__builtin__") + py2(b"eval") + b"\x93" + py2(ECHO) + b"\x85R."),
    ("global-under-proto-4", "a dotted GLOBAL line under PROTO 4", "shutil.os.system",
     FOUR + b"cshutil\nos.system\n" + short(ECHO) + b"\x85R."),
    ("name-from-persistent-id", "a name that the host's loader returns", "anomaly pickle.computed-name",
     FOUR + short(b"os") + b"Pcanary\n\x93" + short(ECHO) + b"\x85R."),
    ("name-joined", "a name put together by str.join", "anomaly pickle.computed-name",
     FOUR + short(b"os") + apply("builtins.getattr", short(b""), short(b"join")) + items(short(b"sys"), short(b"tem"))
     + b"\x85R\x93" + short(ECHO) + b"\x85R."),
    ("name-decoded", "a name that codecs.decode makes", "codecs.decode",
     FOUR + short(b"os") + apply("codecs.decode", short(b"flfgrz"), short(b"rot13")) + b"\x93" + short(ECHO) + b"\x85R."),
    ("name-of-chr", "a name made letter by letter", "anomaly pickle.computed-name",
     FOUR + apply("builtins.chr", b"K\x6f") + short(b"system") + b"\x93" + short(ECHO) + b"\x85R."),
    ("extension-2", "EXT2 of a code that the pickle registers", "os.system",
     TWO + apply("copyreg.add_extension", py2(b"os"), py2(b"system"), b"M\x00\x03") + b"0\x83\x00\x03" + CALL + b"."),
    ("extension-4", "EXT4 of a code that the pickle registers", "os.system",
     TWO + apply("copyreg.add_extension", py2(b"os"), py2(b"system"), b"J\x00\x00\x00\x70") + b"0\x84\x00\x00\x00\x70" + CALL + b"."),
    ("extension-renamed", "the registry filled through copy_reg", "os.system",
     TWO + apply("copy_reg.add_extension", py2(b"os"), py2(b"system"), b"K\x09") + b"0\x82\x09" + CALL + b"."),
    ("extension-of-others", "EXT1 of a code that others registered", "copyreg.extension",
     TWO + b"\x82\x05" + py2(ECHO) + b"\x85R."),
    ("extension-registry-written", "copyreg._inverted_registry filled by SETITEM", "anomaly pickle.write-to-global",
     TWO + b"ccopyreg\n_inverted_registry\nK\x07" + py2(b"os") + py2(b"system") + b"\x86s."),
    ("extension-dictionary", "the registry filled through setitem", "operator.setitem",
     TWO + apply("operator.setitem", glob("copyreg._inverted_registry"), b"K\x07", pairs(py2(b"CANARY"), b"N")) + b"."),
]
SHOWN = {"name-from-persistent-id": "canary", "name-joined": "sys", "name-decoded": "flfgrz", "name-of-chr": "111",
         "extension-of-others": "5", "extension-registry-written": "system", "extension-dictionary": "CANARY"}


def samples():
    for stem, technique, told, data in SPELLED:
        yield Sample(stem, technique, told, SHOWN.get(stem, COMMAND), data)
    for old, new, argument in RENAMED:
        yield Sample("renamed." + old, "Python 2's name of " + new, new, argument.decode().split("\\")[0],
                     TWO + apply(old, py2(argument)) + b".")
    for old, argument in PYTHON2_ONLY:
        yield Sample("python2." + old, "a name that only Python 2 has", old, argument.decode(),
                     apply(old, b'S"' + argument + b'"\n') + b".")
    for module, chain in THROUGH:
        yield Sample("through.%s.%s" % (module, chain), "a name reached through another module's imports",
                     "%s.%s" % (module, chain), COMMAND, stacked(module, chain))
    for module, chain in DUNDERS:
        yield Sample("dunder.%s.%s" % (module, chain), "a dotted name through inner attributes",
                     "%s.%s" % (module, chain), COMMAND, stacked(module, chain))


SAMPLES = list(samples())
