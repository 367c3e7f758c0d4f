"""One sample for each thing that a loader does, the shortest there is."""
from .ops import ARG, CALL, ECHO, SYSTEM, Sample, frame, name, py2, short, text
from .ops import TOUCH as EXEC


def call(module, attribute, *arguments):
    """GLOBAL, arguments in a marked tuple, REDUCE"""
    return b"c" + module + b"\n" + attribute + b"\n(" + b"".join(arguments) + b"tR"


# stem, technique, what must be told, bytes
ROWS = [
    ("reduce-protocol0", "GLOBAL and REDUCE in text", "os.system", SYSTEM + CALL + b"."),
    ("reduce-protocol2", "GLOBAL and REDUCE behind PROTO 2", "os.system",
     b"\x80\x02" + SYSTEM + py2(ECHO) + b"\x85R."),
    ("stack-global-frame", "STACK_GLOBAL in a frame", "posix.system",
     b"\x80\x04" + frame(name(b"posix", b"system") + short(ECHO) + b"\x85R.")),
    ("inst", "INST instead of REDUCE", "os.system", b"(" + ARG + b"ios\nsystem\n."),
    ("obj", "OBJ with a function on the mark", "os.system", b"(" + SYSTEM + ARG + b"o."),
    ("obj-no-arguments", "OBJ with nothing but the callable", "pty.spawn", b"(cpty\nspawn\no."),
    ("newobj", "NEWOBJ of a class whose constructor runs a program", "subprocess.Popen",
     b"\x80\x02csubprocess\nPopen\n(]" + py2(b"echo") + b"a" + py2(b"CANARY") + b"at\x81."),
    ("newobj-ex", "NEWOBJ_EX with keyword arguments", "subprocess.Popen",
     b"\x80\x04" + name(b"subprocess", b"Popen") + short(ECHO) + b"\x85}" + short(b"shell") + b"\x88s\x92."),
    ("python2-module", "a Python 2 module name that protocol 0 renames", "subprocess.getoutput",
     b"ccommands\ngetoutput\n" + CALL + b"."),
    ("python2-builtin", "__builtin__ instead of builtins", "builtins.eval",
     b"c__builtin__\neval\n(" + text(EXEC) + b"tR."),
    ("proto-lie", "PROTO 4, then PROTO 2 to have names renamed", "builtins.exec",
     b"\x80\x04\x80\x02c__builtin__\nexec\n(" + text(EXEC) + b"tR."),
    ("escaped-unicode", "names and command in \\u escapes", "os.system",
     text(b"\\u006f\\u0073") + text(b"\\u0073ystem") + b"\x93" + text(b"echo \\u0043ANARY") + b"\x85R."),
    ("escaped-string", "names in \\x and octal escapes", "os.system",
     b"S'\\x6fs'\nS\"s\\171stem\"\n\x93" + ARG + b"\x85R."),
    ("names-from-memo", "module and name through the memo, out of order", "os.system",
     b"\x80\x04" + short(b"system") + b"\x940" + short(b"os") + b"\x940h\x01h\x00\x93" + short(ECHO) + b"\x85R."),
    ("memo-overwritten", "a memo slot that first held a harmless class", "os.system",
     b"\x80\x02ccollections\nOrderedDict\nq\x010" + SYSTEM + b"q\x010h\x01" + py2(ECHO) + b"\x85R."),
    ("memo-huge-index", "the callable in memo slot 4294967295", "os.system",
     b"\x80\x02" + SYSTEM + b"r\xff\xff\xff\xff0j\xff\xff\xff\xff" + py2(ECHO) + b"\x85R."),
    ("memo-text-index", "PUT and GET with spelled indices", "os.system",
     SYSTEM + b"p99999999999\n0g99999999999\n" + CALL + b"."),
    ("dup-callee", "the callable doubled by DUP and called the second time", "os.system",
     SYSTEM + b"2" + ARG + b"\x85R0" + ARG + b"\x85R."),
    ("pop-mark-decoy", "a decoy thrown away by POP_MARK", "os.system",
     b"(ccollections\nOrderedDict\n1" + SYSTEM + CALL + b"."),
    ("pop-takes-mark", "a mark taken away by POP", "os.system", b"(0" + SYSTEM + CALL + b"."),
    ("nested-marks", "marks within marks", "os.system", SYSTEM + b"(((" + ARG + b"t1" + ARG + b"tR."),
    ("arguments-from-list", "arguments as a list, for the Python unpickler", "os.system",
     SYSTEM + b"(" + ARG + b"lR."),
    ("dotted-name", "a dotted name through another module", "shutil.os.system",
     b"\x80\x04" + name(b"shutil", b"os.system") + short(ECHO) + b"\x85R."),
    ("dotted-dunder", "a dotted name through __globals__ of a function", "builtins.getattr",
     call(b"builtins", b"getattr", b"cos\npath\n", text(b"__loader__")) + b"."),
    ("getattr-chain", "the callable fetched by getattr, then called", "builtins.getattr",
     b"\x80\x02" + call(b"builtins", b"getattr", b"cos\n__builtins__\n", text(b"eval")) + text(EXEC) + b"\x85R."),
    ("import-module", "importlib, then getattr, then the call", "importlib.import_module",
     call(b"builtins", b"getattr", call(b"importlib", b"import_module", text(b"os")), text(b"system"))
     + CALL + b"."),
    ("map-callable", "a callable passed to map and run by list", "builtins.map",
     call(b"builtins", b"list", call(b"builtins", b"map", SYSTEM, b"(" + ARG + b"l")) + b"."),
    ("partial", "functools.partial of os.system, called later", "functools.partial",
     call(b"functools", b"partial", SYSTEM, ARG) + b")R."),
    ("methodcaller", "operator.methodcaller", "operator.methodcaller",
     call(b"operator", b"methodcaller", text(b"system"), ARG) + b"(cos\npath\ntR."),
    ("extension-registry", "EXT1 of a code that the pickle registers first", "os.system",
     b"\x80\x02" + call(b"copyreg", b"add_extension", py2(b"os"), py2(b"system"), b"K\x07") + b"0\x82\x07"
     + py2(ECHO) + b"\x85R."),
    ("extension-across-pickles", "the code registered by the pickle before", "os.system",
     b"\x80\x02" + call(b"copyreg", b"add_extension", py2(b"os"), py2(b"system"), b"M\x00\x02") + b"."
     + b"\x80\x02\x83\x00\x02" + py2(ECHO) + b"\x85R."),
    ("build-setstate", "BUILD of a class with a chosen state", "zipimport.zipimporter",
     b"\x80\x02" + call(b"zipimport", b"zipimporter", py2(b"CANARY.zip")) + b"}b."),
    ("build-on-global", "BUILD on a module replaces what it holds", "anomaly pickle.write-to-global",
     b"\x80\x02ctyping\ncollections\n}" + py2(b"OrderedDict") + SYSTEM + b"sb0"
     + call(b"collections", b"OrderedDict", py2(ECHO)) + b"."),
    ("append-on-global", "APPEND to sys.path", "anomaly pickle.write-to-global",
     b"csys\npath\nS'CANARY'\na."),
    ("setitem-on-global", "SETITEM on sys.modules", "anomaly pickle.write-to-global",
     b"csys\nmodules\nS'json'\ncantigravity\n__name__\ns."),
    ("appends-method", "APPENDS calls extend of an object of an unknown class", "cmd.Cmd",
     b"ccmd\nCmd\n)R(K\x01K\x02e."),
    ("second-pickle", "a harmless pickle first", "os.system", b"\x80\x02}." + b"\x80\x02" + SYSTEM + py2(ECHO) + b"\x85R."),
    ("second-pickle-protocol0", "a pickle without PROTO behind a STOP", "os.system", b"\x80\x02}." + SYSTEM + CALL + b"."),
    ("no-stop", "the call runs, the STOP never comes", "os.system", SYSTEM + CALL),
    ("proto-late", "PROTO behind the call", "os.system", SYSTEM + CALL + b"0\x80\x04N."),
    ("frame-too-long", "a frame longer than the file", "os.system",
     b"\x80\x04\x95\xff\xff\x00\x00\x00\x00\x00\x00" + name(b"os", b"system") + short(ECHO) + b"\x85R."),
    ("stack-global-without-proto", "STACK_GLOBAL in a pickle of protocol 0", "os.system",
     short(b"os") + short(b"system") + b"\x93" + short(ECHO) + b"\x85R."),
    ("long-name-strings", "names in BINUNICODE8", "os.system",
     b"\x80\x04\x8d\x02\0\0\0\0\0\0\0os\x8d\x06\0\0\0\0\0\0\0system\x93" + short(ECHO) + b"\x85R."),
    ("computed-name", "STACK_GLOBAL of a name that a call makes", "anomaly pickle.computed-name",
     b"\x80\x04" + short(b"os") + name(b"builtins", b"str.lower") + short(b"SYSTEM") + b"\x85R\x93"
     + short(ECHO) + b"\x85R."),
    ("persistent-id-argument", "the call inside a persistent id", "os.system", SYSTEM + CALL + b"Q."),
    ("call-as-dict-key", "the call as key of a dict", "os.system", b"}" + SYSTEM + CALL + b"Ns."),
    ("call-dropped", "a harmless object, the call's result dropped", "os.system",
     b"\x80\x02}q\x00" + SYSTEM + py2(ECHO) + b"\x85R0."),
    ("import-only", "naming a module runs it", "import antigravity.fly", b"cantigravity\nfly\n."),
    ("code-object", "exec of source text", "builtins.exec", b"\x80\x02" + call(b"builtins", b"exec", text(EXEC)) + b"."),
    ("nested-pickle", "pickle.loads of bytes in the pickle", "_pickle.loads",
     b"\x80\x03" + b"c_pickle\nloads\nC" + bytes([len(SYSTEM + CALL + b".")]) + SYSTEM + CALL + b"." + b"\x85R."),
    ("list-mutated-later", "a list filled after it went into the argument tuple", "builtins.map",
     b"cbuiltins\nmap\n(]p1\ng1\ntp2\n0g1\n" + SYSTEM + b"a0g2\nR."),
]

# What else has to be shown, where it is not the command.
SHOWN = {
    "obj-no-arguments": "pty.spawn", "newobj": "CANARY", "newobj-ex": "shell", "python2-builtin": "CANARY", "proto-lie": "CANARY",
    "dotted-dunder": "__loader__", "getattr-chain": "eval", "import-module": "os", "partial": "os.system",
    "methodcaller": "system", "build-setstate": "CANARY.zip", "build-on-global": "os.system", "append-on-global": "CANARY",
    "setitem-on-global": "json", "appends-method": "cmd.Cmd", "computed-name": "SYSTEM", "import-only": "antigravity",
    "code-object": "CANARY", "list-mutated-later": "os.system",
}

SAMPLES = [Sample(stem, technique, told, SHOWN.get(stem, ECHO.decode()), data) for stem, technique, told, data in ROWS]
