#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tests/fuzzing/mutation.h"
#include "tests/fuzzing/zip_records.h"

namespace assay::fuzzing {

// `zip` with one thing changed in its structure: a field of a header, a name, an
// entry of the directory doubled or dropped (with or without the counts that go
// with it), bytes between records, the content of a stored member; or its
// checksums made true again. Blind bytes when it holds no record, and now and
// then. `mutate` changes member contents, too. At most `max_size` long.
std::string mutated_zip(std::string_view zip, std::size_t max_size, unsigned seed,
                        ByteMutator mutate);

}  // namespace assay::fuzzing
