#include "provenance/oms/manifest.h"

#include <catch2/catch.hpp>

#include "core/text.h"
#include "provenance/oms/path.h"
#include "provenance/oms/resource.h"
#include "provenance/sha256.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::oms;

namespace {

const std::string kDigest(64, '1');

std::string resource(const std::string& name, const std::string& algorithm = "sha256",
                     const std::string& digest = kDigest) {
  return R"({"name":")" + name + R"(","algorithm":")" + algorithm + R"(","digest":")" + digest +
         R"("})";
}

// A statement with that serialization; the root digest is that of `count` times kDigest.
std::string statement(const std::string& resources, const std::string& serialization,
                      std::size_t count) {
  ByteString digests;
  for (std::size_t i = 0; i < count; ++i) digests.insert(digests.end(), 32, std::byte{0x11});
  return R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"m","digest":{"sha256":")" +
         sha256_hex(digests) +
         R"("}}],"predicateType":"https://model_signing/signature/v1.0","predicate":{"resources":[)" +
         resources + R"(],"serialization":{)" + serialization + "}}}";
}

const std::string kFiles = R"("method":"files","hash_type":"sha256","allow_symlinks":false)";
const std::string kShards =
    R"("method":"shards","hash_type":"sha256","allow_symlinks":false,"shard_size":10)";

// The class of the first failure, or else of the first warning; empty when all is well.
std::string problem(const std::string& payload, bool allow_v0_2 = false) {
  Checks checks;
  const auto manifest = parse_manifest(as_bytes(payload), allow_v0_2, checks);
  if (const Check* failure = checks.first_failure()) return failure->name;
  REQUIRE(manifest.has_value());
  const Check* warning = checks.first(Outcome::warned);
  return warning ? warning->name : "";
}

std::string of_files(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ",") + resource(name);
  return problem(statement(list, kFiles, names.size()));
}

std::string of_shards(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ",") + resource(name);
  return problem(statement(list, kShards, names.size()));
}

}  // namespace

TEST_CASE("a name that is not the plain path of something below the model is refused") {
  for (const char* name : {"/a", "../a", "a/../b", "./a", "a/.", "a//b", "a/", "..", "a\\u0000"}) {
    CAPTURE(name);
    CHECK(of_files({name}) == "oms.resource.name");
  }
  CHECK(of_files({""}) == "oms.resource");
  CHECK(of_files({std::string(5000, 'a')}) == "oms.resource.name");
  CHECK(of_files({"..a", "a/...", "a:0:1", "a\\\\b", "\\u00e4"}).empty());
}

TEST_CASE("the dot names a single file and only stands alone") {
  CHECK(of_files({"."}).empty());
  CHECK(of_files({".", "a"}) == "oms.resource.name");
  CHECK(of_shards({".:0:10", ".:10:12"}).empty());
}

TEST_CASE("a file is listed once") {
  CHECK(of_files({"a", "a"}) == "oms.resource.duplicate");
  CHECK(of_files({"\\u0061", "a"}) == "oms.resource.duplicate");
  CHECK(of_shards({"a:0:5", "a:0:5"}) == "oms.resource.duplicate");
}

TEST_CASE("both orders of files are taken, and another one is odd") {
  CHECK(of_files({"a-b/x", "a.txt", "a/x"}).empty());
  CHECK(of_files({"a/x", "a-b/x", "a.txt"}).empty());
  CHECK(of_files({"b", "a"}) == "oms.unsorted");
  CHECK(of_shards({"a:0:10", "a:10:20", "a:20:30"}).empty());
  CHECK(of_shards({"a:10:20", "a:0:10"}) == "oms.unsorted");
}

TEST_CASE("shards tile a file from its front, all but the last of the whole size") {
  CHECK(of_shards({"a:0:10", "a:10:13", "b:0:1"}).empty());
  CHECK(of_shards({"a:1:10"}) == "oms.shard");
  CHECK(of_shards({"a:0:10", "a:11:20"}) == "oms.shard");
  CHECK(of_shards({"a:0:10", "a:5:15"}) == "oms.shard");
  CHECK(of_shards({"a:0:9", "a:9:19"}) == "oms.shard");
  CHECK(of_shards({"a:0:20"}) == "oms.shard");
}

TEST_CASE("the name of a shard has two numbers in their plain spelling") {
  for (const char* name : {"a", "a:0", ":", "::", "a:0:", "a::1", "a:00:1", "a:0:+1", "a:5:5",
                           "a:6:5", "a:-1:5", "a:0:99999999999999999999", "../a:0:1", ":0:1"}) {
    CAPTURE(name);
    CHECK(of_shards({name}) == "oms.resource.name");
  }
  CHECK(parse_shard_name("a:b:0:7")->path == "a:b");
  CHECK(parse_shard_name("a:3:7")->shard == Shard{3, 7});
}

TEST_CASE("the size of shards is whole and above nothing") {
  const std::string shards = R"("method":"shards","hash_type":"sha256","allow_symlinks":false)";
  const std::string one = resource("a:0:3");
  for (const char* size : {"", R"(,"shard_size":0)", R"(,"shard_size":-10)", R"(,"shard_size":0.5)",
                           R"(,"shard_size":"10")"}) {
    CHECK(problem(statement(one, shards + size, 1)) == "oms.shard-size");
  }
  CHECK(problem(statement(one, shards + R"(,"shard_size":10.0)", 1)).empty());
}

