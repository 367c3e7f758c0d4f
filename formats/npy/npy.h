#pragma once

#include "core/format.h"

namespace assay::npy {

// NumPy's .npy (NEP 1): a header that is a Python dict literal, then one array's
// raw data, or a pickle when the dtype holds objects. Several arrays may follow
// one another in a file.
//
// Anomaly codes:
//   npy.odd-header      the header is no literal that numpy writes: numpy may still read it
//   npy.duplicate-key   a key of the header comes twice: Python takes the last
//   npy.long-header     over the 10,000 characters that numpy reads without allow_pickle
//   npy.trailing-data   bytes behind the last array
extern const Format format;

}  // namespace assay::npy
