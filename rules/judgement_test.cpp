#include "rules/judgement.h"

#include <catch2/catch.hpp>

#include "rules/rule_set.h"

using namespace assay;
using namespace assay::rules;

namespace {

const NameTables& tables() {
  static const RuleSet set = [] {
    auto built_in = RuleSet::built_in();
    REQUIRE(built_in.has_value());
    return std::move(*built_in);
  }();
  return set.tables();
}

Judgement judged(const Call& call) { return Judge(tables()).call(call); }
Judgement named(const Import& import) { return Judge(tables()).import(import); }

Argument constant(std::string text) { return {ArgumentKind::constant, std::move(text), {}}; }
Argument global(Import import) { return {ArgumentKind::global, dotted(import), import}; }
Argument result(Import callee) { return {ArgumentKind::result, dotted(callee) + "()", callee}; }

Call call(Import callee, CallKind kind = CallKind::reduce, std::vector<Argument> arguments = {}) {
  Call out{.callee = std::move(callee),
           .kind = kind,
           .arguments = std::move(arguments),
           .passes = {},
           .expression = {}};
  for (const Argument& a : out.arguments) {
    if (a.kind == ArgumentKind::global) out.passes.push_back(a.global);
  }
  return out;
}

}  // namespace

TEST_CASE("a name is judged by its class and by what is done with it") {
  struct Case {
    Import name;
    CallKind kind;
    NameClass name_class;
    Use use;
  };
  using enum CallKind;
  using enum NameClass;
  const auto c = GENERATE(values<Case>({
      {{"os", "system"}, reduce, gadget, Use::called},
      {{"subprocess", "Popen"}, reduce, gadget, Use::called},
      {{"subprocess", "Popen"}, instance, gadget, Use::called},
      {{"subprocess", "Popen"}, newobj, gadget, Use::built},
      {{"subprocess", "Popen"}, build, gadget, Use::built},
      {{"collections", "OrderedDict"}, reduce, harmless, Use::called},
      {{"collections", "OrderedDict"}, newobj, harmless, Use::built},
      {{"sklearn.tree._tree", "Tree"}, reduce, harmless, Use::called},
      {{"sklearn.linear_model.logistic", "LogisticRegression"}, build, harmless, Use::built},
      {{"torch.nn.modules.linear", "Linear"}, newobj, harmless, Use::built},
      {{"__builtin__", "set"}, reduce, harmless, Use::called},
      {{"calendar", "weekheader"}, reduce, unknown_known, Use::called},
      {{"calendar", "NoSuchCalendar"}, reduce, unknown_known, Use::called},
      {{"calendar", "NoSuchCalendar"}, build, unknown_known, Use::built},
      {{"sklearn.nowhere", "Thing"}, newobj, unknown_known, Use::built},
      {{"__main__", "helper"}, reduce, unknown_third_party, Use::called},
      {{"__main__", "_Net"}, reduce, unknown_third_party, Use::built},
      {{"__main__", "Net"}, instance, unknown_third_party, Use::built},
      {{"mypkg.layers", "helper"}, build, unknown_third_party, Use::built},
      {{"mypkg.layers", "Mine"}, method, unknown_third_party, Use::built},
      {{"__torch__.a.b", "Net"}, newobj, harmless, Use::built},
  }));
  CAPTURE(dotted(c.name), to_string(c.kind));
  const Judgement j = judged(call(c.name, c.kind));
  CHECK(j.name_class == c.name_class);
  CHECK(j.use == c.use);
}

TEST_CASE("a gadget is as severe as its table says and its use allows") {
  CHECK(judged(call({"os", "system"})).severity == Severity::critical);
  CHECK(judged(call({"subprocess", "Popen"}, CallKind::newobj)).severity == Severity::high);
  CHECK(named({"os", "system"}).severity == Severity::medium);
  CHECK(judged(call({"builtins", "compile"})).severity == Severity::high);
  CHECK(judged(call({"builtins", "print"})).severity == Severity::low);
  CHECK(judged(call({"numpy", "full"})).severity == Severity::medium);
}

