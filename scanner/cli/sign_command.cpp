#include <filesystem>
#include <fstream>

#include "core/text.h"
#include "provenance/oms/sign.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/trust.h"
#include "scanner/provenance/observation.h"
#include "scanner/provenance/oms_model.h"
#include "scanner/provenance/verifier.h"

namespace assay::cli {
namespace {

namespace fs = std::filesystem;
namespace oms = provenance::oms;
using provenance::Certificate;
using provenance::PrivateKey;

constexpr std::size_t kMaxKeyFile = 1U << 20;
constexpr std::string_view kSignatureName = "model.sig";

std::optional<PrivateKey> read_key(const TrustOptions& trust) {
  const auto pem = read_named(trust.private_key, kMaxKeyFile);
  if (!pem) return std::nullopt;
  std::optional<std::string> password;
  if (!trust.password_file.empty()) {
    password = read_named(trust.password_file, kMaxKeyFile);
    if (!password) return std::nullopt;
    password->resize(std::min(password->find('\n'), password->size()));
  }
  auto key = PrivateKey::from_pem(as_bytes(*pem), password);
  if (key) return std::move(*key);
  complain(trust.private_key + ": " + key.error().message, 0);
  return std::nullopt;
}

std::optional<std::vector<Certificate>> read_chain(const TrustOptions& trust) {
  std::vector<Certificate> chain;
  for (const std::string& name : trust.anchors) {
    const auto pem = read_named(name, Certificate::kMaxPemSize);
    if (!pem) return std::nullopt;
    const auto certificates = Certificate::from_pem(as_bytes(*pem));
    if (!certificates) {
      complain(name + ": " + certificates.error().message, 0);
      return std::nullopt;
    }
    chain.insert(chain.end(), certificates->begin(), certificates->end());
  }
  return chain;
}

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
Parsed<std::string> sign(const Arguments& arguments, bool is_folder, const PrivateKey& key,
                         const std::vector<Certificate>& chain) {
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
  return oms::sign_manifest(*manifest, key, chain);
}

// Nobody may ever read half a signature: it takes its name when it is whole.
bool write_whole(const std::string& path, const std::string& text) {
  const std::string part = path + ".part";
  std::ofstream out(part, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  std::error_code error;
  if (out) fs::rename(part, path, error);
  if (out && !error) return true;
  fs::remove(part, error);
  return false;
}

}  // namespace

int run_sign(const Arguments& arguments) {
  const std::string& model = arguments.sources[0];
  std::error_code error;
  const bool is_folder = fs::is_directory(model, error);
  if (!is_folder && !fs::is_regular_file(model, error)) {
    return complain(model + ": neither a folder nor a file", kExitIncomplete);
  }
  const auto key = read_key(arguments.trust);
  const auto chain = read_chain(arguments.trust);
  if (!key || !chain) return kExitUsage;
  const auto text = sign(arguments, is_folder, *key, *chain);
  if (!text) return complain(model + ": " + text.error().message, kExitIncomplete);
  const std::string path = signature_path(arguments, is_folder);
  if (!write_whole(path, *text)) return complain(path + ": cannot be written", kExitUsage);
  return 0;
}

}  // namespace assay::cli
