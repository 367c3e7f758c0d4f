"""Whether running a Python function can reach something dangerous.

Reads sources (AST), follows calls into functions and methods it can resolve, and
says why a function is not trusted; None means nothing was found. It errs on the
side of distrust: calling a parameter, or a value kept in the instance, counts.
"""
import ast
import builtins
import functools
import inspect
import pathlib
import sys
import textwrap
import types

DANGEROUS = {"command-exec", "code-exec", "native-code", "import", "nested-unpickle",
             "file-write", "file-read", "network"}
SINK_NAMES = {"exec", "eval", "compile", "__import__", "open", "input", "breakpoint",
              "globals", "delattr"}
SINK_METHODS = {"system", "popen", "loads", "exec_module", "import_module", "check_output",
                "unlink", "rmtree", "urlopen", "query", "tofile", "savez"}
# Gadgets for what a pickle could do with their result; code that only looks at it is harmless.
INERT = {"sys._getframe", "inspect.Signature.from_callable"}
MAX_DEPTH = 24


def load_gadgets(folder):
    found = set()
    for table in sorted(pathlib.Path(folder).glob("*.tsv")):
        if table.name == "derived.tsv":
            continue  # says that some argument reaches a sink; here the code itself is read
        for line in table.read_text().splitlines():
            if line and not line.startswith("#"):
                name, effects, _, _ = line.split("\t")
                if DANGEROUS & set(effects.split("+")) and name not in INERT:
                    found.add(name)
    return found


class Reach:
    def __init__(self, gadgets):
        self.gadgets = gadgets
        self.known = {}

    def of(self, function, owner=None, depth=0):
        """Why `function`, looked up on class `owner`, is not trusted; or None."""
        function = inspect.unwrap(function) if callable(function) else function
        function = getattr(function, "__func__", function)
        if isinstance(function, functools.partial):
            function = function.func
        if not isinstance(function, types.FunctionType):
            return self.of_native(function)
        key = (function, owner)
        if key not in self.known:
            self.known[key] = None  # a cycle adds nothing
            self.known[key] = "calls too deep" if depth > MAX_DEPTH else self.read(function, owner, depth)
        return self.known[key]

    def of_native(self, function):
        name = f"{getattr(function, '__module__', '')}.{getattr(function, '__qualname__', '')}"
        return f"reaches {name}" if name in self.gadgets else None

    def read(self, function, owner, depth):
        name = f"{function.__module__}.{function.__qualname__}"
        if name in self.gadgets:
            return f"reaches {name}"
        if function.__code__.co_filename == "<string>" or is_plain_stdlib(function):
            return None  # made by namedtuple or dataclass; or frozen, and no gadget
        try:
            tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        except (OSError, TypeError, SyntaxError):
            return f"no source of {name}"
        body = tree.body[0]
        parameters = {a.arg for a in ast.walk(body) if isinstance(a, ast.arg)} - {"self", "cls"}
        scope = Scope(function, owner, parameters, local_names(body), local_imports(body, function))
        for node in ast.walk(body):
            if isinstance(node, ast.Call):
                why = self.of_call(node, scope, depth)
                if why:
                    return why
        return None

    def of_call(self, call, scope, depth):
        target = call.func
        if isinstance(target, ast.Name) and target.id in SINK_NAMES and target.id not in scope.local:
            return f"calls {target.id}"
        if isinstance(target, ast.Name) and target.id in scope.parameters:
            return f"calls its argument {target.id}"
        if isinstance(target, ast.Attribute):
            why = self.of_method(target, scope, depth)
            if why is not NotImplemented:
                return why
        value = scope.resolve(target)
        if value is None:
            return None if isinstance(target, ast.Attribute) else unresolved(target, scope)
        if inspect.isclass(value):
            return self.of_class(value, depth + 1)
        holder = scope.resolve(target.value) if isinstance(target, ast.Attribute) else None
        owner = holder if inspect.isclass(holder) else None
        return self.of(value, owner, depth + 1) if callable(value) else None

    def of_method(self, target, scope, depth):
        """Calls on self and super(), and suspicious method names of any value."""
        root = target.value
        if isinstance(root, ast.Name) and root.id in ("self", "cls") and scope.owner:
            method = inspect.getattr_static(scope.owner, target.attr, None)
            if method is None:
                return f"calls the instance's attribute {target.attr}"
            return self.of(getattr(scope.owner, target.attr, None), scope.owner, depth + 1)
        if isinstance(root, ast.Call) and isinstance(root.func, ast.Name) and root.func.id == "super":
            for base in (scope.owner.__mro__[1:] if scope.owner else ()):
                if target.attr in vars(base):
                    why = self.of(getattr(base, target.attr), scope.owner, depth + 1)
                    if why:
                        return why
            return None
        if scope.resolve(target) is None and target.attr in SINK_METHODS:
            return f"calls .{target.attr}()"
        return NotImplemented

    def of_class(self, cls, depth=0):
        """Why calling `cls` is not trusted."""
        name = f"{cls.__module__}.{cls.__qualname__}"
        if name in self.gadgets:
            return f"reaches {name}"
        for method in ("__new__", "__init__", "__post_init__"):
            why = self.of_inherited(cls, method, depth)
            if why:
                return why
        return None

    def of_inherited(self, cls, method, depth=0):
        found = inspect.getattr_static(cls, method, None)
        if found is None or found is inspect.getattr_static(object, method, None):
            return None
        return self.of(getattr(cls, method), cls, depth)


class Scope:
    def __init__(self, function, owner, parameters, local, imports):
        self.function, self.owner, self.parameters, self.local = function, owner, parameters, local
        self.closure = dict(imports)
        if owner:
            self.closure["cls"] = owner
        if function.__closure__:
            for name, cell in zip(function.__code__.co_freevars, function.__closure__):
                try:
                    self.closure[name] = cell.cell_contents
                except ValueError:
                    pass

    def resolve(self, node):
        """The object a dotted name stands for, or None."""
        if isinstance(node, ast.Name):
            if node.id in self.parameters or node.id in self.local:
                return None
            for names in (self.closure, self.function.__globals__, vars(builtins)):
                if node.id in names:
                    return names[node.id]
            return None
        if isinstance(node, ast.Attribute):
            base = self.resolve(node.value)
            if isinstance(base, types.ModuleType) or inspect.isclass(base):
                return getattr(base, node.attr, None)
        return None


def is_plain_stdlib(function):
    # numpy's __array_function__ protocol calls a dispatcher that numpy wrote.
    return function.__module__ in ("posixpath", "genericpath", "abc", "codecs", "_collections_abc",
                                   "numpy.core.overrides")


def unresolved(target, scope):
    if isinstance(target, ast.Name) and target.id not in scope.local:
        return f"calls {target.id}, which is not found"
    return None


def local_names(body):
    """Names assigned or imported in a function."""
    out = set()
    for node in ast.walk(body):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            out.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node is not body:
            out.add(node.name)
    return out


def local_imports(body, function):
    """What the import statements inside a function bind."""
    out = {}
    package = function.__globals__.get("__package__") or ""
    for node in ast.walk(body):
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.split(".")[0]
                out[name] = sys.modules.get(alias.name if alias.asname else name)
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
            full = node.module or ""
            if node.level:
                full = f"{base}.{node.module}" if node.module else base
            for alias in node.names:
                found = getattr(sys.modules.get(full), alias.name, None)
                out[alias.asname or alias.name] = found or sys.modules.get(f"{full}.{alias.name}")
    return {name: value for name, value in out.items() if value is not None}