TEST_CASE("a chain of attributes is what it reaches") {
  struct Case {
    Import name;
    NameClass name_class;
    const char* effects;
  };
  using enum NameClass;
  const auto c = GENERATE(values<Case>({
      {{"shutil", "os.system"}, gadget, "command-exec"},
      {{"numpy.f2py", "os.system"}, gadget, "command-exec"},
      {{"mypkg", "deep.er.os.system"}, gadget, "command-exec"},
      {{"mypkg.os", "system"}, gadget, "command-exec"},
      {{"os", "path.os.system"}, gadget, "command-exec"},
      {{"", "os.system"}, gadget, "command-exec"},
      {{"subprocess", "Popen.communicate"}, gadget, "command-exec+file-write"},
      {{"builtins", "object.__subclasses__"}, gadget, "dunder"},
      {{"__main__", "f.__globals__"}, gadget, "dunder"},
      {{"collections", "OrderedDict.__init__.__globals__"}, gadget, "dunder"},
      {{"__torch__", "A.__class__"}, gadget, "dunder"},
      {{"typing", "collections"}, gadget, "module-object"},
      {{"antigravity", "fly"}, gadget, "network"},
      {{"antigravity.below", "fly"}, gadget, "network"},
      {{"antigravity", "geohash"}, gadget, "code-exec"},
      {{"antigravity", "__name__"}, gadget, "dunder"},
      {{"antigravity2", "fly"}, unknown_third_party, ""},
      {{"mypkg", "sys"}, gadget, "module-object"},
      {{"a", "b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t"}, gadget, "attr-walk"},
      {{"datetime", "datetime"}, harmless, ""},
      {{"collections", "OrderedDict.fromkeys"}, harmless, ""},
      {{"collections", "OrderedDict.fromkeys.deeper"}, unknown_known, ""},
      {{"asyncio", "Thing.member"}, unknown_known, ""},
      {{"torch", "_utils._rebuild_tensor_v2"}, harmless, ""},
  }));
  CAPTURE(dotted(c.name));
  const Judgement j = named(c.name);
  CHECK(j.name_class == c.name_class);
  CHECK(j.effects == c.effects);
}

TEST_CASE("an attribute of an allowed class may be named, not called or given to a caller") {
  const Import attribute{"collections", "OrderedDict.fromkeys"};
  CHECK(judged(call(attribute)).name_class == NameClass::unknown_known);
  CHECK(judged(call(attribute)).use == Use::called);
  Call given = call({"copyreg", "__newobj__"});
  given.arguments = {{ArgumentKind::global, "x", attribute}};
  given.passes = {attribute};
  CHECK(judged(given).name_class != NameClass::harmless);
}

TEST_CASE("torch's loader of bytes is harmless with bytes that are examined alone") {
  const Import loader{"torch.storage", "_load_from_bytes"};
  Call given = call(loader);
  CHECK(judged(given).severity == Severity::critical);
  given.arguments = {{ArgumentKind::result, "codecs.encode(...)", {"_codecs", "encode"}}};
  CHECK(judged(given).severity == Severity::critical);
  given.arguments = {{ArgumentKind::constant, "b'x'", {}}};
  CHECK(judged(given).name_class == NameClass::harmless);
}

TEST_CASE("a module that acts when it is imported has acted once a name in it is named") {
  CHECK(named({"antigravity", "fly"}).severity == Severity::high);
  CHECK(named({"antigravity", "fly"}).use == Use::imported);
  CHECK(named({"socket", "socket"}).severity == Severity::medium);
}

TEST_CASE("an unknown callable that is given a gadget is as bad as the gadget") {
  const Import gadget{"os", "system"};
  Call given{.callee = {"acme", "Pipeline"}, .arguments = {global(gadget)}, .passes = {gadget}};
  CHECK(judged(given).severity == Severity::critical);
  CHECK(judged(given).culprit == gadget);
  CHECK(judged(given).through == Import{"acme", "Pipeline"});
  given.kind = CallKind::build;
  CHECK(judged(given).severity == Severity::high);
  given.passes = {{"collections", "OrderedDict"}};
  CHECK(judged(given).name_class == NameClass::unknown_third_party);
}

