#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "core/text.h"
#include "sbom/evidence_json.h"
#include "sbom/evidence_text.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/terminal.h"
#include "scanner/cli/trust.h"
#include "scanner/provenance/model_check.h"
#include "scanner/provenance/observation.h"
#include "scanner/provenance/verifier.h"

namespace assay::cli {
namespace {

constexpr int kExitRejected = 1;

bool asks_for_signer(const VerifyRequest& trust) {
  return trust.expected || !trust.public_key.empty() || !trust.anchors.empty() ||
         !trust.allowed_signers.empty() || !trust.openpgp_keys.empty();
}

// 0 only when every check was made and held, and the signer is the one asked for.
int exit_code_of(const ProvenanceCheck& check, bool asks) {
  const auto any = [&](std::string_view state) {
    return std::ranges::any_of(check.evidence, [&](const EvidenceRecord& record) {
      return record.evidence.state() == state;
    });
  };
  if (any("rejected")) return kExitRejected;
  if (check.evidence.empty() || !check.gaps.empty() || any("unchecked") || any("signed")) {
    return kExitIncomplete;
  }
  // Integrity alone names no signer.
  if (asks && !any("verified")) return kExitRejected;
  return 0;
}

std::string_view verdict_of(int exit_code) {
  if (exit_code == 0) return "verified";
  return exit_code == kExitRejected ? "rejected" : "unchecked";
}

void show_json(const ProvenanceCheck& check, int exit_code) {
  sbom::JsonWriter out;
  out.begin_object().member("verdict", verdict_of(exit_code)).member("exit_code", exit_code);
  out.array("evidence");
  for (const EvidenceRecord& record : check.evidence) {
    out.begin_object();
    sbom::write_evidence_members(out, record);
    out.end_object();
  }
  out.end_array().array("gaps");
  for (const Gap& gap : check.gaps) {
    out.begin_object().member("path", gap.path).member("reason", to_string(gap.reason));
    out.member("message", gap.message).end_object();
  }
  out.end_array().end_object();
  print(out.take());
}

void show_text(const ProvenanceCheck& check, const Arguments& arguments) {
  const RenderOptions look = render_options(arguments, isatty(STDOUT_FILENO) == 1);
  const sbom::TextStyle style{.width = static_cast<std::size_t>(std::clamp(look.width, 40, 1000)),
                              .color = look.color,
                              .verbose = arguments.verbose};
  std::string out;
  for (const EvidenceRecord& record : check.evidence) out += sbom::evidence_lines(record, style);
  for (const Gap& gap : check.gaps) out += sbom::gap_lines(gap, style);
  if (check.evidence.empty()) out += "no evidence: neither a signature nor a listing was found\n";
  print(out);
}

int show(const ProvenanceCheck& check, const Arguments& arguments, bool asks) {
  const int exit_code = exit_code_of(check, asks);
  if (arguments.json) {
    show_json(check, exit_code);
  } else {
    show_text(check, arguments);
  }
  return exit_code;
}

// The place of a signature that the user named, which may lie anywhere.
std::optional<EvidencePlace> named_place(const SourceListing& listing, const SourceFile& named,
                                         const std::string& model) {
  std::error_code error;
  const bool is_folder = std::filesystem::is_directory(model, error);
  EvidencePlace place{EvidenceKind::attestations, {&named}, "", ""};
  if (!is_folder && listing.files.size() == 1) place.subject = listing.files[0].report_path;
  return place;
}

// The listed file that is the same as the one named, or one that is not listed.
SourceFile signature_file(const SourceListing& listing, const std::string& name,
                          const std::string& model) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path inside =
      fs::canonical(name, error).lexically_relative(fs::canonical(model, error));
  for (const SourceFile& file : listing.files) {
    if (!error && file.report_path == inside.native()) return file;
  }
  return {.report_path = name, .system_path = name};
}

ProvenanceCheck check_named(const SourceListing& listing, const Arguments& arguments,
                            const VerifyRequest& trust, const std::atomic<bool>& stop) {
  const SourceFile signature =
      signature_file(listing, arguments.trust.signature, arguments.sources[0]);
  std::vector<EvidencePlace> places;
  if (const auto place = named_place(listing, signature, arguments.sources[0])) {
    places.push_back(*place);
  }
  return check_provenance(listing, places, trust, arguments.scan, stop);
}

ProvenanceCheck check_found(const Arguments& arguments, const VerifyRequest& trust,
                            const std::atomic<bool>& stop) {
  const SourceListing listing = list_sources({arguments.sources[0]}, {});
  return check_provenance(listing, find_evidence(listing), trust, arguments.scan, stop);
}

}  // namespace

int run_verify(const Arguments& arguments) {
  const auto trust = trust_of(arguments.trust);
  if (!trust) return kExitUsage;
  std::error_code error;
  if (!std::filesystem::exists(arguments.sources[0], error)) {
    return complain(arguments.sources[0] + ": not found", kExitIncomplete);
  }
  const std::atomic<bool> stop = false;
  const ProvenanceCheck check =
      arguments.trust.signature.empty()
          ? check_found(arguments, *trust, stop)
          : check_named(list_sources({arguments.sources[0]}, {}), arguments, *trust, stop);
  return show(check, arguments, asks_for_signer(*trust));
}

int run_verify_bundle(const Arguments& arguments) {
  const TrustOptions& options = arguments.trust;
  if (options.staging && options.trusted_root.empty()) {
    return complain("the staging instance's root is not built in: give it as --trusted-root",
                    kExitUsage);
  }
  auto request = trust_of(options);
  auto bundle = read_named(options.signature, kMaxEvidenceSize);
  if (!request || !bundle) return kExitUsage;
  request->kind = EvidenceKind::bundle;
  request->path = options.signature;
  request->evidence = std::move(*bundle);
  const std::string& artifact = arguments.sources[0];
  const SourceFile source{.report_path = artifact, .system_path = artifact};
  const auto digest = artifact.starts_with("sha256:")
                          ? provenance::from_hex(std::string_view(artifact).substr(7))
                          : std::nullopt;
  std::error_code error;
  ObservedFile file;
  if (std::filesystem::exists(artifact, error)) {
    file = observe_file(source, artifact, kMaxContentSize);
    if (!file.is_file) return complain(artifact + ": cannot be read", kExitIncomplete);
  } else if (digest && digest->size() == 32) {
    file.path = artifact;
    file.is_file = false;
    file.digests.push_back({{.hash = provenance::HashKind::sha256}, std::string(as_text(*digest))});
  } else {
    return complain(artifact + ": neither a file nor a digest", kExitIncomplete);
  }
  const SourceFile* const sources[] = {file.is_file ? &source : nullptr};
  request->files.push_back(std::move(file));
  const std::atomic<bool> stop = false;
  Verified verified = Verifier(arguments.scan, stop).verify(std::move(*request), sources);
  ProvenanceCheck check;
  for (const auto& evidence : verified.evidence) {
    check.evidence.push_back({options.signature, evidence});
  }
  for (const ParseError& problem : verified.problems) {
    check.gaps.push_back({options.signature, problem.code, problem.message, problem.offset});
  }
  return show(check, arguments, true);
}

}  // namespace assay::cli
