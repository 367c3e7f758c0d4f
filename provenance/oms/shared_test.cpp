#include <catch2/catch.hpp>
#include <sstream>

#include "core/text.h"
#include "provenance/crypto/certificate.h"
#include "provenance/oms/sign.h"
#include "provenance/oms/test_models.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::oms;
using namespace assay::provenance::oms::test;

namespace fs = std::filesystem;

namespace {

const fs::path kSamples = fs::path(ASSAY_SOURCE_DIR) / "../shared/provenance/oms";

const fs::path kMade = fs::path(ASSAY_SOURCE_DIR) / "corpus/oms";

bool have_samples() {
  if (fs::exists(kSamples)) return true;
  WARN("the signatures of other implementations are not here");
  return false;
}

PublicKey key_at(const fs::path& path) {
  auto key = PublicKey::from_pem(as_bytes(read_file(path)));
  REQUIRE(key.has_value());
  return *key;
}

struct Row {
  std::string signature, verdict, key, model;
};

std::vector<Row> expected_rows() {
  std::istringstream in(read_file(kMade / "expected.tsv"));
  std::vector<Row> rows;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream fields(line);
    Row& row = rows.emplace_back();
    for (std::string* field : {&row.signature, &row.verdict, &row.key, &row.model}) {
      std::getline(fields, *field, '\t');
    }
  }
  return rows;
}

// What a signature made to be rejected is rejected for.
const std::map<std::string, std::string> kClasses = {
    {"bad-key.sig", "key.hint"},
    {"bad-hint.sig", "key.hint"},
    {"bad-payload-bit.sig", "signature.dsse"},
    {"bad-payload-type.sig", "dsse.payload-type"},
    {"bad-two-signatures.sig", "dsse.signatures"},
    {"bad-no-signature.sig", "dsse.signatures"},
    {"bad-statement-type.sig", "statement.type"},
    {"bad-predicate-type.sig", "oms.predicate-type"},
    {"bad-two-subjects.sig", "oms.subject"},
    {"bad-root-digest.sig", "oms.root-digest"},
    {"bad-media-type.sig", "bundle.version"},
    {"bad-duplicate-same.sig", "oms.resource.duplicate"},
    {"bad-duplicate-conflict.sig", "oms.resource.duplicate"},
    {"bad-path-parent.sig", "oms.resource.name"},
    {"bad-path-absolute.sig", "oms.resource.name"},
    {"bad-path-dot.sig", "oms.resource.name"},
    {"bad-path-nul.sig", "oms.resource.name"},
    {"bad-empty.sig", "oms.empty"},
    {"bad-algorithm-mix.sig", "oms.resource.algorithm"},
    {"bad-hash-type.sig", "oms.hash-type"},
    {"bad-digest-length.sig", "oms.resource.digest"},
    {"bad-missing-file.sig", "model.missing"},
    {"bad-extra-file.sig", "model.extra"},
    {"bad-content.sig", "model.changed"},
    {"bad-ignore-everything.sig", "oms.ignore-path"},
    {"bad-ignore-listed.sig", "oms.ignore-path"},
    {"bad-ignore-parent.sig", "oms.ignore-path"},
    {"bad-ignore-glob.sig", "oms.ignore-path"},
    {"bad-shard-gap.sig", "model.changed"},
    {"bad-shard-size-zero.sig", "oms.shard-size"},
    {"bad-method.sig", "oms.method"},
    {"bad-duplicate-json-key.sig", "statement.parse"},
    {"bad-sigstore-without-log.sig", "bundle.material"},
};

OmsVerification trust_in(const fs::path& anchor) {
  OmsVerification how;
  const auto certificates = Certificate::from_pem(as_bytes(read_file(anchor)));
  REQUIRE(certificates.has_value());
  for (const Certificate& each : *certificates) how.anchors.push_back(each.der());
  how.seconds = 1'764'000'000;  // 2025-11-24
  return how;
}

// Files of the models in the reference implementation's tests.
Contents reference_model(const std::string& name) {
  Contents files;
  if (name == "sample_model_folder") {
    for (const std::string i : {"0", "1", "2", "3"}) {
      files["f" + i] = "This is file f" + i + " in root.";
      if (i > "2") continue;
      for (const std::string d : {"0", "1"}) {
        files["d" + d + "/f" + d + i] = "This is file f" + d + i + " in d" + d + ".";
      }
    }
  }
  for (const std::string i : {"0", "1", "2", "3"}) {
    if (name == "deep_model_folder") files["d0/d1/d2/d3/d4/f" + i] = "This is file f" + i + ".";
  }
  if (name == "model_folder_with_empty_file") files["empty_file"] = "";
  if (name == "symlink_model_folder") files["symlink_file"] = "This is a simple model";
  if (name == "sample_model_file") files["file"] = "This is a simple model";
  if (name == "empty_model_file") files["file"] = "";
  return files;
}