TEST_CASE("an unknown class is built with values, but called with a command") {
  Call made{.callee = {"acme", "Runner"}};
  for (const char* text : {"'adamw'", "''", "3", "'text-generation'", "b'\\x00/'", "(1, 2)"}) {
    made.arguments = {{ArgumentKind::constant, text, {}}};
    CHECK(judged(made).use == Use::built);
  }
  for (const char* text : {"'echo CANARY'", "'/etc/passwd'", "\"f('x')\"", "'aaaaaaaaaaa..."}) {
    made.arguments = {{ArgumentKind::constant, text, {}}};
    CHECK(judged(made).use == Use::called);
  }
  made.kind = CallKind::newobj;
  CHECK(judged(made).use == Use::built);
}

TEST_CASE("harmless code may call the functions in the objects that it is given") {
  const Import function{"acme", "run"};
  Call given{.callee = {"builtins", "list"}, .passes = {function}};
  given.arguments = {{ArgumentKind::result, "argparse.Namespace()", {"argparse", "Namespace"}}};
  CHECK(judged(given).use == Use::called);
  CHECK(judged(given).culprit == function);
  given.passes = {{"acme", "Model"}};
  CHECK(judged(given).use == Use::imported);
  given.arguments = {{ArgumentKind::container, "[acme.run]", {}}};
  given.passes = {function};
  CHECK(judged(given).name_class == NameClass::harmless);
  Call iterator{.callee = {"builtins", "iter"}};
  iterator.arguments = {global(function), {ArgumentKind::constant, "0", {}}};
  iterator.passes = {function};
  CHECK(judged(iterator).use == Use::called);
}

