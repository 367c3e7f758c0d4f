#include "scanner/references.h"

#include <catch2/catch.hpp>

using namespace assay;

namespace {

Artifact unknown(std::string path) {
  Artifact file{.path = path};
  file.gaps.push_back({path, ParseErrc::unsupported, "no format that is known here", 0});
  return file;
}

Artifact naming(std::string path, std::string target) {
  Artifact file{.path = std::move(path), .formats = {"onnx"}};
  file.facts.push_back({0, 0, Reference{"external-data", std::move(target)}});
  return file;
}

}  // namespace

TEST_CASE("external data beside its model is raw data, not a gap") {
  Artifact model = naming("a/model.onnx", "weights/model.data");
  Artifact data = unknown("a/weights/model.data");
  settle_references({&model, &data});
  CHECK(data.gaps.empty());
  CHECK(data.format == "raw-data");
}

TEST_CASE("a name that leads elsewhere settles nothing") {
  for (const char* target : {"../b.data", "/b.data", "other.data", ""}) {
    Artifact model = naming("model.onnx", target);
    Artifact data = unknown("b.data");
    settle_references({&model, &data});
    CHECK(data.gaps.size() == 1);
  }
}

TEST_CASE("being named as data excuses nothing else") {
  Artifact model = naming("model.onnx", "b.data");
  Artifact broken = unknown("b.data");
  broken.gaps[0].reason = ParseErrc::truncated;
  Artifact pickle = unknown("b.data");
  pickle.formats = {"pickle"};
  for (Artifact* data : {&broken, &pickle}) {
    settle_references({&model, data});
    CHECK(data->gaps.size() == 1);
  }
}
