#include <algorithm>
#include <catch2/catch.hpp>

#include "formats/pickle/test_support.h"

using namespace assay;
using namespace assay::pickle::test;

namespace {

// The one-argument call of `callee` (opcodes) with `arguments` (opcodes).
std::string call(std::string_view callee, std::string_view arguments) {
  return std::string(callee) + "(" + std::string(arguments) + "tR";
}

bool tells(const Parse& parsed, std::string_view wanted) {
  const auto told = calls(parsed);
  return std::ranges::find(told, wanted) != told.end();
}

const std::string kOs = call("cimportlib\nimport_module\n", "Vos\n");
const std::string kGetattr = "cbuiltins\ngetattr\n";
const std::string kArgument = "(S'x'\ntR.";

}  // namespace

TEST_CASE("a callable that is found by calls has the name it was found by") {
  const std::string streams[] = {
      call(kGetattr, kOs + "Vsystem\n"),
      call(kGetattr, call("cbuiltins\n__import__\n", "Vos.path\n") + "Vsystem\n"),
      call("cpkgutil\nresolve_name\n", "Vos:system\n"),
      call("cpydoc\nlocate\n", "Vos.system\n"),
      call(call("coperator\nattrgetter\n", "Vsystem\n"), kOs),
      call(kGetattr, call("coperator\ngetitem\n", "csys\nmodules\nVos\n") + "Vsystem\n"),
      call(kGetattr, call("csys\nmodules.get\n", "Vos\n") + "Vsystem\n"),
      call("coperator\ngetitem\n", call("cbuiltins\nvars\n", kOs) + "Vsystem\n"),
      call("coperator\ngetitem\n", "cos\n__dict__\nVsystem\n"),
  };
  for (const std::string& stream : streams) {
    CAPTURE(stream);
    const Parse parsed = parse(stream + kArgument);
    CAPTURE(calls(parsed));
    CHECK(tells(parsed, "os.system('x')"));
  }
}

TEST_CASE("a module that has a fromlist is itself what __import__ returns") {
  const Parse parsed =
      parse(call(kGetattr, call("cbuiltins\n__import__\n", "Va.b\nNN(Vc\nl") + "Vf\n") + kArgument);
  CHECK(tells(parsed, "a.b.f('x')"));
}

TEST_CASE("a callable that was wrapped is told when the wrapper is called") {
  const std::string partial = call("cfunctools\npartial\n", "ca\nf\nK\x01");
  CHECK(tells(parse(call(partial, "K\x02") + "."), "a.f(1, 2)"));
  const std::string twice = call("cfunctools\npartial\n", partial + "K\x02");
  CHECK(tells(parse(call(twice, "K\x03") + "."), "a.f(1, 2, 3)"));
  const std::string caller = call("coperator\nmethodcaller\n", "Vf\nK\x01");
  CHECK(tells(parse(call(caller, "ca\nb\n") + "."), "a.b.f(1)"));
  const std::string both = call("cfunctools\npartial\n", kGetattr + kOs);
  CHECK(tells(parse(call(both, "Vsystem\n") + kArgument), "os.system('x')"));
}

TEST_CASE("what is not certain has no name") {
  const std::string streams[] = {
      call(kGetattr, kOs + "Vsystem\nca\nf\n"),
      call(call("coperator\nattrgetter\n", "Va\nVb\n"), kOs),
      call("coperator\ngetitem\n", "ca\nb\nVos\n"),
      call("cpkgutil\nresolve_name\n", call("ca\nf\n", "")),
  };
  for (const std::string& stream : streams) {
    CAPTURE(stream);
    const Parse parsed = parse(stream + kArgument);
    const auto found = parsed.context.all<Call>();
    REQUIRE_FALSE(found.empty());
    CHECK(found.back().callee_unknown);
  }
}

TEST_CASE("what BUILD stored in an instance may be what a later opcode calls") {
  struct Row {
    std::string_view stream;
    std::string_view call;
  };
  const Row rows[] = {
      {lit("ca\nC\n)\x81}S'extend'\ncb\nf\nsbK\x01"
           "a."),
       "a.C().extend(1)"},
      {lit("ca\nC\n)\x81}S'add'\ncb\nf\nsb(K\x01\x90."), "a.C().add(1)"},
      {lit("ca\nC\n)\x81}S'__setstate__'\ncb\nf\nsbK\x01"
           "b."),
       "a.C().__setstate__(1)"},
      {lit("ccollections\nOrderedDict\n)R}S'extend'\ncb\nf\nsb(K\x01"
           "e."),
       "collections.OrderedDict().extend(1)"},
      {lit("ca\nC\n)\x81N}S'__class__'\ncb\nD\ns\x86"
           "b."),
       "a.C().__setattr__((None, {'__class__': b.D}))"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.stream);
    const Parse parsed = parse("\x80\x04" + std::string(row.stream));
    CAPTURE(calls(parsed));
    bool unknown = false;
    for (const Call& call : parsed.context.all<Call>()) {
      unknown = unknown || (call.callee_unknown && call.expression == row.call);
    }
    CHECK(unknown);
  }
}

TEST_CASE("an instance that is filled and then built, as picklers do, calls nothing unknown") {
  const Parse parsed =
      parse(lit("\x80\x02"
                "ca\nC\n)\x81(K\x01"
                "e(K\x01K\x02u}S'extend'\ncb\nf\nsb."));
  for (const Call& call : parsed.context.all<Call>()) CHECK_FALSE(call.callee_unknown);
}

TEST_CASE("that an instance was built is known when its node is gone") {
  std::string stream = "\x80\x02" + std::string("ca\nC\n)\x81}S'extend'\ncb\nf\nsb");
  for (int i = 0; i < 300'000; ++i) stream += "]0";
  const Parse parsed = parse(stream + "K\x01" + "a.");
  bool unknown = false;
  for (const Call& call : parsed.context.all<Call>()) unknown = unknown || call.callee_unknown;
  CHECK(unknown);
}
