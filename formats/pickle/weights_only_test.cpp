#include "formats/pickle/weights_only.h"

#include <catch2/catch.hpp>

#include "formats/pickle/test_support.h"

using namespace assay;
using namespace assay::pickle;
using namespace assay::pickle::test;

namespace {

constexpr std::string_view kYes = "yes";

WeightsOnly ask(std::string_view stream, int count = 1, const Limits& limits = {}) {
  MemorySource source(raw(stream));
  Budget budget(limits);
  return ask_weights_only(source, budget, 0, count);
}

std::string since_26(std::string_view stream) {
  return ask(stream).refusal.value_or(std::string(kYes));
}
std::string in_113(std::string_view stream) {
  return ask(stream).refusal_113.value_or(std::string(kYes));
}

// A tensor as torch.save writes it, up to its REDUCE; storage and memo left out.
const std::string kTensor =
    "ctorch._utils\n_rebuild_tensor_v2\n((U\x07storagectorch\nFloatStorage\nU\x01"
    "0"
    "U\x03"
    "cpuK\x02tQK\x07K\x02\x85K\x01\x85\x89"
    "ccollections\nOrderedDict\n)RtR";

}  // namespace

TEST_CASE("a name that is not on torch's allow list is refused before anything is called") {
  CHECK(since_26("cposix\nsystem\n(U\x01"
                 "atR.") == "byte 0: GLOBAL posix.system is not on the allow list");
  CHECK(since_26("\x80\x02"
                 "cbuiltins\neval\n.") == "byte 2: GLOBAL builtins.eval is not on the allow list");
}

TEST_CASE("opcodes that the restricted unpickler lacks are refused") {
  CHECK(since_26(lit("\x80\x04\x95\x02\0\0\0\0\0\0\0N.")) == "byte 2: FRAME is not implemented");
  CHECK(since_26("I1\n.") == "byte 0: INT is not implemented");
  CHECK(since_26("(c__main__\nA\no.") == "byte 1: GLOBAL __main__.A is not on the allow list");
  CHECK(since_26("\x8c\x05posix\x8c\x06system\x93.") ==
        "byte 0: SHORT_BINUNICODE is not implemented");
  CHECK(since_26("\x82\x01.") == "byte 0: EXT1 is not implemented");
}

TEST_CASE("only what is allowed may be called, and nothing that a call returned") {
  CHECK(since_26("ccollections\nOrderedDict\n)R)R.") ==
        "byte 28: REDUCE does not take collections.OrderedDict()");
  CHECK(since_26("ctorch\nfloat32\n)R.") == "byte 16: REDUCE does not take torch.float32");
  CHECK(since_26("N)R.") == "byte 2: REDUCE does not take None");
}

TEST_CASE("a state goes only into objects of allowed classes") {
  CHECK(since_26("ccollections\nOrderedDict\n)R}b.") == kYes);
  CHECK(since_26("ccollections\nCounter\n)R}b.") == kYes);
  CHECK(in_113("ccollections\nOrderedDict\n)R}b.") == kYes);
  CHECK(since_26("c_codecs\nencode\n(U\x01"
                 "atR}b.") != kYes);  // bytes: their class is not on the list
  CHECK(since_26("]}b.") == "byte 2: BUILD does not take []");
}

TEST_CASE("items go only into lists and dicts") {
  CHECK(since_26("](K\x01"
                 "e.") == kYes);
  CHECK(since_26("ctorch\nSize\n)RK\x01"
                 "a.") == "byte 16: APPEND does not take torch.Size()");
  CHECK(since_26("ccollections\nOrderedDict\n)R(K\x01K\x02u.") == kYes);
  CHECK(since_26("ctorch\nSize\n)RK\x01K\x02s.") == "byte 18: SETITEM does not take torch.Size()");
}

TEST_CASE("only storages are loaded by a persistent id") {
  CHECK(since_26(kTensor + ".") == kYes);
  CHECK(in_113(kTensor + ".") == kYes);
  CHECK(since_26("(U\x06"
                 "moduleK\x01tQ.")
            .starts_with("byte 12: BINPERSID of ('module'"));
  CHECK(since_26("U\x07"
                 "storageQ.")
            .starts_with("byte 9: BINPERSID of"));
}

TEST_CASE("what a tensor's rebuilding returns is a tensor") {
  CHECK(since_26(kTensor + "K\x01\x85"
                           "b.") == kYes);
  CHECK(since_26("ctorch.serialization\n_get_layout\n(U\x01"
                 "atR}b.") != kYes);
}

TEST_CASE("old and new torch differ") {
  CHECK(since_26(lit("G\0\0\0\0\0\0\0\0.")) == kYes);
  CHECK(in_113(lit("G\0\0\0\0\0\0\0\0.")) == "byte 0: BINFLOAT is not implemented");
  CHECK(in_113("ctorch\nbfloat16\n.") == "byte 0: GLOBAL torch.bfloat16 is not on the allow list");
  CHECK(since_26("ctorch\nSize\n)\x81.") == kYes);
  CHECK(in_113("ctorch\nSize\n)\x81.") == "byte 13: NEWOBJ does not take torch.Size");
  CHECK(in_113("ctorch.nn.parameter\nParameter\n)\x81.") == kYes);
  CHECK(in_113("ctorch._utils\n_rebuild_sparse_csr_tensor\n.") == kYes);
  CHECK(since_26("ctorch._utils\n_rebuild_sparse_csr_tensor\n.") != kYes);
}

TEST_CASE("a pickle that is broken does not load") {
  CHECK(since_26("(K\x01").starts_with("truncated at byte 3"));
  CHECK(since_26("R.") == "malformed at byte 0: REDUCE finds the stack empty");
  CHECK(since_26("e.") == "malformed at byte 0: APPENDS finds no mark");
  CHECK(since_26("(e.") == "malformed at byte 1: APPENDS finds the stack empty");
  CHECK_FALSE(since_26("") == kYes);
}

TEST_CASE("every pickle of a row is asked") {
  CHECK_FALSE(ask("N.N.", 2).refusal.has_value());
  CHECK(ask("N.I1\n.", 2).refusal == "byte 2: INT is not implemented");
  CHECK(ask("N.", 2).refusal.has_value());
}

TEST_CASE("a limit leaves the answer open, and that is a gap") {
  const WeightsOnly answer = ask("NNNN.", 1, {.opcodes = 2});
  REQUIRE(answer.unknown.has_value());
  CHECK(answer.unknown->code == ParseErrc::over_budget);
}

TEST_CASE("a legacy torch stream carries the answer for all its pickles") {
  const std::string magic = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
  const std::string front = magic + "\x80\x02M\xe9\x03." + "\x80\x02}.";
  const auto told = [](const std::string& stream) {
    for (const Metadata& data : parse(stream).context.all<Metadata>()) {
      if (data.key == "torch.weights_only") return data.value;
    }
    return std::string("nothing");
  };
  CHECK(told(front + "\x80\x02}.\x80\x02].") == "yes");
  CHECK(told(front + "\x80\x02"
                     "cposix\nsystem\n.\x80\x02].") ==
        "no: byte 27: GLOBAL posix.system is not on the allow list");
  CHECK(told("\x80\x02}.") == "nothing");
}
