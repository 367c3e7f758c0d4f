#include "provenance/cms/verify.h"

#include <algorithm>

#include "core/text.h"
#include "provenance/cms/signed_data.h"
#include "provenance/crypto/chain.h"

namespace assay::provenance::cms {
namespace {

constexpr std::string_view kAlgorithm = "cms.algorithm";
constexpr std::string_view kArtifact = "artifact.digest";

class CmsVerifier {
 public:
  CmsVerifier(const NamedArtifact& file, const CmsVerification& how) : file_(file), how_(how) {
    evidence_.kind = "cms";
    evidence_.method = "certificate";
  }

  Evidence run(Bytes signature) {
    read_anchors();
    const auto signed_data = parse_signed_data(signature, anchors_);
    if (signed_data) {
      checks().pass("cms.parse");
      verify(*signed_data);
    } else if (signed_data.error().code == ParseErrc::malformed) {
      checks().fail("cms.parse", signed_data.error().message);
    } else {
      checks().cannot("cms.parse", signed_data.error().message);
    }
    if (how_.strict) reject_warnings();
    return std::move(evidence_);
  }

 private:
  Checks& checks() { return evidence_.checks; }
  void property(std::string_view name, std::string value) {
    evidence_.properties.emplace_back(name, std::move(value));
  }
  void pass_or_fail(bool good, std::string_view name, std::string message) {
    good ? checks().pass(name) : checks().fail(name, std::move(message));
  }

  void read_anchors() {
    for (const ByteString& der : how_.anchors) {
      auto anchor = Certificate::from_der(der);
      if (anchor) {
        anchors_.push_back(std::move(*anchor));
        authorities_.push_back({.uri = {}, .chain = {der}, .valid_for = {}});
      } else {
        checks().fail("cert.parse", "a given certificate: " + anchor.error().message);
      }
    }
  }

  void verify(const SignedData& signed_data) {
    if (signed_data.content) {
      checks().warn("cms.embedded", "the signature holds a content of its own beside the file");
    }
    property("signer_count", std::to_string(signed_data.signers.size()));
    bool all_checked = true;
    for (const SignerInfo& signer : signed_data.signers) {
      all_checked = verify_signer(signer, signed_data) && all_checked;
    }
    evidence_.signer_checked = all_checked;
    set_coverage();
  }

  // Whether it was found out who the signer is.
  bool verify_signer(const SignerInfo& signer, const SignedData& signed_data) {
    property("digest_algorithm", signer.digest_name);
    if (!signer.subject.empty()) property("signer", signer.subject);
    if (signer.signing_time != 0) property("signing_time", std::to_string(signer.signing_time));
    if (signer.has_timestamp) checks().warn("cms.timestamp", "a timestamp in it is not checked");
    check_algorithm(signer);
    check_digest(signer, signed_data);
    if (!signer.certificate) {
      checks().cannot("cms.signer", "the certificate of a signer is not here");
      return false;
    }
    tell_signer(signer);
    const auto key = signer.certificate->public_key();
    if (!key) {
      checks().fail("cert.parse", "the key of the certificate: " + key.error().message);
      return false;
    }
    check_signature(signer, *key);
    return check_signer(signer, signed_data, *key);
  }

  void tell_signer(const SignerInfo& signer) {
    if (evidence_.signer) return;  // the others are among the properties
    evidence_.signer = signer_of(*signer.certificate);
    evidence_.signer->claims.emplace_back("subject", signer.subject);
  }

  void check_algorithm(const SignerInfo& signer) {
    if (signer.weak) {
      checks().fail(kAlgorithm, signer.digest_name + " or the signature's hash is one that " +
                                    "collisions are made for");
    } else if (signer.hashes_differ) {
      checks().fail(kAlgorithm, "the signature and the digest are by two hashes");
    } else if (!signer.hash || signer.scheme == SignatureScheme::other) {
      checks().cannot(kAlgorithm, "digest or signature by an algorithm that is not checked");
    } else {
      checks().pass(kAlgorithm);
    }
  }

