#include "sbom/references.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "core/text.h"

namespace assay::sbom {
namespace {

constexpr std::array<std::pair<int, std::string_view>, 34> kCweNames{
    {{20, "Improper Input Validation"},
     {22, "Path Traversal"},
     {59, "Link Following"},
     {73, "External Control of File Name or Path"},
     {77, "Command Injection"},
     {78, "OS Command Injection"},
     {94, "Code Injection"},
     {95, "Eval Injection"},
     {116, "Improper Encoding or Escaping of Output"},
     {119, "Improper Restriction of Operations within the Bounds of a Memory Buffer"},
     {125, "Out-of-bounds Read"},
     {190, "Integer Overflow or Wraparound"},
     {200, "Exposure of Sensitive Information to an Unauthorized Actor"},
     {345, "Insufficient Verification of Data Authenticity"},
     {347, "Improper Verification of Cryptographic Signature"},
     {400, "Uncontrolled Resource Consumption"},
     {409, "Data Amplification"},
     {427, "Uncontrolled Search Path Element"},
     {434, "Unrestricted Upload of File with Dangerous Type"},
     {436, "Interpretation Conflict"},
     {470, "Unsafe Reflection"},
     {494, "Download of Code Without Integrity Check"},
     {502, "Deserialization of Untrusted Data"},
     {506, "Embedded Malicious Code"},
     {674, "Uncontrolled Recursion"},
     {770, "Allocation of Resources Without Limits or Throttling"},
     {787, "Out-of-bounds Write"},
     {798, "Use of Hard-coded Credentials"},
     {829, "Inclusion of Functionality from Untrusted Control Sphere"},
     {830, "Inclusion of Web Functionality from an Untrusted Source"},
     {913, "Improper Control of Dynamically-Managed Code Resources"},
     {915, "Improperly Controlled Modification of Dynamically-Determined Object Attributes"},
     {918, "Server-Side Request Forgery"},
     {1336, "Template Injection"}}};

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_unreserved(char c) { return is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~'; }

bool is_url_character(char c) {
  return is_unreserved(c) || std::string_view("/:?&=+,;@!$'()*").contains(c);
}

// A URL whose every character may stand in one; '%' and '#' are checked by shape.
bool is_url(std::string_view text) {
  if (!text.starts_with("https://") && !text.starts_with("http://")) return false;
  if (text.ends_with("//")) return false;
  const std::size_t fragment = text.find('#');
  const std::string_view rest =
      fragment == std::string_view::npos ? std::string_view{} : text.substr(fragment + 1);
  return std::all_of(rest.begin(), rest.end(), is_url_character) &&
         std::all_of(text.begin(),
                     text.end() - static_cast<std::ptrdiff_t>(
                                      rest.size() + (fragment == std::string_view::npos ? 0 : 1)),
                     is_url_character);
}

void append_percent(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += kHex[byte >> 4];
  out += kHex[byte & 0xF];
}

}  // namespace

std::vector<int> cwes_of(const std::vector<std::string>& references) {
  std::vector<int> cwes;
  for (const std::string& reference : references) {
    if (!reference.starts_with("CWE-")) continue;
    const char* const end = reference.data() + reference.size();
    int cwe = 0;
    const auto [stop, error] = std::from_chars(reference.data() + 4, end, cwe);
    if (error != std::errc{} || stop != end || cwe <= 0) continue;
    if (std::find(cwes.begin(), cwes.end(), cwe) == cwes.end()) cwes.push_back(cwe);
  }
  return cwes;
}

std::string_view cwe_name(int cwe) {
  for (const auto& [id, name] : kCweNames) {
    if (id == cwe) return name;
  }
  return {};
}

std::string cwe_url(int cwe) {
  return "https://cwe.mitre.org/data/definitions/" + std::to_string(cwe) + ".html";
}

std::vector<std::string> urls_of(const std::vector<std::string>& references) {
  std::vector<std::string> urls;
  std::copy_if(references.begin(), references.end(), std::back_inserter(urls), is_url);
  return urls;
}

std::vector<std::string> advisories_of(const std::vector<std::string>& references) {
  std::vector<std::string> ids;
  for (const std::string& reference : references) {
    const bool is_id = reference.starts_with("CVE-") || reference.starts_with("GHSA-");
    if (is_id && std::find(ids.begin(), ids.end(), reference) == ids.end()) {
      ids.push_back(reference);
    }
  }
  return ids;
}

std::string relative_uri(std::string_view path) {
  const std::string text = to_utf8(path);
  std::string uri;
  for (const char c : text) {
    if (is_unreserved(c) || (c == '/' && !uri.empty())) {
      uri += c;
    } else {
      append_percent(uri, c);
    }
  }
  return uri.empty() ? "." : uri;
}

std::string hub_repository(const SourceInfo& source) {
  std::string_view uri = source.uri;
  if (!uri.starts_with("hf://")) return {};
  uri.remove_prefix(5);
  if (uri.starts_with("models/")) uri.remove_prefix(7);
  uri = uri.substr(0, uri.find('@'));
  const std::size_t owner = uri.find('/');
  if (owner == std::string_view::npos) return {};
  return to_utf8(uri.substr(0, uri.find('/', owner + 1)));
}

std::string source_label(const SourceInfo& source) {
  if (const std::string repository = hub_repository(source); !repository.empty()) return repository;
  std::string_view uri = source.uri;
  while (uri.size() > 1 && uri.ends_with('/')) uri.remove_suffix(1);
  const std::string_view base = base_name(uri);
  if (base.empty() || base == "." || base == ".." || base == "-") {
    return source.kind.empty() ? "source" : to_utf8(source.kind);
  }
  return to_utf8(base);
}

}  // namespace assay::sbom
