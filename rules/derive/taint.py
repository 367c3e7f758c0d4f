"""Which arguments of a function reach a sink, through the functions and classes of its own program.

Flow-insensitive: a name once assigned from an argument stays tainted. Sources are parameter names and
`self.attribute`; a summary maps each source to {effect: Evidence}.
"""
import ast
import collections

from sources import dotted_text, imported

Evidence = collections.namedtuple("Evidence", "depth line sink")
MAX_DEPTH = 4
MAX_ROUNDS = 6
# Calls whose result says little of what they were given.
CLEAN = {"builtins." + n for n in ("len isinstance issubclass int float bool id hash type callable hasattr ord "
                                   "range sum round abs complex all any super print").split()}
OPENERS = {"builtins.open", "io.open", "os.open", "codecs.open", "os.fdopen", "tokenize.open", "gzip.open",
           "bz2.open", "lzma.open", "io.FileIO", "gzip.GzipFile", "bz2.BZ2File", "lzma.LZMAFile"}
CONSTRUCTORS = ("__new__", "__init__", "__post_init__")


def parameters(node):
    a = node.args
    named = [p.arg for p in a.posonlyargs + a.args]
    more = [p.arg for p in a.kwonlyargs] + [p.arg for p in (a.vararg, a.kwarg) if p]
    return named, more


