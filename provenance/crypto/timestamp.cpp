#include "provenance/crypto/timestamp.h"

#include <algorithm>
#include <optional>
#include <string>

#include "core/text.h"
#include "provenance/crypto/certificate_handle.h"
#include "provenance/crypto/timestamp_token.h"

namespace assay::provenance {
namespace {

std::vector<Certificate> chain_of(const Authority& authority) {
  std::vector<Certificate> chain;
  for (const ByteString& der : authority.chain) {
    auto certificate = Certificate::from_der(der);
    if (!certificate) return {};
    chain.push_back(std::move(*certificate));
  }
  return chain;
}

bool is_within(const Validity& validity, const Moment& moment) {
  return moment >= validity.start && (!validity.end || moment <= *validity.end);
}

// A certificate is valid to the end of the second it names.
bool is_valid(const Certificate& certificate, const Moment& moment) {
  return moment.seconds >= certificate.not_before() && moment.seconds <= certificate.not_after();
}

// What speaks against the token if it is by that authority; nothing when it counts.
Checks judge(const TimestampToken& token, Bytes message, const std::vector<Certificate>& chain,
             const Authority& authority) {
  const std::string by = "the timestamp of " + escaped(authority.uri);
  Checks found;
  if (!token.is_signed_by(chain)) {
    found.fail("tsa.signature", by + " is not signed as it should be");
    return found;
  }
  if (!token.is_over(message)) {
    found.warn("tsa.imprint", by + " is not over this signature by a strong hash");
  }
  if (!is_within(authority.valid_for, token.time())) {
    found.warn("tsa.trust-window", by + " is of a time for which the authority is not trusted");
  }
  if (!std::ranges::all_of(chain, [&](const Certificate& certificate) {
        return is_valid(certificate, token.time());
      })) {
    found.warn("tsa.cert-validity", by + " is of a time at which its certificates are not valid");
  }
  return found;
}

std::optional<VerifiedTime> verify_token(const TimestampToken& token, Bytes message,
                                         std::span<const Authority> authorities, Checks& checks) {
  std::optional<Checks> objections;
  for (const Authority& authority : authorities) {
    const std::vector<Certificate> chain = chain_of(authority);
    if (chain.empty() || !token.names(chain.front())) continue;
    Checks found = judge(token, message, chain, authority);
    if (found.list().empty()) return VerifiedTime{"rfc3161", authority.uri, token.time().seconds};
    if (!objections || objections->has(Outcome::failed)) objections = std::move(found);
  }
  if (!objections) {
    objections.emplace();
    objections->warn("tsa.untrusted", "a timestamp is by no authority that is trusted");
  }
  checks.append(*objections);
  return std::nullopt;
}

std::optional<VerifiedTime> verify_timestamp(Bytes der, Bytes message,
                                             std::span<const Authority> authorities,
                                             Checks& checks) {
  const auto token = TimestampToken::from_der(der);
  if (token) return verify_token(*token, message, authorities, checks);
  checks.fail("tsa.parse", token.error().message);
  return std::nullopt;
}

Checks with_warnings_failed(const Checks& found) {
  Checks failed;
  for (const Check& check : found.list()) failed.fail(check.name, check.message);
  return failed;
}

bool has_duplicates(std::span<const ByteString> tokens) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (tokens[i] == tokens[j]) return true;
    }
  }
  return false;
}

}  // namespace

std::vector<VerifiedTime> verify_timestamps(std::span<const ByteString> tokens, Bytes message,
                                            std::span<const Authority> authorities, bool needed,
                                            Checks& checks) {
  if (tokens.size() > kMaxTimestamps) {
    checks.fail("tsa.too-many", "more timestamps than the 32 that are looked at");
    return {};
  }
  if (has_duplicates(tokens)) checks.fail("tsa.duplicate", "a timestamp is there twice");
  std::vector<VerifiedTime> times;
  Checks found;
  for (const ByteString& token : tokens) {
    auto time = verify_timestamp(token, message, authorities, found);
    if (!time) continue;
    found.pass("tsa.signature", escaped(time->authority));
    times.push_back(std::move(*time));
  }
  checks.append(needed && times.empty() ? with_warnings_failed(found) : found);
  return times;
}

}  // namespace assay::provenance
