"""What is called: one sample for each way to do harm that a public gadget list or advisory knows."""
import zlib

from .ops import ECHO, TOUCH, Sample, apply, frame, glob, name, py2, short

URL = b"http://canary.invalid/CANARY"
FILE = b"CANARY"
HOST = b"canary.invalid"

COMMANDS = [
    "os.popen", "posix.popen", "nt.system", "os.startfile", "subprocess.call", "subprocess.check_call",
    "subprocess.check_output", "subprocess.run", "subprocess.getoutput", "asyncio.create_subprocess_shell",
    "platform.popen", "pydoc.pipepager", "pydoc.tempfilepager", "distutils.spawn.spawn", "setuptools.distutils.spawn.spawn",
    "webbrowser.GenericBrowser", "multiprocessing.util.spawnv_passfds", "numpy.distutils.exec_command.exec_command",
    "numpy.f2py.diagnose.run_command", "torch.cuda._memory_viz.format_flamegraph", "uuid._get_command_stdout",
    "test.support.script_helper.assert_python_ok", "lib2to3.main.main", "ensurepip._run_pip", "pip.main",
    "pip._internal.main", "pip._internal.utils.subprocess.call_subprocess", "venv.create", "os.execl", "os.spawnlp",
    "os.posix_spawnp", "posix.execv", "ctypes.util._get_soname", "imaplib.IMAP4_stream", "idlelib.macosx.Path",
]
CODE = [
    "code.interact", "codeop.compile_command", "timeit.timeit", "timeit.repeat", "cProfile.run", "profile.run", "pdb.run",
    "pdb.runeval", "bdb.Bdb.run", "trace.Trace.run", "doctest.debug_script", "doctest.debug_src", "runpy._run_code",
    "builtins.eval", "builtins.execfile", "types.CodeType", "types.FunctionType", "marshal.loads", "typing.ForwardRef",
    "numpy.testing._private.utils.runstring", "numpy.f2py.crackfortran.myeval", "numpy.f2py.crackfortran.getlincoef",
    "numpy.ma.mrecords.openfile", "pandas.eval", "pandas.core.computation.eval.eval", "torch.fx.graph_module._exec_with_source",
    "torch.jit.unsupported_tensor_ops.execWrapper", "torch.utils._config_module.ConfigModule.load_config",
    "torch.fx.experimental.symbolic_shapes.ShapeEnv.evaluate_guards_expression", "sympy.sympify", "numexpr.evaluate",
    "idlelib.run.Executive.runcode", "idlelib.pyshell.ModifiedInterpreter.runcode", "idlelib.calltip.get_entity",
    "idlelib.autocomplete.AutoComplete.get_entity", "idlelib.debugobj.ObjectTreeItem.SetText",
    "lib2to3.pgen2.pgen.ParserGenerator.make_label", "joblib._deprecated_format_stack.format_records",
    "torch.utils.bottleneck.__main__.run_cprofile", "torch.utils._contextlib.context_decorator", "asyncio.run",
    "collections.namedtuple", "string.Formatter.format", "xml.sax.make_parser", "logging.config.dictConfig",
]
FILES = [
    "builtins.open", "io.open", "_io.FileIO", "codecs.open", "os.open", "os.remove", "os.unlink", "os.rmdir", "os.rename",
    "os.symlink", "os.chmod", "os.truncate", "shutil.rmtree", "shutil.move", "shutil.unpack_archive", "tempfile.mkstemp",
    "pathlib.Path.unlink", "pathlib.Path.write_text", "fileinput.input", "linecache.getlines", "logging.FileHandler",
    "zipfile.ZipFile", "tarfile.open", "sqlite3.connect", "shelve.open", "mmap.mmap", "py_compile.compile",
    "compileall.compile_file", "zipapp.create_archive", "numpy.memmap", "numpy.fromfile", "h5py.File", "torch.from_file", "torch.serialization._open_zipfile_writer_file",
    "readline.write_history_file", "cgitb.Hook",
]
LOADERS = [
    "pickle.load", "pickle.Unpickler", "_pickle.Unpickler", "cloudpickle.load", "dill.load", "joblib.load", "torch.load",
    "torch.hub.load", "torch.hub.load_state_dict_from_url", "torch.jit.load", "torch.package.PackageImporter",
    "torch.utils.cpp_extension.load", "numpy.load", "pandas.read_pickle", "pandas.read_hdf", "keras.models.load_model",
    "tensorflow.keras.models.load_model", "tracemalloc.Snapshot.load", "lib2to3.pgen2.grammar.Grammar.loads",
    "multiprocessing.connection.Client", "logging.config.listen", "mlflow.pyfunc.load_model", "skops.io.loads",
    "yaml.unsafe_load", "jsonpickle.decode",
]
IMPORTS = [
    "builtins.__import__", "importlib.import_module", "importlib.reload", "importlib.util.spec_from_file_location",
    "imp.load_module", "imp.load_dynamic", "runpy.run_path", "runpy.run_module", "pkgutil.resolve_name", "pydoc.locate",
    "pydoc.importfile", "pydoc.safeimport", "zipimport.zipimporter", "_frozen_importlib._gcd_import", "site.addsitedir",
    "unittest.mock._importer", "unittest.main", "pkg_resources.EntryPoint", "test.support.import_helper.import_module",
    "numpy.compat.npy_load_module", "torch.hub._import_module", "torch._utils._import_dotted_name",
    "joblib.externals.cloudpickle.cloudpickle.subimport", "_imp.create_dynamic", "ctypes.CDLL", "ctypes.cdll.LoadLibrary",
    "ctypes.PyDLL", "cffi.FFI.dlopen", "numpy.ctypeslib.load_library", "torch.ops.load_library", "llvmlite.binding.load_library_permanently",
]
NETWORK = [
    "socket.create_connection", "socket.gethostbyname", "ssl.get_server_certificate", "urllib.request.urlopen",
    "urllib.request.urlretrieve", "http.client.HTTPSConnection", "ftplib.FTP", "smtplib.SMTP", "poplib.POP3",
    "imaplib.IMAP4", "nntplib.NNTP", "telnetlib.Telnet", "xmlrpc.client.ServerProxy", "asyncio.open_connection",
    "webbrowser.open", "requests.get", "urllib3.PoolManager.request", "torch.distributed.rpc.init_rpc",
]
OTHER = [
    "sys.exit", "os._exit", "os.abort", "os.kill", "os.putenv", "os.setuid", "os.fork", "signal.raise_signal",
    "faulthandler.dump_traceback_later", "sys.settrace", "sys.setprofile", "sys._getframe", "builtins.breakpoint",
    "builtins.vars", "builtins.globals", "builtins.setattr", "gc.get_objects", "inspect.getmembers", "acme.models.helper",
    "__main__.load", "acme_tools.run",
]

TABLES = [("runs a command", COMMANDS, ECHO), ("runs code", CODE, TOUCH), ("touches files", FILES, FILE),
          ("loads more", LOADERS, FILE), ("imports of the file's choice", IMPORTS, FILE),
          ("uses the network", NETWORK, URL), ("changes or ends the process", OTHER, FILE)]


def reduced(callee, argument):
    return apply(callee, b'S"' + argument + b'"\n') + b"."


def stacked(callee, argument):
    module, _, attribute = callee.rpartition(".")
    return b"\x80\x04" + frame(name(module.encode(), attribute.encode()) + short(argument) + b"\x85R.")


def instance(callee, argument):
    module, _, attribute = callee.rpartition(".")
    return b'(S"' + argument + b'"\ni' + module.encode() + b"\n" + attribute.encode() + b"\n."


def object_on_mark(callee, argument):
    return b"\x80\x02(" + glob(callee) + py2(argument) + b"o."


FORMS = [reduced, stacked, instance, object_on_mark]


def samples():
    for effect, callees, argument in TABLES:
        for callee in callees:
            form = FORMS[zlib.crc32(callee.encode()) % len(FORMS)]
            yield Sample(callee, effect, callee, argument.decode(), form(callee, argument))


SAMPLES = list(samples())