class Reader:
    """Reads one function once per round; `summaries` is what is known of the others."""

    def __init__(self, function, program, sinks, summaries):
        self.function, self.program, self.sinks, self.summaries = function, program, sinks, summaries
        self.module, self.owner = function.module, function.owner
        self.named, more = parameters(function.node)
        self.receiver = self.named[0] if self.named and function.kind in ("instance", "class") else None
        sources = (self.named[1:] if self.receiver else self.named) + more
        self.taint = {name: frozenset([name]) for name in sources}
        self.parameters = set(sources)
        self.local = {}
        self.nodes = list(ast.walk(function.node))
        self.rebound = set()
        self.bind_locals()

    def bind_locals(self):
        for node in self.nodes:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self.local.update(imported(node, self.module))
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node is not self.function.node:
                self.rebound.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self.rebound.add(node.id)

    def summary(self):
        for _ in range(3):
            before = dict(self.taint)
            for node in self.nodes:
                self.assign(node)
            if before == self.taint:
                break
        found = {}
        for node in self.nodes:
            if isinstance(node, ast.Call):
                for source, effect, evidence in self.of_call(node):
                    kept = found.setdefault(source, {})
                    if effect not in kept or evidence < kept[effect]:
                        kept[effect] = evidence
        return found

    # Assignments: what taints which name.

    def assign(self, node):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self.store(target, self.of(node.value))
        elif isinstance(node, (ast.AugAssign, ast.AnnAssign, ast.NamedExpr)):
            self.store(node.target, self.of(node.value))
        elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
            self.store(node.target, self.of(node.iter))
        elif isinstance(node, ast.withitem) and node.optional_vars:
            self.store(node.optional_vars, self.of(node.context_expr))

    def store(self, target, sources):
        if isinstance(target, (ast.Tuple, ast.List)):
            for item in target.elts:
                self.store(item, sources)
        elif isinstance(target, ast.Starred):
            self.store(target.value, sources)
        elif isinstance(target, ast.Name):
            self.add(target.id, sources)
        elif isinstance(target, ast.Attribute) and self.is_receiver(target.value):
            self.add("self." + target.attr, sources - {"self." + target.attr})

    def add(self, key, sources):
        if sources:
            self.taint[key] = self.taint.get(key, frozenset()) | sources

    def is_receiver(self, node):
        return isinstance(node, ast.Name) and node.id == self.receiver

    # Expressions: which sources a value comes from.

    def of(self, node):
        if node is None or isinstance(node, (ast.Constant, ast.Compare, ast.Lambda)):
            return frozenset()
        if isinstance(node, ast.Name):
            return self.taint.get(node.id, frozenset())
        if isinstance(node, ast.Attribute):
            if self.is_receiver(node.value):
                key = "self." + node.attr
                if self.owner and self.program.method(self.owner, node.attr):
                    return frozenset()
                return self.taint.get(key) or frozenset([key])
            return self.of(node.value)
        if isinstance(node, ast.Call):
            return self.of_result(node)
        if isinstance(node, ast.IfExp):
            return self.of(node.body) | self.of(node.orelse)
        if isinstance(node, ast.Subscript):
            return self.of(node.value)
        out = frozenset()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.expr, ast.keyword, ast.comprehension)):
                out |= self.of(child.value if isinstance(child, ast.keyword) else
                               child.iter if isinstance(child, ast.comprehension) else child)
        return out

    def of_result(self, node):
        if self.callee(node.func) in CLEAN:
            return frozenset()
        out = frozenset()
        for argument in node.args:
            out |= self.of(argument)
        for keyword in node.keywords:
            out |= self.of(keyword.value)
        if isinstance(node.func, ast.Attribute) and not self.is_receiver(node.func.value):
            out |= self.of(node.func.value)
        return out

    # Calls: what is called, and which sinks that reaches.

    def callee(self, node):
        """The dotted name of what is called, as defined; None where it is a local value."""
        text = dotted_text(node)
        if text is None:
            return None
        first, _, rest = text.partition(".")
        if first in self.local:
            return self.program.canonical(self.local[first] + ("." + rest if rest else ""))
        if first in self.parameters or first in self.rebound or first == self.receiver:
            return None
        return self.program.canonical(self.program.absolute(self.module, text))

    def of_call(self, node):
        target = node.func
        if isinstance(target, ast.Name) and target.id in self.parameters and target.id not in self.rebound:
            yield target.id, "invoke", Evidence(0, self.where(node), "calls it")
            return
        method = self.own_method(target)
        if method:
            yield from self.through(node, [method], True)
            return
        name = self.callee(target)
        if name is None:
            return
        if name in OPENERS:
            yield from self.of_open(node, name)
        elif name in self.sinks:
            yield from self.of_sink(node, name)
        elif name in self.program.functions:
            function = self.program.functions[name]
            yield from self.through(node, [function], function.kind == "class")
        elif name in self.program.classes:
            owner = self.program.classes[name]
            makers = [self.program.method(owner, m) for m in CONSTRUCTORS]
            yield from self.through(node, [m for m in makers if m], True, made=True)

    def own_method(self, target):
        if not isinstance(target, ast.Attribute) or not self.owner:
            return None
        if self.is_receiver(target.value):
            return self.program.method(self.owner, target.attr)
        value = target.value
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "super":
            for base in self.owner.bases:
                found = base and self.program.classes.get(
                    self.program.canonical(self.program.absolute(self.module, base)))
                method = found and self.program.method(found, target.attr)
                if method:
                    return method
        return None

    def of_open(self, node, name):
        place = 1
        mode = next((k.value for k in node.keywords if k.arg in ("mode", "flags")),
                    node.args[place] if len(node.args) > place else None)
        text = mode.value if isinstance(mode, ast.Constant) else None
        if mode is None or isinstance(text, str) and not set(text) & set("wax+"):
            effect = "file-read"
        else:
            effect = "file-write"
        what = node.args[:1] or [k.value for k in node.keywords if k.arg in ("file", "filename", "path", "name")]
        for source in self.of(what[0]) if what else ():
            yield source, effect, Evidence(0, self.where(node), name)

    def of_sink(self, node, name):
        places, effect = self.sinks[name]
        values = [a for i, a in enumerate(node.args) if "*" in places or str(i) in places or
                  isinstance(a, ast.Starred)]
        values += [k.value for k in node.keywords if "*" in places or k.arg is None or k.arg in places]
        for value in values:
            for source in self.of(value):
                yield source, effect, Evidence(0, self.where(node), name)

    def through(self, node, functions, bound, made=False):
        """The sinks that a call of a known function reaches with our arguments."""
        for function in functions:
            summary = self.summaries.get(function.name)
            if not summary:
                continue
            named, more = parameters(function.node)
            skip = bound and function.kind in ("instance", "class")
            names = named[1:] if skip else named
            given = {}
            for place, value in enumerate(node.args):
                if isinstance(value, ast.Starred):
                    for name in names[place:]:
                        given.setdefault(name, []).append(value.value)
                    break
                key = names[place] if place < len(names) else (
                    function.node.args.vararg.arg if function.node.args.vararg else None)
                given.setdefault(key, []).append(value)
            rest = function.node.args.kwarg.arg if function.node.args.kwarg else None
            for keyword in node.keywords:
                keys = names + more if keyword.arg is None else [
                    keyword.arg if keyword.arg in names + more else rest]
                for key in keys:
                    given.setdefault(key, []).append(keyword.value)
            for source, effects in summary.items():
                if source.startswith("self."):
                    ours = frozenset() if made or not bound else self.taint.get(source) or frozenset([source])
                else:
                    ours = frozenset().union(*(self.of(v) for v in given.get(source, ())))
                for effect, evidence in effects.items():
                    if evidence.depth < MAX_DEPTH:
                        for mine in ours:
                            yield mine, effect, evidence._replace(depth=evidence.depth + 1)

    def where(self, node):
        return "%s:%d" % (self.module.path.name, node.lineno)


def summarise(program, sinks):
    """{function name: {source: {effect: Evidence}}} for a whole program."""
    summaries = {}
    readers = {name: Reader(f, program, sinks, summaries) for name, f in program.functions.items()}
    for _ in range(MAX_ROUNDS):
        changed = False
        for name, reader in readers.items():
            new = reader.summary()
            if new and new != summaries.get(name):
                summaries[name] = new
                changed = True
        if not changed:
            break
    return summaries
