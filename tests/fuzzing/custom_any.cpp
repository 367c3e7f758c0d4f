// Zips by their records, with the pickles in them by their opcodes; pickles by
// their opcodes; all else by bytes.
#include "tests/fuzzing/libfuzzer.h"
#include "tests/fuzzing/pickle_mutator.h"
#include "tests/fuzzing/zip_mutator.h"

namespace {

using namespace assay::fuzzing;

bool looks_like_pickle(std::string_view text) {
  return text.starts_with('\x80') || text.ends_with('.');
}

std::size_t mutate_content(std::uint8_t* data, std::size_t size, std::size_t max_size) {
  static unsigned seed = 0;  // counted, so that one run of the fuzzer is like another
  const std::string_view text = text_of(data, size);
  if (!looks_like_pickle(text)) return LLVMFuzzerMutate(data, size, max_size);
  return put_back(mutated_pickle(text, max_size, ++seed, LLVMFuzzerMutate), data, max_size);
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  const std::string_view text = text_of(data, size);
  if (!text.contains("PK\x05\x06")) return mutate_content(data, size, max_size);
  return put_back(mutated_zip(text, max_size, seed, mutate_content), data, max_size);
}
