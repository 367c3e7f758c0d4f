#include <filesystem>

#include "core/text.h"
#include "provenance/oms/sign.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/signing.h"
#include "scanner/provenance/observation.h"
#include "scanner/provenance/oms_model.h"
#include "scanner/provenance/verifier.h"

namespace assay::cli {
namespace {

namespace fs = std::filesystem;
namespace oms = provenance::oms;

constexpr std::string_view kSignatureName = "model.sig";

// A file is signed beside itself, a folder inside.
std::string signature_path(const Arguments& arguments, bool is_folder) {
  if (!arguments.trust.signature.empty()) return arguments.trust.signature;
  const fs::path model = arguments.sources[0];
  return is_folder ? (model / kSignatureName).native() : model.native() + ".sig";
}

std::string inside(const std::string& model, const std::string& path) {
  std::error_code error;
  const fs::path relative =
      fs::weakly_canonical(path, error).lexically_relative(fs::canonical(model, error));
  const std::string text = relative.native();
  return error || text.starts_with("..") ? std::string() : text;
}

oms::SigningOptions signing_options(const Arguments& arguments, bool is_folder) {
  const std::string& model = arguments.sources[0];
  std::error_code error;
  oms::SigningOptions options;
  options.model_name = fs::canonical(model, error).filename().native();
  options.allow_symlinks = arguments.trust.allow_symlinks;
  options.git_paths = arguments.trust.ignore_git;
  options.ignore_paths = arguments.trust.ignore_paths;
  if (is_folder) options.signature_path = inside(model, signature_path(arguments, true));
  return options;
}

// The signature's text, or why there is none.
Parsed<std::string> sign(const Arguments& arguments, bool is_folder, const SigningKey& key) {
  const SourceListing listing = list_sources({arguments.sources[0]}, {});
  EvidencePlace place{EvidenceKind::model, {}, "", ""};
  if (!is_folder) place.subject = listing.files[0].report_path;
  Observation observation = observe(listing, place, nullptr);
  const oms::SigningOptions options = signing_options(arguments, is_folder);
  DigestNeeds needs;
  const oms::Model before = model_of(observation.files, !is_folder);
  for (const DigestNeed& need : digest_needs(before, oms::digests_to_sign(before, options))) {
    needs[need.file].push_back(need.request);
  }
  const std::atomic<bool> stop = false;
  const auto problems =
      Verifier(arguments.scan, stop).digest(needs, observation.sources, observation.files);
  if (!problems.empty()) return std::unexpected(problems.front());
  const auto manifest = oms::manifest_of(model_of(observation.files, !is_folder), options);
  if (!manifest) return std::unexpected(manifest.error());
  return oms::sign_manifest(*manifest, key.key, key.chain);
}

}  // namespace

int run_sign(const Arguments& arguments) {
  const std::string& model = arguments.sources[0];
  std::error_code error;
  const bool is_folder = fs::is_directory(model, error);
  if (!is_folder && !fs::is_regular_file(model, error)) {
    return complain(model + ": neither a folder nor a file", kExitIncomplete);
  }
  const TrustOptions& trust = arguments.trust;
  const auto key = read_signing_key(trust.private_key, trust.password_file, trust.anchors);
  if (!key) return kExitUsage;
  const auto text = sign(arguments, is_folder, *key);
  if (!text) return complain(model + ": " + text.error().message, kExitIncomplete);
  const std::string path = signature_path(arguments, is_folder);
  if (!write_whole(path, *text)) return complain(path + ": cannot be written", kExitUsage);
  return 0;
}

}  // namespace assay::cli
