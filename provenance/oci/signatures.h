#pragma once

#include <string>
#include <vector>

#include "provenance/evidence.h"
#include "provenance/intoto/verify.h"
#include "provenance/oci/graph.h"

// The signatures that lie in a layout as manifests of their own.
namespace assay::provenance::oci {

// A layer that holds a signature, and what it should be over.
struct SignatureLayer {
  std::string manifest;  // digest of the manifest it is a layer of
  Descriptor layer;
  // Digest of what it is attached to, by the manifest's `subject` or by its name; empty:
  // neither says so.
  std::string target;
};

// No configuration of a signature's manifest is read beyond that.
inline constexpr std::uint64_t kMaxConfigSize = 64U << 10;

// All of them, in the order of the layout. More than kMaxSignatures are not among them:
// then `checks` has oci.count.
std::vector<SignatureLayer> find_signatures(const Graph& graph, Checks& checks);

// Evidence of one; asks the graph for contents. What comes back while something is still
// needed says nothing.
Evidence verify_signature(const SignatureLayer& signature, Graph& graph,
                          const intoto::AttestationVerification& how);

}  // namespace assay::provenance::oci
