#include "provenance/oci/signatures.h"

#include <algorithm>
#include <map>

#include "core/text.h"
#include "provenance/json.h"
#include "provenance/oci/cosign.h"

namespace assay::provenance::oci {
namespace {

constexpr std::string_view kArtifact = "artifact.digest";
constexpr std::string_view kBundleType = "application/vnd.dev.sigstore.bundle";
constexpr std::string_view kCosignPredicate = "https://sigstore.dev/cosign/sign/";

// A bundle among a model's own layers is about its files, and no signature of a manifest.
bool holds_signature(const Document& manifest, const Descriptor& layer) {
  if (layer.media_type == kSimpleSigning || layer.media_type == kEnvelope) return true;
  return layer.media_type.starts_with(kBundleType) &&
         (manifest.subject || manifest.artifact_type.starts_with(kBundleType));
}

// "sha256-HEX.sig" and "sha256-HEX.att" name what they are about.
std::string target_of_tag(std::string_view tag) {
  for (const std::string_view end : {".sig", ".att"}) {
    if (!tag.ends_with(end)) continue;
    std::string digest(tag.substr(0, tag.size() - end.size()));
    const auto dash = digest.find('-');
    if (dash == std::string::npos) continue;
    digest[dash] = ':';
    if (blob_name(blob_path(digest)) == digest) return digest;
  }
  return {};
}

// By digest of the signature's manifest. Two tags that disagree name nothing.
std::map<std::string, std::string> targets_of_tags(const Graph& graph) {
  std::map<std::string, std::string> targets;
  for (const Descriptor& root : graph.roots()) {
    const std::string* tag = root.annotation("org.opencontainers.image.ref.name");
    const std::string target = tag ? target_of_tag(*tag) : std::string();
    if (!target.empty()) targets.emplace(root.digest, target);
  }
  return targets;
}

// The coverage of a signature, and what is wrong with what it is over.
void check_target(const Graph& graph, const std::string& target, Evidence& evidence) {
  evidence.coverage.clear();
  for (const Node* node : graph.reachable(target)) {
    for (const Check& check : node->checks.list()) evidence.checks.items().push_back(check);
    evidence.coverage.push_back({blob_path(node->first.digest), node->state});
  }
}

class SignatureVerifier {
 public:
  SignatureVerifier(const SignatureLayer& signature, Graph& graph,
                    const intoto::AttestationVerification& how)
      : signature_(signature), graph_(graph), how_(how) {
    how_.allow_legacy_v01 = true;  // cosign's older form has nothing but the log's promise
  }

  Evidence run() {
    evidence_.kind = "cosign";
    const auto payload = graph_.content(signature_.layer.digest, kMaxBundleSize);
    if (!payload) {
      evidence_.checks.cannot("oci.missing", "the signature is not here");
      return std::move(evidence_);
    }
    if (signature_.layer.media_type.starts_with(kBundleType)) {
      verify_bundle_layer(*payload);
    } else {
      verify_annotated_layer(*payload);
    }
    append_own_problems();
    if (!target_.empty() && graph_.find(target_)) {
      check_target(graph_, target_, evidence_);
      leave_out_own_files();
    }
    property("signature_manifest", signature_.manifest);
    property("signed_manifest", target_);
    if (how_.strict) reject_warnings();
    return std::move(evidence_);
  }

 private:
  void property(std::string_view name, std::string value) {
    if (!value.empty()) evidence_.properties.emplace_back(name, std::move(value));
  }

  // Of the signature's own manifest and layer.
  void append_own_problems() {
    for (const std::string& digest : {signature_.manifest, signature_.layer.digest}) {
      if (const Node* node = graph_.find(digest)) evidence_.checks.append(node->checks);
    }
  }

  // No signature is over itself, nor over the index, which names manifests. All of these
  // are JSON that was read as such: anything else in the signature's manifest, which
  // nobody signed, is not left out.
  void leave_out_own_files() {
    std::vector<Coverage>& list = evidence_.coverage;
    const auto leave_out = [&list](const std::string& path) {
      if (std::ranges::find(list, path, &Coverage::path) == list.end()) {
        list.push_back({path, CoverageState::excluded_by_default});
      }
    };
    leave_out(blob_path(signature_.manifest));
    leave_out(blob_path(signature_.layer.digest));
    leave_out("index.json");
    const auto& config = graph_.find(signature_.manifest)->document->config;
    const auto content = config ? graph_.content(config->digest, kMaxConfigSize) : std::nullopt;
    if (content && parse_json(*content, kMaxConfigSize)) leave_out(blob_path(config->digest));
    std::ranges::sort(list, {}, &Coverage::path);
  }

