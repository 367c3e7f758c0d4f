#include "provenance/oci/layout.h"

#include <catch2/catch.hpp>

#include "core/text.h"
#include "provenance/oci/document.h"
#include "provenance/oci/layout_maker.h"
#include "provenance/sigstore/bundle_maker.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::testing;

namespace {

constexpr std::string_view kModelType = "application/vnd.cncf.model.config.v1+json";
const std::string kHash(64, 'a');

Evidence integrity(const Layout& layout) { return layout.verify().at(0); }
std::string problem(const Layout& layout) { return problem_of(integrity(layout)); }

CoverageState state_of(const Evidence& evidence, const std::string& path) {
  for (const Coverage& coverage : evidence.coverage) {
    if (coverage.path == path) return coverage.state;
  }
  return CoverageState::excluded_by_user;  // not among them
}

bool has(const Evidence& evidence, std::string_view name, Outcome outcome) {
  return std::ranges::any_of(evidence.checks.list(), [&](const Check& check) {
    return check.name == name && check.outcome == outcome;
  });
}

// A layout whose index.json leads to a manifest of that text.
Layout of_manifest(std::string_view text, std::string_view media_type = Layout::kManifest) {
  Layout layout;
  layout.roots = {layout.add(text, media_type)};
  return layout;
}

}  // namespace

TEST_CASE("a layout whose blobs are what their names say matches, and is signed by nobody") {
  Layout layout;
  const std::string model = add_model(layout);
  layout.roots = {layout.add_index({model})};
  const auto evidence = layout.verify();
  REQUIRE(evidence.size() == 1);
  CHECK(evidence[0].state() == "matches");
  CHECK(evidence[0].kind == "oci-layout");
  CHECK(evidence[0].coverage.size() == 5);
  for (const Coverage& coverage : evidence[0].coverage) {
    CHECK(coverage.state == CoverageState::covered);
  }
  layout.roots = {model};
  CHECK(integrity(layout).properties == std::vector<std::pair<std::string, std::string>>{
                                            {"artifact", "modelpack " + digest_in(model)}});
}

TEST_CASE("a blob with another content, size or none at all is found") {
  Layout layout;
  const std::string weights = layout.add("weights", "application/octet-stream");
  layout.roots = {layout.add_manifest({weights}, kModelType)};
  const std::string path = oci::blob_path(digest_in(weights));
  CHECK(problem(layout).empty());

  Layout changed = layout;
  changed.blob(weights) = "WEIGHTS";
  CHECK(problem(changed) == "oci.digest");
  CHECK(state_of(integrity(changed), path) == CoverageState::changed);

  Layout absent = layout;
  absent.files.erase(path);
  CHECK(integrity(absent).state() == "unchecked");
  CHECK(problem(absent) == "oci.missing");
  CHECK(state_of(integrity(absent), path) == CoverageState::missing);

  Layout lying;
  const std::string longer = lying.add("weights", "application/octet-stream", R"(,"urls":[])");
  std::string other = longer;
  other.replace(other.find("\"size\":7"), 8, "\"size\":8");
  lying.roots = {lying.add_manifest({other}, kModelType)};
  CHECK(problem(lying) == "oci.size");
  lying.roots = {lying.add_manifest({longer, other}, kModelType)};
  CHECK(problem(lying) == "oci.size");
}

TEST_CASE("a manifest that was changed is found, and what nothing leads to is told") {
  Layout layout;
  const std::string model = add_model(layout);
  layout.roots = {model};
  layout.blob(model) += " ";
  CHECK(problem(layout) == "oci.digest");

  Layout extra;
  extra.roots = {add_model(extra)};
  extra.files["blobs/sha256/" + kHash] = "x";
  extra.files["blobs/sha256/README"] = "x";
  extra.files["blobs/md5/00"] = "x";
  const Evidence evidence = integrity(extra);
  CHECK(evidence.state() == "matches");
  CHECK(has(evidence, "oci.extra", Outcome::warned));
  CHECK(state_of(evidence, "blobs/sha256/" + kHash) == CoverageState::extra);
  CHECK(state_of(evidence, "blobs/sha256/README") == CoverageState::extra);
  CHECK(state_of(evidence, "blobs/md5/00") == CoverageState::extra);
}

TEST_CASE("what is no layout is said to be none") {
  Layout layout;
  layout.roots = {add_model(layout)};
  layout.files["oci-layout"] = R"({"imageLayoutVersion":"2.0.0"})";
  CHECK(integrity(layout).state() == "unchecked");
  for (const char* text : {"", "{}", R"({"imageLayoutVersion":1})", "no"}) {
    layout.files["oci-layout"] = text;
    CHECK(problem(layout) == "oci.layout");
  }
  layout.files.erase("oci-layout");
  CHECK(problem(layout) == "oci.layout");
  layout.files["oci-layout"] = R"({"imageLayoutVersion":"1.0.0"})";
  for (const char* text : {"", "[]", "{}", R"({"layers":[]})", R"({"manifests":7})",
                           R"({"manifests":[],"manifests":[]})", R"({"manifests":[{}]})"}) {
    CAPTURE(text);
    layout.files["index.json"] = text;
    CHECK(problem(layout) == "oci.parse");
  }
  const oci::LayoutResult none = oci::verify_layout({}, {});
  CHECK(none.needed.empty());
  CHECK(problem_of(none.evidence.at(0)) == "oci.layout");
}

