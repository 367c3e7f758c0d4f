#pragma once

#include <string>
#include <vector>

#include "provenance/crypto/certificate.h"
#include "provenance/crypto/trust.h"
#include "provenance/json.h"

// Signed material beside the source tree, for tests that can use it; they pass with a
// message where it is absent.
namespace assay::provenance::testing {

std::string shared_path(const std::string& name);
bool has_shared_material();
std::string read_shared(const std::string& name);

struct Root {
  std::vector<Authority> authorities;
  std::vector<Authority> timestamp_authorities;
  std::vector<LogKey> ct_logs;
};
Root trusted_root(const std::string& name);

struct ReferenceBundle {
  std::vector<Certificate> certificates;
  std::vector<ByteString> timestamps;
  ByteString signature;
  std::int64_t integrated_time = 0;
};
ReferenceBundle bundle_of(const std::string& name);

}  // namespace assay::provenance::testing