  // What a statement may be about: the one manifest that this is attached to, or any.
  std::vector<NamedArtifact> artifacts() {
    std::vector<NamedArtifact> list;
    for (const auto& [digest, node] : graph_.nodes()) {
      if (!node.document || (!signature_.target.empty() && digest != signature_.target)) continue;
      if (digest == signature_.manifest || !node.file->content) continue;
      list.push_back(
          {.path = blob_path(digest), .digests = {{}, node.file->content}, .git_commit = {}});
      const HashKind hash = hash_of(digest);
      list.back().digests.digests[hash] = digest_of(hash, *node.file->content);
    }
    return list;
  }

  void verify_bundle_layer(Bytes payload) {
    Checks checks;
    const auto bundle = parse_bundle(payload, checks);
    if (!bundle) {
      evidence_.checks.append(checks);
      return;
    }
    adopt(intoto::verify_attestation(*bundle, artifacts(), how_));
  }

  void verify_annotated_layer(Bytes payload) {
    Checks checks;
    const auto bundle = bundle_of(signature_.layer, payload, how_.root, checks);
    if (!bundle) {
      evidence_.checks.append(checks);
    } else if (bundle->envelope) {
      adopt(intoto::verify_attestation(*bundle, artifacts(), how_));
    } else {
      verify_payload(*bundle, payload);
    }
  }

  // A signature over a small document that names the manifest.
  void verify_payload(const Bundle& bundle, Bytes payload) {
    evidence_ = verify_bundle(bundle, {.root = how_.root,
                                       .identity = how_.identity,
                                       .key = how_.key,
                                       .artifact = ArtifactDigests{{}, payload},
                                       .allow_legacy_v01 = true,
                                       .allow_unlogged_key = true});
    evidence_.kind = "cosign";
    const auto digest = signed_digest(payload, evidence_.checks);
    if (!digest) return;
    target_ = *digest;
    if (!signature_.target.empty() && signature_.target != *digest) {
      evidence_.checks.fail(kArtifact, "the signature is attached to " + shown(signature_.target) +
                                           " and is over " + shown(*digest));
    } else if (!graph_.find(*digest)) {
      evidence_.checks.cannot(kArtifact, "what is signed is not in the layout");
    } else {
      evidence_.checks.pass(kArtifact);
    }
  }

  // Evidence of an attestation: of its artifacts the one that is covered is the target.
  void adopt(Evidence evidence) {
    evidence_ = std::move(evidence);
    const bool sign = std::ranges::any_of(evidence_.properties, [](const auto& property) {
      return property.first == "predicate_type" && property.second.starts_with(kCosignPredicate);
    });
    if (sign || evidence_.kind == "sigstore-bundle") evidence_.kind = "cosign";
    const auto covered =
        std::ranges::find(evidence_.coverage, CoverageState::covered, &Coverage::state);
    if (covered != evidence_.coverage.end()) target_ = blob_name(covered->path).value_or("");
    evidence_.coverage.clear();
    if (!signature_.target.empty() && !graph_.find(signature_.target)) {
      evidence_.checks.cannot(kArtifact, "what is signed is not in the layout");
    }
  }

  static std::string shown(std::string_view text) { return escaped(shortened(text, 100)); }

  void reject_warnings() {
    for (Check& check : evidence_.checks.items()) {
      if (check.outcome == Outcome::warned) check.outcome = Outcome::failed;
    }
  }

  const SignatureLayer& signature_;
  Graph& graph_;
  intoto::AttestationVerification how_;
  std::string target_;
  Evidence evidence_;
};

}  // namespace

std::vector<SignatureLayer> find_signatures(const Graph& graph, Checks& checks) {
  std::vector<SignatureLayer> found;
  const auto tags = targets_of_tags(graph);
  for (const auto& [digest, node] : graph.nodes()) {
    if (!node.document || node.document->is_index) continue;
    const auto tag = tags.find(digest);
    std::string target = tag == tags.end() ? std::string() : tag->second;
    if (node.document->subject) target = node.document->subject->digest;
    for (const Descriptor& layer : node.document->children) {
      if (!holds_signature(*node.document, layer)) continue;
      if (found.size() == kMaxSignatures) {
        checks.cannot("oci.count", "more signatures than are checked");
        return found;
      }
      found.push_back({digest, layer, target});
    }
  }
  return found;
}

Evidence verify_signature(const SignatureLayer& signature, Graph& graph,
                          const intoto::AttestationVerification& how) {
  return SignatureVerifier(signature, graph, how).run();
}

}  // namespace assay::provenance::oci