TEST_CASE("documents that two readers could take for two things are refused") {
  CHECK(problem(of_manifest(R"({"layers":[],"manifests":[]})")) == "oci.parse");
  CHECK(problem(of_manifest("{}")) == "oci.parse");
  CHECK(problem(of_manifest(R"({"manifests":[]})")) == "oci.media-type");
  CHECK(problem(of_manifest(R"({"layers":[]})", Layout::kIndex)) == "oci.media-type");
  CHECK(problem(of_manifest(R"({"layers":[],"mediaType":"text/plain"})")) == "oci.media-type");
  CHECK(problem(of_manifest(R"({"layers":[]})")).empty());

  Layout two;
  const std::string once = two.add(R"({"layers":[]})", Layout::kManifest);
  const std::string again = two.add(R"({"layers":[]})", Layout::kIndex);
  two.roots = {once, again};
  CHECK(problem(two) == "oci.media-type");
}

TEST_CASE("descriptors are read strictly") {
  const auto with = [](const std::string& descriptor) {
    Layout layout;
    layout.roots = {descriptor};
    return problem(layout);
  };
  const auto descriptor = [](const std::string& digest, const std::string& size) {
    return R"({"mediaType":"a/b","digest":")" + digest + R"(","size":)" + size + "}";
  };
  CHECK(with(descriptor("sha256:" + kHash, "1")) == "oci.missing");
  CHECK(with(descriptor("sha256:" + kHash, "-1")) == "oci.parse");
  CHECK(with(descriptor("sha256:" + kHash, "\"1\"")) == "oci.parse");
  CHECK(with(descriptor("sha256:" + kHash + "a", "1")) == "oci.parse");
  CHECK(with(descriptor("sha256:" + std::string(64, 'A'), "1")) == "oci.parse");
  CHECK(with(descriptor("sha256:../../../../etc/passwd", "1")) == "oci.parse");
  CHECK(with(descriptor("sha512:" + kHash, "1")) == "oci.parse");
  CHECK(with(descriptor("sha512:" + kHash + kHash, "1")) == "oci.missing");
  CHECK(with(descriptor("md5:" + kHash, "1")) == "oci.parse");
  CHECK(with(descriptor("", "1")) == "oci.parse");
  CHECK(with(R"({"digest":"sha256:)" + kHash + R"(","size":1})") == "oci.parse");
  CHECK(with("7") == "oci.parse");
}

TEST_CASE("indexes that lead to themselves, too deep or to too many end") {
  // A blob can bear any name: the index names itself.
  Layout cycle;
  const std::string name = "sha256:" + kHash;
  const std::string itself = R"({"mediaType":")" + std::string(Layout::kIndex) + R"(","digest":")" +
                             name + R"(","size":200})";
  std::string text = R"({"manifests":[)" + itself + "]}";
  text.resize(200, ' ');
  cycle.files[oci::blob_path(name)] = text;
  cycle.roots = {itself};
  CHECK(problem(cycle) == "oci.digest");

  Layout deep;
  std::string at = add_model(deep);
  for (int i = 0; i < 20; ++i) at = deep.add_index({at});
  deep.roots = {at};
  CHECK(problem(deep) == "oci.count");

  Layout many;
  for (int i = 0; i < 10'000; ++i) {
    many.roots.push_back(
        many.add(R"({"layers":[],"a":)" + std::to_string(i) + "}", Layout::kManifest));
  }
  CHECK(problem(many) == "oci.count");

  Layout large;
  for (int i = 0; i < 40; ++i) {
    std::string manifest = R"({"layers":[],"a":)" + std::to_string(i) + "}";
    manifest.resize(2U << 20, ' ');
    large.roots.push_back(large.add(manifest, Layout::kManifest));
  }
  CHECK(problem(large) == "oci.count");

  Layout huge;
  huge.roots = {huge.add(std::string(5U << 20, ' '), Layout::kManifest)};
  CHECK(problem(huge) == "oci.count");
}

TEST_CASE("two manifests with one name are odd") {
  Layout layout;
  const std::string tag = annotations({{"org.opencontainers.image.ref.name", "latest"}});
  layout.roots = {
      layout.add_manifest({}, kModelType, "", tag),
      layout.add_manifest({}, "application/vnd.docker.ai.model.config.v0.1+json", "", tag)};
  CHECK(has(integrity(layout), "oci.tag", Outcome::warned));
  intoto::AttestationVerification strict;
  strict.strict = true;
  CHECK(problem_of(layout.verify(strict).at(0)) == "oci.tag");
}

TEST_CASE("a blob that was not hashed is not called whole") {
  oci::LayoutFiles files;
  const std::string index =
      R"({"manifests":[{"mediaType":"a/b","size":1,"digest":"sha256:)" + kHash + "\"}]}";
  const std::string marker = R"({"imageLayoutVersion":"1.0.0"})";
  files.index = as_bytes(index);
  files.marker = as_bytes(marker);
  files.blobs = {{"blobs/sha256/" + kHash, 1, {}, {}}};
  const auto result = oci::verify_layout(files, {});
  CHECK(result.evidence.at(0).state() == "unchecked");
  CHECK(problem_of(result.evidence.at(0)) == "oci.digest");
}

TEST_CASE("kinds of artifacts are told by their types") {
  CHECK(oci::artifact_kind("application/vnd.cncf.model.manifest.v1+json") == "modelpack");
  CHECK(oci::artifact_kind("application/vnd.kitops.modelkit.config.v1+json") == "kitops");
  CHECK(oci::artifact_kind("application/vnd.docker.ai.model.config.v0.1+json") == "docker-model");
  CHECK(oci::artifact_kind("application/vnd.oci.image.config.v1+json") == "container-image");
  CHECK(oci::artifact_kind("application/vnd.example").empty());
  CHECK(oci::blob_name("blobs/sha256/" + kHash) == "sha256:" + kHash);
  CHECK_FALSE(oci::blob_name("blobs/sha256/" + kHash + "/x"));
  CHECK_FALSE(oci::blob_name("blobs/sha256"));
  CHECK_FALSE(oci::blob_name("sha256/" + kHash));
}
