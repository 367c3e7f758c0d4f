#include "rules/loaders.h"

#include <catch2/catch.hpp>

using namespace assay;
using namespace assay::rules;

namespace {

Artifact artifact_of(std::string path, std::string format) {
  Artifact out;
  out.path = std::move(path);
  out.format = std::move(format);
  return out;
}

std::string said(const Carrier& carrier, std::string_view key) {
  for (const Evidence& entry : loader_evidence(carrier)) {
    if (entry.key == key) return entry.value;
  }
  return "";
}

}  // namespace

TEST_CASE("a pickle of its own is run by all that unpickle, and refused by what restricts it") {
  const Carrier carrier = carrier_of(artifact_of("a.pkl", "pickle"), nullptr);
  CHECK(said(carrier, "run_by") ==
        "pickle.load, joblib.load, numpy.load(allow_pickle=True), torch.load(weights_only=False)");
  CHECK(said(carrier, "refused_by") ==
        "numpy.load(allow_pickle=False), torch.load(weights_only=True)");
  CHECK(said(carrier, "weights_only").empty());
}

TEST_CASE("of a torch archive the answer for the file decides") {
  const auto [answer, key] = GENERATE(table<std::string, std::string>(
      {{"yes", "run_by"},
       {"no: byte 2: GLOBAL os.system is not on the allow list", "refused_by"}}));
  Artifact parent = artifact_of("m.pt", "torch-zip");
  parent.facts.push_back({0, 0, Metadata{"torch.weights_only", answer}});
  const Artifact data = artifact_of("m.pt!/archive/data.pkl", "pickle");
  const Carrier carrier = carrier_of(data, &parent);
  CHECK_THAT(said(carrier, key), Catch::Contains("torch.load(weights_only=True)"));
  CHECK_THAT(said(carrier, "run_by"), Catch::Contains("torch.load(weights_only=False)"));
  CHECK(said(carrier, "weights_only") == answer);
}

TEST_CASE("where a name comes twice, the answer that loads counts") {
  Artifact parent = artifact_of("m.pt", "torch-zip");
  parent.facts.push_back({0, 0, Metadata{"torch.weights_only", "no: byte 2: FRAME"}});
  parent.facts.push_back({9, 0, Metadata{"torch.weights_only", "yes"}});
  CHECK(carrier_of(artifact_of("m.pt!/a/data.pkl", "pickle"), &parent).weights_only == "yes");
}

TEST_CASE("nothing is said of what no known loader reads, or where torch has no answer") {
  const Artifact parent = artifact_of("m.pt", "torch-zip");
  CHECK(loader_evidence(carrier_of(artifact_of("m.pt!/a/x.pkl", "pickle"), &parent)).empty());
  CHECK(loader_evidence(carrier_of(artifact_of("m.pt!/a/b/data.pkl", "pickle"), &parent)).empty());
  CHECK(loader_evidence(carrier_of(artifact_of("a.onnx", "onnx"), nullptr)).empty());
  const Artifact data = artifact_of("m.pt!/a/data.pkl", "pickle");
  CHECK(said(carrier_of(data, &parent), "refused_by").empty());
  const Artifact script = artifact_of("m.pt", "torchscript-zip");
  CHECK(loader_evidence(carrier_of(data, &script)).empty());
}