// Lines "name:digest" as the golden files of the reference implementation have them.
std::string listing(const std::string& name, HashPlan plan) {
  Model model{.single_file = name.ends_with("_file") && !name.ends_with("with_empty_file")};
  for (const auto& [path, content] : reference_model(name)) {
    model.files.push_back({.path = path, .size = content.size()});
    model.files.back().digests = {digests_of(plan, as_bytes(content))};
  }
  const auto manifest = manifest_of(model, {.model_name = "m", .plan = plan});
  std::string lines;
  for (const Resource& each : manifest ? manifest->resources : std::vector<Resource>()) {
    lines += each.path;
    if (each.shard) {
      lines += ':' + std::to_string(each.shard->start) + ':' + std::to_string(each.shard->end);
    }
    lines += ':' + hex(each.digest) + '\n';
  }
  return lines;
}

CoverageState state_of(const Evidence& evidence, std::string_view path) {
  const auto found = std::ranges::find(evidence.coverage, path, &Coverage::path);
  REQUIRE(found != evidence.coverage.end());
  return found->state;
}

}  // namespace

TEST_CASE("each made model signature has the verdict that it was made for") {
  const auto rows = expected_rows();
  CHECK(rows.size() == 44);
  for (const Row& row : rows) {
    CAPTURE(row.signature);
    const OmsVerification how{.key = key_at(kMade / row.key)};
    const Evidence evidence = verify_at(read_file(kMade / row.signature), kMade / row.model, how);
    const auto failure = kClasses.find(row.signature);
    CHECK(verdict(evidence) ==
          (failure == kClasses.end() ? "verified" : "rejected " + failure->second));
    CHECK((row.verdict == "reject") == (failure != kClasses.end()));
    if (row.verdict != "reject") {
      CHECK(evidence.checks.has(Outcome::warned) == (row.verdict == "accept+warning"));
    }
  }
}

TEST_CASE("files without content are told as not covered by shards") {
  const OmsVerification how{.key = key_at(kMade / "p256.pub")};
  const Evidence evidence =
      verify_at(read_file(kMade / "ok-shards-spec.sig"), kMade / "model", how);
  CHECK(state_of(evidence, "__init__.py") == CoverageState::not_covered);
  CHECK(state_of(evidence, "weights.bin") == CoverageState::covered);
}

TEST_CASE("signatures by key of the reference implementation hold from 0.3.1 on") {
  if (!have_samples()) return;
  const std::string version = GENERATE("v0.3.1", "v1.0.0", "v1.0.1", "v1.1.0");
  CAPTURE(version);
  const fs::path folder = kSamples / "reference" / (version + "-elliptic-key");
  const std::string signature = read_file(folder / "model.sig");
  OmsVerification how{.key = key_at(kSamples / "reference/keys/signing-key-pub.pem")};
  how.exclusions.signature_path = "model.sig";
  const bool is_single = version < "v1.0.1";
  const fs::path model = is_single ? folder / "signme-1" : folder;
  if (version == "v1.0.1") {
    CHECK(verdict(verify_at(signature, model, how)) == "rejected model.extra");
    how.exclusions.ignore_paths = {"ignore-me"};
  }
  const Evidence evidence = verify_at(signature, model, how);
  CHECK(verdict(evidence) == "verified");
  CHECK(evidence.method == "key");
  CHECK_FALSE(evidence.checks.has(Outcome::warned));
  if (is_single) CHECK(verdict(verify_at(signature, folder, how)) == "rejected oms.single-file");
  how.key.reset();
  CHECK(verify_at(signature, model, how).state() == (version < "v1.1" ? "signed" : "unchecked"));
}

TEST_CASE("signatures by certificate of the reference implementation hold") {
  if (!have_samples()) return;
  const std::string version = GENERATE("v0.3.1", "v1.0.0", "v1.0.1", "v1.1.0");
  CAPTURE(version);
  const fs::path folder = kSamples / "reference" / (version + "-certificate");
  const std::string signature = read_file(folder / "model.sig");
  OmsVerification how = trust_in(kSamples / "reference/keys/ca-cert.pem");
  how.exclusions.signature_path = "model.sig";
  if (version == "v1.0.1") {
    CHECK(verdict(verify_at(signature, folder, how)) == "rejected model.extra");
    how.exclusions.ignore_paths = {"ignore-me"};
  }
  const Evidence evidence = verify_at(signature, folder, how);
  CHECK(verdict(evidence) == "verified");
  CHECK(evidence.method == "certificate");
  if (version == "v1.1.0")
    CHECK(state_of(evidence, "ignore-me") == CoverageState::excluded_by_signer);

  OmsVerification later = how;
  later.seconds = 2'100'000'000;  // 2036: the certificates end in 2035
  CHECK(verdict(verify_at(signature, folder, later)) == "rejected cert.time");
  OmsVerification other = how;
  other.anchors = trust_in(kSamples / "reference/keys/signing-key-cert.pem").anchors;
  other.anchors.clear();
  CHECK(verify_at(signature, folder, other).state() == "signed");
}

