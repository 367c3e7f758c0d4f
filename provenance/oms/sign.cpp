#include "provenance/oms/sign.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "core/text.h"
#include "provenance/oms/manifest_checks.h"
#include "provenance/oms/path.h"
#include "provenance/oms/statement_text.h"
#include "provenance/oms/tally.h"
#include "provenance/sigstore/sign_statement.h"

namespace assay::provenance::oms {
namespace {

std::unexpected<ParseError> refuse(ParseErrc code, std::string_view path, std::string_view what) {
  return fail(code, 0, quoted(path) + ' ' + std::string(what));
}

// Why `file` cannot be signed; nothing when it can.
std::optional<ParseError> obstacle(const ModelFile& file, bool allow_symlinks) {
  const auto because = [&](ParseErrc code, std::string_view what) {
    return refuse(code, file.path, what).error();
  };
  if (!is_inner_path(file.path) || !is_utf8(file.path)) {
    return because(ParseErrc::malformed, "is a name that a signature cannot hold");
  }
  if (file.kind == FileKind::other) {
    return because(ParseErrc::unsupported, "is neither a file nor a link to one");
  }
  if (file.kind == FileKind::link_outside || (file.kind != FileKind::regular && !allow_symlinks)) {
    return because(ParseErrc::unsupported, "is a link, and links are not signed");
  }
  return std::nullopt;
}

void add_resources(std::string_view path, std::uint64_t size, const FileDigests& digests,
                   std::vector<Resource>& resources) {
  const std::uint64_t shard_size = digests.plan.shard_size;
  std::uint64_t start = 0;
  for (const ByteString& digest : digests.digests) {
    Resource resource{.path = std::string(path), .digest = digest};
    if (shard_size != 0) {
      const std::uint64_t end = size - start < shard_size ? size : start + shard_size;
      resource.shard = Shard{start, end};
      start = end;
    }
    resources.push_back(std::move(resource));
  }
}

}  // namespace

std::vector<std::string> ignored_paths(const SigningOptions& options) {
  std::vector<std::string> paths = options.ignore_paths;
  if (options.git_paths) paths.insert(paths.end(), kGitPaths.begin(), kGitPaths.end());
  if (!options.signature_path.empty()) paths.push_back(options.signature_path);
  std::ranges::sort(paths);
  const auto repeated = std::ranges::unique(paths);
  paths.erase(repeated.begin(), repeated.end());
  return paths;
}

std::vector<DigestNeed> digests_to_sign(const Model& model, const SigningOptions& options) {
  const auto paths = ignored_paths(options);
  const PathSet ignored(paths);
  std::vector<DigestNeed> needs;
  for (const ModelFile& file : model.files) {
    if (!model.single_file && ignored.covers(file.path)) continue;
    if (!obstacle(file, options.allow_symlinks)) needs.push_back({file.path, options.plan});
  }
  return needs;
}

Parsed<Manifest> manifest_of(const Model& model, const SigningOptions& options) {
  Manifest manifest{.predicate_type = std::string(kPredicateType),
                    .model_name = options.model_name,
                    .plan = options.plan,
                    .allow_symlinks = options.allow_symlinks,
                    .ignore_paths = ignored_paths(options)};
  if (manifest.model_name.empty() || !is_utf8(manifest.model_name)) {
    return refuse(ParseErrc::malformed, manifest.model_name, "is no name for a model");
  }
  const PathSet ignored(manifest.ignore_paths);
  for (const ModelFile& file : model.files) {
    if (!model.single_file && ignored.covers(file.path)) continue;
    if (const auto problem = obstacle(file, options.allow_symlinks)) {
      return std::unexpected(*problem);
    }
    const FileDigests* digests = file.find(options.plan);
    if (!digests) return refuse(ParseErrc::unreadable, file.path, "was not read");
    add_resources(model.single_file ? kSingleFile : std::string_view(file.path), file.size,
                  *digests, manifest.resources);
  }
  if (manifest.resources.empty()) {
    return fail(ParseErrc::malformed, 0, "the model has no content to sign");
  }
  std::ranges::sort(manifest.resources, [](const Resource& a, const Resource& b) {
    return std::tie(a.path, a.shard) < std::tie(b.path, b.shard);
  });
  Checks checks;
  check_ignore_paths(manifest, checks);
  check_names(manifest, checks);
  if (const Check* failure = checks.first_failure()) {
    return fail(ParseErrc::malformed, 0, failure->message);
  }
  manifest.root_digest = root_digest_of(manifest);
  return manifest;
}

Parsed<std::string> sign_manifest(const Manifest& manifest, const PrivateKey& key,
                                  std::span<const Certificate> chain) {
  return sign_statement(statement_text(manifest), key, chain);
}

}  // namespace assay::provenance::oms
