#include "tests/fuzzing/pickle_mutator.h"

#include <catch2/catch.hpp>
#include <set>

#include "formats/pickle/opcode.h"
#include "formats/pickle/pickle.h"
#include "tests/support/hex.h"
#include "tests/support/recording_context.h"

using namespace assay;
using fuzzing::mutated_pickle;
using fuzzing::opcodes_of;

namespace {

// {'weights': [1, 2.0], 'name': 'a'} with protocol 4, memo and frame.
const std::string kPickle = [] {
  const auto bytes = test::bytes(
      "8004 951f00000000000000 7d 94 28 8c07 77656967687473 94 5d 94 28 4b01 47 4000000000000000 65"
      "8c04 6e616d65 94 8c01 61 94 75 2e");
  return std::string(as_text(bytes));
}();

std::size_t flip_one(std::uint8_t* data, std::size_t size, std::size_t max_size) {
  if (size == 0) return max_size > 0 ? (data[0] = 7, 1) : 0;
  data[size / 2] ^= 0x20;
  return size;
}

// Walked to its end: every byte was taken for an opcode or its operand.
bool walks(const std::string& pickle) {
  const test::Parse parse(pickle::format, test::raw(pickle));
  return parse.result.has_value();
}

}  // namespace

TEST_CASE("a pickle falls into its opcodes and their operands") {
  const auto opcodes = opcodes_of(kPickle);
  CHECK(opcodes.size() == 19);
  CHECK(opcodes.front() == "\x80\x04");
  CHECK(opcodes[5] == "\x8c\x07weights");
  CHECK(opcodes.back() == ".");
  CHECK(opcodes_of("cos\nsystem\n(S'echo'\ntR.") ==
        std::vector<std::string_view>{"cos\nsystem\n", "(", "S'echo'\n", "t", "R", "."});
}

TEST_CASE("what is cut off or no opcode still falls into pieces that make it up again") {
  for (const std::string_view text : {std::string_view("X\xff\xff\xff\xff"
                                                       "ab"),
                                      std::string_view("\x8d\x01"), std::string_view("cos"),
                                      std::string_view("\xff\xfe\xfd"), std::string_view("")}) {
    std::string together;
    for (const std::string_view piece : opcodes_of(text)) {
      CHECK(!piece.empty());
      together += piece;
    }
    CHECK(together == text);
  }
}

TEST_CASE("most mutants of a pickle are whole opcodes with a STOP at their end") {
  int whole = 0;
  for (unsigned seed = 0; seed < 1000; ++seed) {
    const auto mutant = mutated_pickle(kPickle, 4096, seed, flip_one);
    const auto pieces = opcodes_of(mutant);
    const bool known = std::all_of(pieces.begin(), pieces.end(), [](std::string_view piece) {
      return !pickle::info_of(static_cast<std::uint8_t>(piece[0])).name.empty();
    });
    if (known && mutant.ends_with('.')) ++whole;
  }
  CHECK(whole > 700);
}

TEST_CASE("many mutants still load as far as our machine is concerned, and most are new") {
  std::set<std::string> mutants;
  int loaded = 0;
  for (unsigned seed = 0; seed < 1000; ++seed) {
    const auto mutant = mutated_pickle(kPickle, 4096, seed, flip_one);
    loaded += walks(mutant) ? 1 : 0;
    mutants.insert(mutant);
  }
  CHECK(loaded > 300);
  CHECK(mutants.size() > 500);
}

TEST_CASE("a mutant is never larger than there is room, and the same seed gives the same one") {
  for (unsigned seed = 0; seed < 500; ++seed) {
    for (const std::size_t room :
         {std::size_t{0}, std::size_t{1}, kPickle.size() - 3, kPickle.size(), std::size_t{64}}) {
      CHECK(mutated_pickle(kPickle, room, seed, flip_one).size() <= room);
    }
    CHECK(mutated_pickle("", 16, seed, flip_one).size() <= 16);
    CHECK(mutated_pickle(kPickle, 4096, seed, flip_one) ==
          mutated_pickle(kPickle, 4096, seed, flip_one));
  }
}
