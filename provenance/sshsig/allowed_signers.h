#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "provenance/base64.h"

namespace assay::provenance::sshsig {

// One line of an allowed signers file (ssh-keygen(1), "ALLOWED SIGNERS"): a key and
// who it speaks for.
struct AllowedSigner {
  std::string principals;                   // patterns, separated by commas
  std::optional<std::string> namespaces;    // the same; nothing: all
  std::optional<std::int64_t> valid_after;  // seconds since 1970-01-01T00:00:00Z
  std::optional<std::int64_t> valid_before;
  bool cert_authority = false;  // vouches for certificates, which are not checked
  ByteString key_blob;
};

// All lines but empty ones and comments. Times without "Z" are taken as UTC: there is
// no time zone here. `malformed`: a line that is none, at the byte it begins.
Parsed<std::vector<AllowedSigner>> parse_allowed_signers(std::string_view text);

// Whether `text` fits one of `patterns` ("*" any run, "?" one character) and none that
// begins with "!".
bool matches_patterns(std::string_view patterns, std::string_view text);

}  // namespace assay::provenance::sshsig