TEST_CASE("what model_signing 0.2 signed holds on demand only") {
  if (!have_samples()) return;
  const fs::path folder = kSamples / "reference/v0.2.0-certificate";
  const std::string signature = read_file(folder / "model.sig");
  OmsVerification how = trust_in(kSamples / "reference/keys/ca-cert.pem");
  how.exclusions.signature_path = "model.sig";
  CHECK(verdict(verify_at(signature, folder, how)) == "rejected signature.dsse");
  how.compatibility = true;
  const Evidence evidence = verify_at(signature, folder, how);
  CHECK(verdict(evidence) == "verified");
  CHECK(evidence.checks.has(Outcome::warned));
}

TEST_CASE("a model of the reference that is changed in any way is rejected") {
  if (!have_samples()) return;
  const std::string name = GENERATE("v0.2.0-certificate", "v0.3.1-certificate",
                                    "v1.0.1-elliptic-key", "v1.1.0-certificate");
  CAPTURE(name);
  const fs::path folder = kSamples / "reference" / name;
  const std::string signature = read_file(folder / "model.sig");
  OmsVerification how = trust_in(kSamples / "reference/keys/ca-cert.pem");
  if (name.find("key") != std::string::npos) {
    how.anchors.clear();
    how.key = key_at(kSamples / "reference/keys/signing-key-pub.pem");
  }
  how.exclusions = {.signature_path = "model.sig", .ignore_paths = {"ignore-me"}};
  how.compatibility = true;
  const Contents good = contents_of(folder);
  CHECK(verdict(verify(signature, good, how)) == "verified");
  Contents model = good;
  model["signme-1"][0] ^= 1;
  CHECK(verdict(verify(signature, model, how)) == "rejected model.changed");
  model = good;
  model["signme-2"] += ' ';
  CHECK(verdict(verify(signature, model, how)) == "rejected model.changed");
  model = good;
  model.erase("signme-2");
  CHECK(verdict(verify(signature, model, how)) == "rejected model.missing");
  model = good;
  model["signme-3"] = "";
  CHECK(verdict(verify(signature, model, how)) == "rejected model.extra");
}

TEST_CASE("the vectors of the specification are read or refused") {
  if (!have_samples()) return;
  const fs::path vectors = kSamples / "spec-vectors/test-vectors/v1.0";
  for (const auto& entry : fs::directory_iterator(vectors / "valid")) {
    CAPTURE(entry.path().filename());
    const Evidence evidence = verify_oms(as_bytes(read_file(entry.path())), {}, {});
    CHECK(verdict(evidence) == "rejected model.missing");
    CHECK(unverified_manifest(as_bytes(read_file(entry.path())), false)->resources.size() == 2);
  }
  const std::map<std::string, std::string> classes = {
      {"empty.bundle.json", "bundle.parse"},
      {"missing-envelope.bundle.json", "bundle.parse"},
      {"missing-tlog-entries.bundle.json", "bundle.tlog"},
      {"missing-verification-material.bundle.json", "bundle.material"},
  };
  for (const auto& [name, failure] : classes) {
    const std::string bundle = read_file(vectors / "invalid" / name);
    CHECK(verdict(verify_oms(as_bytes(bundle), {}, {})) == "rejected " + failure);
  }
  const std::string wrong = read_file(vectors / "invalid-payload/wrong-predicate.bundle.json");
  CHECK(verdict(verify_oms(as_bytes(wrong), {}, {})) == "rejected oms.predicate-type");
}

TEST_CASE("models are serialized as the reference implementation does it") {
  if (!have_samples()) return;
  const auto [folder, suffix, plan] = GENERATE(table<std::string, std::string, HashPlan>(
      {{"file", "", {HashType::sha256, 0}},
       {"file_shard", "", {HashType::sha256, 1'000'000'000}},
       {"file_shard", "_small_shards", {HashType::sha256, 8}}}));
  for (const std::string name :
       {"sample_model_folder", "deep_model_folder", "model_folder_with_empty_file",
        "symlink_model_folder", "sample_model_file", "empty_model_file", "empty_model_folder"}) {
    CAPTURE(name, folder, suffix);
    const fs::path golden =
        kSamples / "serialization" / folder / "TestSerializer" / (name + suffix);
    REQUIRE(fs::exists(golden));
    CHECK(listing(name, plan) == read_file(golden));
  }
}