TEST_CASE("the algorithm of a resource is that of the manifest") {
  const auto of = [](const std::string& name, const std::string& algorithm,
                     const std::string& serialization) {
    return problem(statement(resource(name, algorithm), serialization, 1));
  };
  CHECK(of("a:0:3", "sha256-sharded-10", kShards).empty());
  CHECK(of("a:0:3", "sha256-sharded-11", kShards) == "oms.resource.algorithm");
  CHECK(of("a", "sha256-sharded-10", kFiles) == "oms.resource.algorithm");
  CHECK(of("a", "blake3", kFiles) == "oms.resource.algorithm");
  CHECK(of("a", "", kFiles) == "oms.resource.algorithm");
}

TEST_CASE("a digest is lower-case hex of the right size") {
  for (const std::string& digest : {std::string(), std::string(62, '1'), std::string(66, '1'),
                                    std::string(64, 'A'), std::string(64, 'g')}) {
    CHECK(problem(statement(resource("a", "sha256", digest), kFiles, 1)) == "oms.resource.digest");
  }
}

TEST_CASE("what is ignored is a path below the model, and nothing that is listed") {
  const auto with = [](const std::string& paths) {
    return problem(statement(resource("d/a"), kFiles + R"(,"ignore_paths":)" + paths, 1));
  };
  CHECK(with("[]").empty());
  CHECK(with(R"([".git","d/b","d/a/c","x/"])").empty());
  for (const char* path :
       {".", "..", "../x", "/", "/etc", "*.bin", "x/?", "[ab]", "", "d", "d/a"}) {
    CAPTURE(path);
    CHECK(with(std::string(R"([")") + path + R"("])") == "oms.ignore-path");
  }
  CHECK(with(R"("x")") == "oms.serialization");
  CHECK(with("[1]") == "oms.serialization");
}

TEST_CASE("each part of a statement that a manifest needs is asked for") {
  const std::string good = statement(resource("a"), kFiles, 1);
  CHECK(problem(good).empty());
  const auto without = [&](const std::string& part, const std::string& other) {
    std::string changed = good;
    changed.replace(changed.find(part), part.size(), other);
    return problem(changed);
  };
  CHECK(without(R"("subject":[{"name":"m")", R"("subject":[{"name":"")") == "oms.subject");
  CHECK(without(R"("sha256":)", R"("sha512":)") == "oms.subject");
  CHECK(without("Statement/v1", "Statement/v0.1") == "statement.type");
  CHECK(without("Statement/v1", "Statement/v2") == "statement.type");
  CHECK(without(R"("serialization":{)", R"("other":{)") == "oms.serialization");
  CHECK(without(R"("allow_symlinks":false)", R"("allow_symlinks":"false")") == "oms.serialization");
  CHECK(without(R"("method":"files")", R"("method":"tensors")") == "oms.method");
  CHECK(without(R"("hash_type":"sha256")", R"("hash_type":"sha1")") == "oms.hash-type");
  CHECK(without(R"("resources":)", R"("files":)") == "oms.resource");
  CHECK(problem(statement("", kFiles, 0)) == "oms.empty");
  CHECK(problem(statement(resource("a"), kFiles, 2)) == "oms.root-digest");
  CHECK(problem("[]") == "statement.parse");
  CHECK(problem("{}") == "statement.parse");
}

TEST_CASE("the layout of model_signing 0.2 is taken on demand") {
  const std::string payload =
      R"({"_type":"https://in-toto.io/Statement/v1","predicateType":"https://model_signing/Digests/v0.1",)"
      R"("subject":[{"name":"a","digest":{"sha256":")" +
      kDigest + R"("}},{"name":"b","digest":{"sha256":")" + kDigest +
      R"("}}],"predicate":{"unused":""}})";
  CHECK(problem(payload) == "oms.predicate-type");
  CHECK(problem(payload, true) == "oms.layout");
  std::string twice = payload;
  twice.replace(twice.find(R"("name":"b")"), 10, R"("name":"a")");
  CHECK(problem(twice, true) == "oms.resource.duplicate");
}

TEST_CASE("many resources that fail alike make one check") {
  Checks checks;
  parse_manifest(as_bytes(statement(resource("/a") + ',' + resource("/b"), kFiles, 2)), false,
                 checks);
  REQUIRE(checks.first_failure() != nullptr);
  CHECK(checks.first_failure()->message.ends_with("(and 1 more)"));
}

TEST_CASE("a set of paths covers what lies below them") {
  const std::vector<std::string> paths = {"a/b", ".git"};
  const PathSet set(paths);
  CHECK(set.covers("a/b"));
  CHECK(set.covers("a/b/c/d"));
  CHECK(set.covers(".git/config"));
  CHECK_FALSE(set.covers("a"));
  CHECK_FALSE(set.covers("a/bc"));
  CHECK_FALSE(set.covers("x/.git"));
  CHECK_FALSE(set.covers(".gitx"));
}
