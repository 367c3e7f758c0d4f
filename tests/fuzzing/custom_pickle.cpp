#include "tests/fuzzing/libfuzzer.h"
#include "tests/fuzzing/pickle_mutator.h"

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  using namespace assay::fuzzing;
  const auto changed = mutated_pickle(text_of(data, size), max_size, seed, LLVMFuzzerMutate);
  return put_back(changed, data, max_size);
}
