#pragma once

namespace assay::cli {

// Makes this process what the rest of the program takes for granted, whoever
// started it: the three standard descriptors are open (or a file would take
// their place and be written to), ended children wait to be asked, a reader of
// our output that goes away costs no exit code, and as many files may be open
// as the system allows.
void settle_process();

}  // namespace assay::cli
