#pragma once

#include <string>

#include "provenance/sigstore/bundle.h"

namespace assay::provenance::testing {

// The bundle as its document, for tests that begin with one. Certificates are written as
// the one of a bundle 0.3.
std::string json_of(const Bundle& bundle);
// The envelope alone, as tools without bundles write it.
std::string json_of(const DsseEnvelope& envelope);

}  // namespace assay::provenance::testing
