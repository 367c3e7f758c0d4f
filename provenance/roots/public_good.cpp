#include "provenance/roots/public_good.h"

extern "C" const char assay_public_good_root[];
extern "C" const char assay_public_good_root_end[];

namespace assay::provenance {

Bytes public_good_root() {
  return as_bytes({assay_public_good_root,
                   static_cast<std::size_t>(assay_public_good_root_end - assay_public_good_root)});
}

}  // namespace assay::provenance
