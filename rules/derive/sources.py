"""Python sources as an index of names, without importing any of them."""
import ast
import builtins
import dataclasses
import pathlib
import warnings

MAX_HOPS = 8
BUILTINS = set(dir(builtins))


@dataclasses.dataclass
class Function:
    name: str  # module.Class.method
    node: ast.AST
    module: "Module"
    owner: "Class | None" = None

    @property
    def kind(self):
        """instance, class, static or plain."""
        if not self.owner:
            return "plain"
        words = {d.id for d in self.node.decorator_list if isinstance(d, ast.Name)}
        if "staticmethod" in words:
            return "static"
        if "classmethod" in words or self.node.name in ("__new__", "__init_subclass__"):
            return "class"
        return "instance"


@dataclasses.dataclass
class Class:
    name: str
    bases: list
    module: "Module"
    methods: dict = dataclasses.field(default_factory=dict)


class Module:
    """The names that a module's top level binds: functions, classes, and what it imports or aliases."""

    def __init__(self, name, path, tree):
        self.name, self.path = name, path
        self.is_package = path.name == "__init__.py"
        self.names = {}
        self.functions = {}
        self.classes = {}
        self.bind(tree.body, None)

    def bind(self, body, owner):
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self.bind_function(node, owner)
            elif isinstance(node, ast.ClassDef):
                self.bind_class(node, owner)
            elif isinstance(node, (ast.Import, ast.ImportFrom)) and not owner:
                self.names.update(imported(node, self))
            elif isinstance(node, ast.Assign) and not owner:
                alias = dotted_text(node.value)
                for target in node.targets:
                    if alias and isinstance(target, ast.Name) and alias != target.id:
                        self.names.setdefault(target.id, alias)
            elif isinstance(node, (ast.If, ast.Try, ast.With)):
                for part in ("body", "orelse", "finalbody", "handlers"):
                    for inner in getattr(node, part, []):
                        self.bind(inner.body if isinstance(inner, ast.ExceptHandler) else [inner], owner)

    def bind_function(self, node, owner):
        name = "%s.%s" % (owner.name if owner else self.name, node.name)
        function = Function(name, node, self, owner)
        if name not in self.functions:
            self.functions[name] = function
            if owner:
                owner.methods[node.name] = function
            else:
                self.names[node.name] = name

    def bind_class(self, node, owner):
        name = "%s.%s" % (owner.name if owner else self.name, node.name)
        if name in self.classes:
            return
        found = Class(name, [dotted_text(base) for base in node.bases], self)
        self.classes[name] = found
        if not owner:
            self.names[node.name] = name
        self.bind(node.body, found)


def imported(node, module):
    """What an import statement binds: local name -> dotted name."""
    out = {}
    if isinstance(node, ast.Import):
        for alias in node.names:
            out[alias.asname or alias.name.split(".")[0]] = (
                alias.name if alias.asname else alias.name.split(".")[0])
        return out
    base = node.module or ""
    if node.level:
        parts = module.name.split(".")
        parts = parts[:len(parts) - node.level + (1 if module.is_package else 0)]
        base = ".".join(parts + ([node.module] if node.module else []))
    for alias in node.names:
        out[alias.asname or alias.name] = "%s.%s" % (base, alias.name)
    return out


def dotted_text(node):
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id] + parts[::-1])


class Program:
    """All modules of a package or a standard library."""

    def __init__(self):
        self.modules, self.functions, self.classes = {}, {}, {}

    def add(self, name, path):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError, RecursionError):
            return  # another Python's source, or a template
        module = Module(name, path, tree)
        self.modules[name] = module
        self.functions.update(module.functions)
        self.classes.update(module.classes)

    def add_tree(self, root, prefix, skipped):
        for path in sorted(pathlib.Path(root).rglob("*.py")):
            parts = list(path.relative_to(root).with_suffix("").parts)
            if parts[-1] == "__init__":
                parts.pop()
            name = ".".join(([prefix] if prefix else []) + parts)
            if name and not skipped(name) and all(p.isidentifier() for p in parts):
                self.add(name, path)

    def canonical(self, name):
        """Follows re-exports and aliases: the name under which the thing is defined."""
        for _ in range(MAX_HOPS):
            if name in self.functions or name in self.classes:
                return name
            head, rest = self.split(name)
            if head is None or not rest:
                return name
            module = self.modules[head]
            target = module.names.get(rest[0])
            if target is None:
                return name
            following = ".".join([self.absolute(module, target)] + rest[1:])
            if following == name:
                return name
            name = following
        return name

    def absolute(self, module, text):
        """A dotted name as written inside `module`, from its first part on."""
        first, _, rest = text.partition(".")
        target = module.names.get(first)
        if target is None or target.split(".")[0] == first and target == text:
            return "builtins." + text if first in BUILTINS and target is None else text
        if target == first:
            return text
        return target + ("." + rest if rest else "")

    def split(self, name):
        parts = name.split(".")
        for size in range(len(parts) - 1, 0, -1):
            head = ".".join(parts[:size])
            if head in self.modules:
                return head, parts[size:]
        return None, []

    def method(self, owner, name, seen=()):
        """The method of a class or of its bases, as far as they are in the program."""
        if name in owner.methods:
            return owner.methods[name]
        for base in owner.bases:
            found = base and self.classes.get(self.canonical(self.absolute(owner.module, base)))
            if found and found.name not in seen:
                method = self.method(found, name, (*seen, owner.name))
                if method:
                    return method
        return None