TEST_CASE("higher-order callables are judged by what they are given") {
  struct Case {
    const char* what;
    Call call;
    NameClass name_class;
    Use use;
  };
  using enum NameClass;
  const Import partial{"functools", "partial"};
  const Import reconstructor{"copyreg", "_reconstructor"};
  const Import getattr{"builtins", "getattr"};
  const Import from_type{"torch._tensor", "_rebuild_from_type_v2"};
  const Argument object = global({"builtins", "object"});
  const Argument strategy = global({"transformers.trainer_utils", "IntervalStrategy"});
  const auto c = GENERATE_COPY(values<Case>({
      {"partial of a gadget", call(partial, {}, {global({"os", "system"})}), gadget, Use::called},
      {"partial of a known function", call(partial, {}, {global({"numpy", "mean"})}), harmless,
       Use::called},
      {"partial of third party", call(partial, {}, {global({"__main__", "f"})}),
       unknown_third_party, Use::built},
      {"factory of a defaultdict",
       call({"collections", "defaultdict"}, {}, {global({"builtins", "list"})}), harmless,
       Use::called},
      {"gadget as factory",
       call({"collections", "defaultdict"}, {}, {global({"builtins", "eval"})}), gadget,
       Use::called},
      {"_reconstructor of a class",
       call(reconstructor, {}, {global({"__main__", "Net"}), object, constant("None")}),
       unknown_third_party, Use::built},
      {"_reconstructor with a gadget as base",
       call(reconstructor, {},
            {global({"__main__", "Net"}), global({"subprocess", "Popen"}), constant("'id'")}),
       gadget, Use::called},
      {"_reconstructor with the class as its own base",
       call(reconstructor, {},
            {global({"subprocess", "Popen"}), global({"subprocess", "Popen"}), constant("'id'")}),
       gadget, Use::called},
      {"_reconstructor of a known class",
       call(reconstructor, {}, {global({"sklearn.svm._classes", "SVC"}), object, constant("None")}),
       harmless, Use::built},
      {"_reconstruct of an array",
       call({"numpy.core.multiarray", "_reconstruct"}, {},
            {global({"numpy", "ndarray"}), constant("(0,)"), constant("b'b'")}),
       harmless, Use::built},
      {"_reconstruct of a gadget",
       call({"numpy.core.multiarray", "_reconstruct"}, {},
            {global({"subprocess", "Popen"}), constant("(0,)")}),
       gadget, Use::built},
      {"rebuild by a known function",
       call(from_type, {},
            {global({"torch._utils", "_rebuild_tensor_v2"}),
             global({"torch.nn.parameter", "Parameter"})}),
       harmless, Use::called},
      {"rebuild by a gadget", call(from_type, {}, {global({"os", "system"})}), gadget, Use::called},
      {"rebuild by a computed function", call(from_type, {}, {{ArgumentKind::unknown, "?", {}}}),
       unknown_callee, Use::called},
      {"rebuild by what attrgetter returned",
       call(from_type, {}, {result({"operator", "attrgetter"})}), unknown_callee, Use::called},
      {"generator with a gadget as constructor",
       call({"numpy.random._pickle", "__generator_ctor"}, {},
            {constant("'id'"), global({"os", "system"})}),
       gadget, Use::called},
      {"generator of its bit generator",
       call({"numpy.random._pickle", "__generator_ctor"}, {},
            {result({"numpy.random._pickle", "__bit_generator_ctor"})}),
       harmless, Use::called},
      {"enum member by getattr", call(getattr, {}, {strategy, constant("'NO'")}), harmless,
       Use::called},
      {"bound method by getattr",
       call(getattr, {}, {result({"torch.nn.modules.linear", "LazyLinear"}), constant("'_hook'")}),
       harmless, Use::called},
      {"attribute of an unknown instance",
       call(getattr, {}, {result({"__main__", "Net"}), constant("'x'")}), unknown_third_party,
       Use::built},
      {"attribute of an unknown result",
       call(getattr, {}, {result({"__main__", "f"}), constant("'x'")}), unknown_third_party,
       Use::built},
      {"attribute of an attribute", call(getattr, {}, {result(getattr), constant("'x'")}), gadget,
       Use::called},
      {"private name by getattr", call(getattr, {}, {strategy, constant("'__class__'")}), gadget,
       Use::called},
      {"getattr of a module", call(getattr, {}, {global({"typing", "sys"}), constant("'modules'")}),
       gadget, Use::called},
      {"method of a builtin class by getattr",
       call(getattr, {}, {global({"builtins", "str"}), constant("'lower'")}), harmless,
       Use::called},
      {"method of a constant by getattr", call(getattr, {}, {constant("','"), constant("'join'")}),
       gadget, Use::called},
      {"inner attribute of a builtin class by getattr",
       call(getattr, {}, {global({"builtins", "str"}), constant("'__class__'")}), gadget,
       Use::called},
      {"getattr by a computed name",
       call(getattr, {}, {strategy, {ArgumentKind::unknown, "?", {}}}), gadget, Use::called},
      {"attrgetter of a plain name", call({"operator", "attrgetter"}, {}, {constant("'a.b'")}),
       harmless, Use::called},
      {"attrgetter of a private name",
       call({"operator", "attrgetter"}, {}, {constant("'a.__globals__'")}), gadget, Use::called},
      {"type of None", call({"builtins", "type"}, {}, {constant("None")}), harmless, Use::called},
      {"type of Ellipsis", call({"builtins", "type"}, {}, {global({"builtins", "Ellipsis"})}),
       harmless, Use::called},
      {"a new type",
       call({"builtins", "type"}, {}, {constant("'X'"), constant("()"), constant("{}")}), gadget,
       Use::called},
      {"bytearray of bytes", call({"builtins", "bytearray"}, {}, {constant("b'x'")}), harmless,
       Use::called},
      {"bytearray of a huge number",
       call({"builtins", "bytearray"}, {}, {constant("99999999999999999999999")}), gadget,
       Use::called},
      {"ufunc by name",
       call({"numpy.core", "_ufunc_reconstruct"}, {}, {constant("'numpy'"), constant("'add'")}),
       harmless, Use::called},
      {"anything by name",
       call({"numpy.core", "_ufunc_reconstruct"}, {}, {constant("'os'"), constant("'system'")}),
       gadget, Use::called},
      {"booster from its state", call({"lightgbm.basic", "Booster"}, CallKind::build), harmless,
       Use::built},
      {"booster from a file", call({"lightgbm.basic", "Booster"}, {}, {constant("'x.txt'")}),
       gadget, Use::called},
      {"gadget in an estimator's state",
       call({"sklearn.preprocessing._function_transformer", "FunctionTransformer"}, CallKind::build,
            {global({"os", "system"})}),
       gadget, Use::built},
      {"own function in an estimator's state",
       call({"sklearn.preprocessing._function_transformer", "FunctionTransformer"}, CallKind::build,
            {global({"__main__", "f"})}),
       unknown_third_party, Use::imported},
      {"calling a data type", call({"torch", "float32"}), unknown_known, Use::called},
  }));
  CAPTURE(c.what);
  const Judgement j = judged(c.call);
  CHECK(j.name_class == c.name_class);
  CHECK(j.use == c.use);
}

