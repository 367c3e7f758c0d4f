#include "provenance/crypto/chain.h"

#include <algorithm>
#include <ctime>
#include <string>

#include "core/text.h"
#include "provenance/crypto/certificate_handle.h"

namespace assay::provenance {
namespace {

constexpr std::string_view kChain = "cert.chain";
constexpr std::string_view kTime = "cert.time";
// 112 bits of security: no SHA-1, no RSA under 2,048 bits.
constexpr int kSecurityLevel = 2;
constexpr int kMaxDepth = 10;

// One try to reach the anchor of one authority.
struct Attempt {
  std::vector<Certificate> path;  // leaf first, anchor last; empty when none was found
  Checks chain;
  Checks time;

  int rank() const {
    if (path.empty()) return 3;
    if (chain.has(Outcome::failed)) return 2;
    return time.has(Outcome::failed) ? 1 : 0;
  }
};

// Certificates out of their time do not end a verification: check_path_time says
// which are, with both ends of the validity inside as RFC 5280 §4.1.2.5 has it.
int step_over_time(int verified, X509_STORE_CTX* context) {
  const int error = X509_STORE_CTX_get_error(context);
  return verified == 1 || error == X509_V_ERR_CERT_HAS_EXPIRED ||
                 error == X509_V_ERR_CERT_NOT_YET_VALID
             ? 1
             : 0;
}

ossl::Store store_of(const Certificate& anchor, std::int64_t seconds) {
  ossl::Store store(X509_STORE_new());
  if (!store || X509_STORE_add_cert(store.get(), x509_of(anchor)) != 1) return nullptr;
  X509_VERIFY_PARAM* how = X509_STORE_get0_param(store.get());
  X509_VERIFY_PARAM_set_flags(how, X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set_auth_level(how, kSecurityLevel);
  X509_VERIFY_PARAM_set_depth(how, kMaxDepth);
  X509_VERIFY_PARAM_set_time(how, static_cast<std::time_t>(seconds));
  return store;
}

// The path that was found; all its certificates are among those it was looked for in.
std::vector<Certificate> path_of(X509_STORE_CTX* context, std::span<const Certificate> all) {
  std::vector<Certificate> path;
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context);
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    const auto found = std::ranges::find(all, sk_X509_value(chain, i), x509_of);
    if (found == all.end()) return {};
    path.push_back(*found);
  }
  return path;
}

// `all` are the leaf, those that may help and the anchor, in this order.
void find_path(std::span<const Certificate> all, std::int64_t seconds, Attempt& attempt) {
  const ossl::Certificates helpers(sk_X509_new_null());
  for (const Certificate& helper : all.subspan(1, all.size() - 2)) {
    ossl::add(helpers.get(), x509_of(helper));
  }
  const ossl::Store store = store_of(all.back(), seconds);
  const ossl::StoreContext context(X509_STORE_CTX_new());
  if (!store || !context ||
      X509_STORE_CTX_init(context.get(), store.get(), x509_of(all.front()), helpers.get()) != 1) {
    return attempt.chain.fail(kChain, "the path cannot be looked for");
  }
  X509_STORE_CTX_set_verify_cb(context.get(), step_over_time);
  if (X509_verify_cert(context.get()) == 1) {
    attempt.path = path_of(context.get(), all);
    if (!attempt.path.empty()) return;
  }
  const int error = X509_STORE_CTX_get_error(context.get());
  attempt.chain.fail(
      kChain, std::string("no path to the authority: ") + X509_verify_cert_error_string(error));
}

// What Fulcio's authorities are (RFC 5280 §4.2.1.9, §4.2.1.3), and beyond what
// OpenSSL asks for.
void check_issuers(const Attempt& attempt, Checks& checks) {
  for (std::size_t i = 1; i < attempt.path.size(); ++i) {
    X509* issuer = x509_of(attempt.path[i]);
    const std::uint32_t flags = X509_get_extension_flags(issuer);
    if ((flags & EXFLAG_CA) == 0 || (flags & EXFLAG_BCONS_CRITICAL) == 0) {
      checks.fail(kChain, "an issuer's basic constraints are absent or not critical");
    }
    if ((flags & EXFLAG_KUSAGE) == 0 || (X509_get_key_usage(issuer) & KU_KEY_CERT_SIGN) == 0) {
      checks.fail(kChain, "an issuer's key usage does not allow to sign certificates");
    }
    if (i + 1 < attempt.path.size() && has_extended_key_usage(issuer) &&
        !has_extended_key_usage(issuer, kCodeSigning) &&
        !has_extended_key_usage(issuer, kPrecertificateSigning) &&
        !has_extended_key_usage(issuer, kAnyExtendedKeyUsage)) {
      checks.fail(kChain, "an issuer may not issue certificates for code signing");
    }
  }
}

void check_time(const Certificate& certificate, std::string_view what, std::int64_t seconds,
                Checks& checks) {
  if (seconds < certificate.not_before()) {
    checks.fail(kTime, std::string(what) + " was not yet valid at the time of signing");
  } else if (seconds > certificate.not_after()) {
    checks.fail(kTime, std::string(what) + " had expired at the time of signing");
  }
}

void check_path_time(const Certificate& leaf, const Authority& authority, std::int64_t seconds,
                     Attempt& attempt) {
  check_time(leaf, "the certificate", seconds, attempt.time);
  for (std::size_t i = 1; i < attempt.path.size(); ++i) {
    check_time(attempt.path[i], "a certificate of its issuers", seconds, attempt.time);
  }
  if (!attempt.path.empty() && !authority.valid_for.holds(seconds)) {
    attempt.time.fail(kTime, "the authority " + escaped(authority.uri) +
                                 " is not trusted for the time of signing");
  }
}

Attempt attempt_path(const Certificate& leaf, std::span<const Certificate> helpers,
                     const Authority& authority, std::int64_t seconds, LeafUse use) {
  Attempt attempt;
  std::vector<Certificate> all{leaf};
  all.insert(all.end(), helpers.begin(), helpers.end());
  for (const ByteString& der : authority.chain) {
    auto certificate = Certificate::from_der(der);
    if (!certificate) {
      attempt.chain.fail(kChain, "a certificate of the trusted authority does not parse");
      return attempt;
    }
    all.push_back(std::move(*certificate));
  }
  if (authority.chain.empty()) {
    attempt.chain.fail(kChain, "the trusted authority has no certificate");
    return attempt;
  }
  find_path(all, seconds, attempt);
  if (use == LeafUse::code_signing) check_issuers(attempt, attempt.chain);
  check_path_time(leaf, authority, seconds, attempt);
  return attempt;
}

void warn_once(Checks& checks, std::string_view name, std::string message) {
  const bool told = std::ranges::any_of(checks.list(), [&](const Check& check) {
    return check.name == name && check.message == message;
  });
  if (!told) checks.warn(name, std::move(message));
}

// A certificate that signed itself could only be an anchor, and anchors come from the
// verifier alone.
std::vector<Certificate> without_roots(std::span<const Certificate> intermediates, Checks& checks) {
  std::vector<Certificate> helpers;
  for (const Certificate& certificate : intermediates) {
    if (X509_self_signed(x509_of(certificate), 0) == 1) {
      warn_once(checks, kChain, "a root certificate came with the signature; it is not used");
    } else {
      helpers.push_back(certificate);
    }
  }
  return helpers;
}

Attempt best_attempt(const Certificate& leaf, std::span<const Certificate> helpers,
                     std::span<const Authority> authorities, std::int64_t seconds, LeafUse use) {
  std::optional<Attempt> best;
  for (const Authority& authority : authorities) {
    Attempt attempt = attempt_path(leaf, helpers, authority, seconds, use);
    if (!best || attempt.rank() < best->rank()) best = std::move(attempt);
    if (best->rank() == 0) break;
  }
  if (best) return std::move(*best);
  Attempt none;
  none.chain.fail(kChain, "no authority is trusted");
  check_time(leaf, "the certificate", seconds, none.time);
  return none;
}

void append_or_pass(std::string_view name, const Checks& found, Checks& checks) {
  if (found.list().empty()) {
    checks.pass(name);
  } else {
    checks.append(found);
  }
}

std::optional<Certificate> issuer_in(const std::vector<Certificate>& path) {
  if (path.empty()) return std::nullopt;
  if (path.size() == 1) return path[0];  // the leaf itself is the anchor
  const bool signs_precertificates =
      path.size() > 2 && has_extended_key_usage(x509_of(path[1]), kPrecertificateSigning);
  return path[signs_precertificates ? 2 : 1];
}

}  // namespace

std::optional<Certificate> verify_chain(const Certificate& leaf,
                                        std::span<const Certificate> intermediates,
                                        std::span<const Authority> authorities,
                                        std::int64_t seconds, LeafUse use, Checks& checks) {
  if (intermediates.size() > kMaxIntermediates) {
    checks.fail(kChain, "more intermediate certificates than are looked through");
    intermediates = intermediates.first(kMaxIntermediates);
  }
  const std::vector<Certificate> helpers = without_roots(intermediates, checks);
  const Attempt attempt = best_attempt(leaf, helpers, authorities, seconds, use);
  append_or_pass(kChain, attempt.chain, checks);
  append_or_pass(kTime, attempt.time, checks);
  check_usage(leaf, use, checks);
  return issuer_in(attempt.path);
}

}  // namespace assay::provenance
