#include "provenance/oms/verify.h"

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "provenance/dsse.h"
#include "provenance/oms/signature.h"
#include "provenance/oms/tally.h"

namespace assay::provenance::oms {
namespace {

enum class Method : std::uint8_t { key, certificate, sigstore };

std::string_view to_string(Method method) {
  switch (method) {
    case Method::key:
      return "key";
    case Method::certificate:
      return "certificate";
    case Method::sigstore:
      break;
  }
  return "sigstore";
}

// A chain with a log entry is one that Sigstore's authority issued (bundles before 0.3).
Method method_of(const Bundle& bundle, const OmsVerification& how) {
  if (bundle.material.kind == MaterialKind::public_key) return Method::key;
  if (bundle.material.kind == MaterialKind::certificate) return Method::sigstore;
  return bundle.log_entries.empty() || !how.anchors.empty() ? Method::certificate
                                                            : Method::sigstore;
}

void check_method(Method method, const OmsVerification& how, Checks& checks) {
  const auto asked = [&](bool given, Method wanted) {
    if (!given || method == wanted) return;
    checks.fail("bundle.material", "the model is signed by " + std::string(to_string(method)) +
                                       ", and not by " + std::string(to_string(wanted)));
  };
  asked(how.key.has_value(), Method::key);
  asked(!how.anchors.empty(), Method::certificate);
  asked(how.identity.has_value(), Method::sigstore);
}

void describe(const Manifest& manifest, Evidence& evidence) {
  const auto tell = [&](std::string name, std::string value) {
    const std::pair property{std::move(name), std::move(value)};
    if (std::ranges::find(evidence.properties, property) == evidence.properties.end()) {
      evidence.properties.push_back(property);
    }
  };
  tell("predicate_type", manifest.predicate_type);
  tell("model_name", manifest.model_name);
  tell("root_digest", manifest.root_digest);
  tell("serialization", manifest.plan.shard_size == 0 ? "files" : "shards");
  tell("hash_type", std::string(to_string(manifest.plan.hash)));
}

void reject_warnings(Checks& checks) {
  const std::vector<Check> all = checks.list();
  for (const Check& check : all) {
    if (check.outcome == Outcome::warned) checks.fail(check.name, check.message);
  }
}

}  // namespace

void check_payload_type(const DsseEnvelope& envelope, Checks& checks) {
  if (envelope.payload_type == kInTotoPayloadType) return checks.pass("dsse.payload-type");
  checks.fail("dsse.payload-type",
              "the payload is " + quoted(envelope.payload_type) + ", and no in-toto statement");
}

void verify_signer(const Bundle& bundle, const OmsVerification& how, Evidence& evidence) {
  const Method method = method_of(bundle, how);
  evidence.method = to_string(method);
  check_method(method, how, evidence.checks);
  switch (method) {
    case Method::key:
      return verify_by_key(bundle, how, evidence);
    case Method::certificate:
      return verify_by_certificate(bundle, how, evidence);
    case Method::sigstore:
      return verify_by_sigstore(bundle, how, evidence);
  }
}

Evidence verify_oms(Bytes signature, const Model& model, const OmsVerification& how) {
  Evidence evidence{.kind = "oms"};
  const auto bundle = parse_bundle(signature, evidence.checks);
  if (!bundle) return evidence;
  if (!bundle->envelope) {
    evidence.checks.fail("bundle.parse", "the bundle has no envelope");
    return evidence;
  }
  check_payload_type(*bundle->envelope, evidence.checks);
  verify_signer(*bundle, how, evidence);
  const auto manifest =
      parse_manifest(bundle->envelope->payload, how.compatibility, evidence.checks);
  if (!manifest) return evidence;
  describe(*manifest, evidence);
  evidence.coverage = compare(*manifest, model, how.exclusions, evidence.checks);
  if (how.strict) reject_warnings(evidence.checks);
  return evidence;
}

std::optional<Manifest> unverified_manifest(Bytes signature, bool compatibility) {
  Checks checks;
  const auto bundle = parse_bundle(signature, checks);
  if (!bundle || !bundle->envelope) return std::nullopt;
  return parse_manifest(bundle->envelope->payload, compatibility, checks);
}

}  // namespace assay::provenance::oms