  void check_digest(const SignerInfo& signer, const SignedData& signed_data) {
    if (!signer.hash) return;
    const auto digest = file_.digests.digest(*signer.hash);
    if (!digest) {
      return checks().cannot(kArtifact, "the signature is over a " + signer.digest_name +
                                            " digest, which is not known of the file");
    }
    const ByteString embedded =
        signed_data.content ? digest_of(*signer.hash, *signed_data.content) : *digest;
    const bool attributes = !signer.signed_attributes.empty();
    const bool same = embedded == *digest && (!attributes || signer.message_digest == *digest);
    if (attributes || signed_data.content) {
      pass_or_fail(same, kArtifact, "the signature is over another content than the file's");
    }
    is_other_ = is_other_ || !same;
  }

  void check_signature(const SignerInfo& signer, const PublicKey& key) {
    constexpr std::string_view kClass = "signature";
    if (!signer.hash || signer.scheme == SignatureScheme::other) return;
    if (!signer.signed_attributes.empty()) {
      const Bytes message = signer.signed_attributes;
      return pass_or_fail(signer.scheme == SignatureScheme::pss
                              ? key.verify_pss(*signer.hash, message, signer.signature)
                              : key.verify(*signer.hash, message, signer.signature),
                          kClass, "the signature is not over the signed attributes");
    }
    checks().warn("cms.attributes", "the signature is over the content without attributes");
    const bool whole = key.kind() == KeyKind::ed25519 || signer.scheme == SignatureScheme::pss;
    const auto digest = file_.digests.digest(*signer.hash);
    if (whole ? !file_.digests.content : !digest) {
      return checks().cannot(kClass, "the signature is over the file itself, which is not here");
    }
    const bool good = whole ? verify_whole(signer, key, *file_.digests.content)
                            : key.verify_digest(*signer.hash, *digest, signer.signature);
    pass_or_fail(good, kClass, "the signature is not over the file");
    is_other_ = is_other_ || !good;
  }

  static bool verify_whole(const SignerInfo& signer, const PublicKey& key, Bytes content) {
    return signer.scheme == SignatureScheme::pss
               ? key.verify_pss(*signer.hash, content, signer.signature)
               : key.verify(*signer.hash, content, signer.signature);
  }

  bool check_signer(const SignerInfo& signer, const SignedData& signed_data, const PublicKey& key) {
    const Certificate& leaf = *signer.certificate;
    if (how_.key) {
      pass_or_fail(key == *how_.key, "key.mismatch", "a signer has another key than the given one");
    }
    if (authorities_.empty()) {
      check_usage(leaf, LeafUse::signing, checks());
      return how_.key && key == *how_.key;
    }
    std::vector<Certificate> helpers = signed_data.certificates;
    std::erase(helpers, leaf);
    for (const Certificate& anchor : anchors_) std::erase(helpers, anchor);
    verify_chain(leaf, helpers, authorities_, how_.seconds, LeafUse::signing, checks());
    return true;
  }

  void set_coverage() {
    if (file_.path.empty()) return;
    const bool known = !checks().has(Outcome::unknown);
    const CoverageState state = is_other_ ? CoverageState::changed
                                : known   ? CoverageState::covered
                                          : CoverageState::not_covered;
    evidence_.coverage = {{file_.path, state}};
  }

  void reject_warnings() {
    for (Check& check : checks().items()) {
      if (check.outcome == Outcome::warned) check.outcome = Outcome::failed;
    }
  }

  const NamedArtifact& file_;
  const CmsVerification& how_;
  std::vector<Certificate> anchors_;
  std::vector<Authority> authorities_;
  bool is_other_ = false;  // signed for another content
  Evidence evidence_;
};

}  // namespace

Evidence verify_cms(Bytes signature, const NamedArtifact& file, const CmsVerification& how) {
  return CmsVerifier(file, how).run(signature);
}

std::set<HashKind> digests_needed(Bytes signature) {
  std::set<HashKind> kinds;
  const auto signed_data = parse_signed_data(signature);
  if (!signed_data) return kinds;
  for (const SignerInfo& signer : signed_data->signers) {
    if (signer.hash && !signer.weak) kinds.insert(*signer.hash);
  }
  return kinds;
}

}  // namespace assay::provenance::cms
