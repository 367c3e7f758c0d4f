#pragma once

namespace assay::provenance {

// Has OpenSSL do now what it would do at its first use: make its tables, take its
// built-in algorithms, read the time zone. No configuration file is read. Call it
// once, before anything else of this folder, in a process that will be forbidden to
// open files; verification opens none afterwards.
void prepare_crypto();

}  // namespace assay::provenance
