#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/scan_result.h"

namespace assay::sbom {

// The numbers of the "CWE-502" among a rule's references, each once.
std::vector<int> cwes_of(const std::vector<std::string>& references);

// What MITRE calls a weakness; empty for one that no rule of ours names.
std::string_view cwe_name(int cwe);

std::string cwe_url(int cwe);

// The references that are http or https URLs and nothing but URL characters.
std::vector<std::string> urls_of(const std::vector<std::string>& references);

// The references that are CVE or GHSA ids.
std::vector<std::string> advisories_of(const std::vector<std::string>& references);

// `path` as a relative URI reference (RFC 3986): '/' stays, what is not
// unreserved is percent-encoded. Never absolute and never empty.
std::string relative_uri(std::string_view path);

// "acme/tiny" of a Hub source ("hf://models/acme/tiny@main"); empty for others.
std::string hub_repository(const SourceInfo& source);

// What a report calls the scanned thing: a Hub repository's id, else the last
// component of its path or address. Never an absolute path.
std::string source_label(const SourceInfo& source);

}  // namespace assay::sbom
