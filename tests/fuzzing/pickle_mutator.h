#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzzing/mutation.h"

namespace assay::fuzzing {

// The stretches of `pickle` that are whole opcodes with their operands, front to
// back. A byte that is no opcode is a piece of its own; an operand that is cut
// off goes to the end. The pieces put together are `pickle` again.
std::vector<std::string_view> opcodes_of(std::string_view pickle);

// `pickle` with whole opcodes inserted, dropped, doubled or swapped, or with one
// operand exchanged; now and then with blind bytes changed. At most `max_size` long.
std::string mutated_pickle(std::string_view pickle, std::size_t max_size, unsigned seed,
                           ByteMutator mutate);

}  // namespace assay::fuzzing