TEST_CASE("what is called without a name is unknown, whatever returned it") {
  Call computed = call({"collections", "OrderedDict"});
  computed.callee_unknown = true;
  CHECK(judged(computed).name_class == NameClass::unknown_callee);
  CHECK(judged(Call{}).name_class == NameClass::unknown_callee);
  CHECK(judged(call({}, CallKind::extension)).name_class == NameClass::unknown_callee);
}

TEST_CASE("the state of a result is judged by what returned it") {
  Call state = call({"numpy", "dtype"}, CallKind::build);
  state.callee_unknown = true;
  CHECK(judged(state).name_class == NameClass::harmless);
  state.callee = {"os", "system"};
  CHECK(judged(state).name_class == NameClass::gadget);
  state.callee = {};
  CHECK(judged(state).name_class == NameClass::unknown_callee);
  CHECK(judged(state).use == Use::built);
}

TEST_CASE("names deep inside the arguments are held, not called") {
  using enum NameClass;
  const Import new_index{"pandas.core.indexes.base", "_new_Index"};
  Call index = call(new_index, {}, {global({"pandas.core.indexes.multi", "MultiIndex"})});
  index.arguments.push_back({ArgumentKind::container, "{...}", {}});
  index.passes.push_back({"pandas.core.indexes.base", "Index"});
  index.passes.push_back({"__main__", "f"});
  CHECK(judged(index).use == Use::imported);
  index.passes.push_back({"os", "system"});
  CHECK(judged(index).name_class == gadget);

  const Call wrapper = call({"torch._utils", "_rebuild_wrapper_subclass"}, {},
                            {global({"torch", "Tensor"}), global({"torch", "float32"})});
  CHECK(judged(wrapper).name_class == harmless);
}

TEST_CASE("what is done to a result is judged by what made it") {
  using enum NameClass;
  Call partial = call({"functools", "partial"}, CallKind::build);
  partial.arguments = {{ArgumentKind::container, "(os.system, ('id',), {}, None)", {}}};
  CHECK(judged(partial).name_class == harmless);
  partial.passes = {{"os", "system"}};
  CHECK(judged(partial).name_class == gadget);
  CHECK(judged(partial).use == Use::called);

  const Call attribute = call({"builtins", "getattr"}, CallKind::build, {constant("{}")});
  CHECK(judged(attribute).name_class == unknown_callee);
  const Call array = call({"numpy.core.multiarray", "_reconstruct"}, CallKind::build,
                          {{ArgumentKind::container, "(1, (2,), ...)", {}}});
  CHECK(judged(array).name_class == harmless);
}

TEST_CASE("the host's persistent loader is nobody's gadget") {
  CHECK(judged(call({}, CallKind::persistent_id, {constant("('storage',)")})).name_class ==
        NameClass::harmless);
}

TEST_CASE("a long hostile chain of standard module names is judged in bounded work") {
  std::string chain = "os";
  for (int i = 0; i < 100'000; ++i) chain += ".os";
  CHECK(named({"os", chain}).name_class == NameClass::gadget);
}
