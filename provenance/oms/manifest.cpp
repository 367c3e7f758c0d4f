#include "provenance/oms/manifest.h"

#include "provenance/intoto/statement.h"
#include "provenance/oms/manifest_checks.h"
#include "provenance/oms/resource.h"
#include "provenance/oms/tally.h"

namespace assay::provenance::oms {
namespace {

// The layout 1.0, all of it in the predicate. Reading goes on as long as something
// can be compared with a model.
class ManifestReader {
 public:
  ManifestReader(const intoto::Statement& statement, Checks& checks)
      : statement_(statement), checks_(checks) {
    manifest_.predicate_type = statement.predicate_type;
  }

  std::optional<Manifest> read() {
    read_subject();
    const JsonValue* serialization = statement_.predicate.find("serialization");
    if (!serialization || !serialization->object()) {
      return refuse("oms.serialization", "the predicate has no serialization");
    }
    read_symlinks(*serialization);
    read_ignore_paths(*serialization);
    if (!read_plan(*serialization) || !read_resources()) return std::nullopt;
    check_whole();
    return std::move(manifest_);
  }

 private:
  std::nullopt_t refuse(std::string_view name, std::string message) {
    checks_.fail(name, std::move(message));
    return std::nullopt;
  }

  void read_subject() {
    if (statement_.subjects.size() != 1) {
      checks_.fail("oms.subject", "the statement is not about exactly one model");
      return;
    }
    const intoto::ResourceDescriptor& subject = statement_.subjects[0];
    const std::string* digest = subject.find_digest("sha256");
    manifest_.model_name = subject.name;
    if (digest) manifest_.root_digest = *digest;
    if (subject.name.empty() || !digest) {
      checks_.fail("oms.subject", "the model of the statement has no name or no SHA-256");
    }
  }

  void read_symlinks(const JsonValue& serialization) {
    const JsonValue* value = serialization.find("allow_symlinks");
    const bool* allowed = value ? value->boolean() : nullptr;
    if (allowed) manifest_.allow_symlinks = *allowed;
    if (!allowed) checks_.fail("oms.serialization", "allow_symlinks is neither true nor false");
  }

  void read_ignore_paths(const JsonValue& serialization) {
    const JsonValue* value = serialization.find("ignore_paths");
    if (!value) return;
    bool complete = value->array() != nullptr;
    for (const JsonValue& path : complete ? *value->array() : JsonArray()) {
      complete = complete && path.text();
      if (!path.text()) continue;
      std::string ignored = *path.text();
      if (ignored.ends_with('/')) ignored.pop_back();  // a folder may be written so
      manifest_.ignore_paths.push_back(std::move(ignored));
    }
    if (!complete) checks_.fail("oms.serialization", "ignore_paths is no list of paths");
  }

  std::string text_of(const JsonValue& serialization, std::string_view name) {
    const JsonValue* value = serialization.find(name);
    return value && value->text() ? *value->text() : std::string();
  }

  bool read_plan(const JsonValue& serialization) {
    const std::string word = text_of(serialization, "hash_type");
    const auto hash = hash_type_from(word);
    if (!hash) checks_.fail("oms.hash-type", quoted(word) + " is no hash for model signatures");
    const std::string method = text_of(serialization, "method");
    const bool known = method == "files" || method == "shards";
    if (!known) checks_.fail("oms.method", quoted(method) + " is no way to serialize a model");
    if (!hash || !known) return false;
    manifest_.plan.hash = *hash;
    return method == "files" || read_shard_size(serialization);
  }

  // The reference implementation writes it as a real: 1000000000.0.
  bool read_shard_size(const JsonValue& serialization) {
    const JsonValue* value = serialization.find("shard_size");
    const auto size = value ? value->integer() : std::nullopt;
    if (!size || *size <= 0) {
      checks_.fail("oms.shard-size", "the size of shards is not a whole number above 0");
      return false;
    }
    manifest_.plan.shard_size = static_cast<std::uint64_t>(*size);
    return true;
  }

  bool read_resources() {
    const JsonValue* value = statement_.predicate.find("resources");
    if (!value || !value->array()) {
      checks_.fail("oms.resource", "the predicate has no list of resources");
      return false;
    }
    Tally tally;
    for (const JsonValue& each : *value->array()) {
      auto resource = parse_resource(each, manifest_.plan, tally);
      if (resource) manifest_.resources.push_back(std::move(*resource));
    }
    tally.report(checks_);
    return manifest_.resources.size() == value->array()->size();
  }

  void check_whole() {
    if (manifest_.resources.empty()) checks_.fail("oms.empty", "the manifest lists no file");
    check_names(manifest_, checks_);
    check_shards(manifest_, checks_);
    check_ignore_paths(manifest_, checks_);
    check_order(manifest_, checks_);
    check_root_digest(manifest_, checks_);
  }

  const intoto::Statement& statement_;
  Checks& checks_;
  Manifest manifest_;
};

// The layout of model_signing 0.2: each subject is a file, always with SHA-256.
std::optional<Manifest> read_old_layout(const intoto::Statement& statement, Checks& checks) {
  Manifest manifest{.predicate_type = statement.predicate_type};
  Tally tally;
  for (const intoto::ResourceDescriptor& subject : statement.subjects) {
    auto resource = parse_resource_name(subject.name, manifest.plan, tally);
    const std::string* hex = subject.find_digest("sha256");
    auto digest = parse_digest(hex ? *hex : std::string(), digest_size(manifest.plan.hash));
    if (!digest) tally.fail("oms.resource.digest", subject.name, "has no SHA-256");
    if (!resource || !digest) continue;
    resource->digest = std::move(*digest);
    manifest.resources.push_back(std::move(*resource));
  }
  tally.report(checks);
  if (manifest.resources.size() != statement.subjects.size()) return std::nullopt;
  if (manifest.resources.empty()) checks.fail("oms.empty", "the manifest lists no file");
  check_names(manifest, checks);
  checks.warn("oms.layout", "the manifest has the layout of model_signing 0.2");
  return manifest;
}

}  // namespace

std::optional<Manifest> parse_manifest(Bytes payload, bool allow_v0_2, Checks& checks) {
  const auto statement = intoto::parse_statement(payload, checks);
  if (!statement) return std::nullopt;
  if (statement->type == intoto::kStatementV01) {
    checks.fail("statement.type", "model signatures are statements of version 1");
  }
  if (statement->predicate_type == kPredicateType) return ManifestReader(*statement, checks).read();
  const bool old = statement->predicate_type == kOldPredicateType;
  if (old && allow_v0_2) return read_old_layout(*statement, checks);
  checks.fail(
      "oms.predicate-type",
      old ? "the manifest has the layout of model_signing 0.2, which is taken on demand only"
          : quoted(statement->predicate_type) + " is no model signature");
  return std::nullopt;
}

}  // namespace assay::provenance::oms
