// The reader of our own reports: the one place that uses simdjson here.
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "sbom/fact_summary.h"
#include "sbom/json_report.h"
#include "sbom/report.h"

namespace assay {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kMaxReportSize = std::size_t{1} << 30;
constexpr std::size_t kMaxDepth = 1'000;

// Takes typed members out of JSON objects. The first member that is missing or
// of another type sets a sticky error; from then on everything reads as empty.
class Reader {
 public:
  void complain(std::string_view what, std::string_view name) {
    if (error_) return;
    error_ = ParseError{ParseErrc::malformed, 0,
                        "report: '" + std::string(name) + "' is not " + std::string(what)};
  }
  const std::optional<ParseError>& error() const { return error_; }

  bool has(const dom::object& in, std::string_view name) const {
    return !error_ && in.at_key(name).error() == simdjson::SUCCESS;
  }
  template <typename T>
  T get(const dom::object& in, std::string_view name, std::string_view what) {
    T value{};
    if (error_ || in.at_key(name).get(value) != simdjson::SUCCESS) complain(what, name);
    return value;
  }
  std::string text(const dom::object& in, std::string_view name) {
    return std::string(get<std::string_view>(in, name, "a text"));
  }
  std::uint64_t number(const dom::object& in, std::string_view name) {
    return get<std::uint64_t>(in, name, "a whole number");
  }

  template <typename Visit>
  void each(const dom::object& in, std::string_view name, Visit visit) {
    dom::array items;
    if (error_ || in.at_key(name).get(items) != simdjson::SUCCESS) {
      return complain("an array", name);
    }
    for (const dom::element item : items) {
      if (error_) return;
      visit(item);
    }
  }
  template <typename Visit>
  void each_object(const dom::object& in, std::string_view name, Visit visit) {
    each(in, name, [&](dom::element item) {
      dom::object object;
      if (item.get(object) != simdjson::SUCCESS) return complain("an array of objects", name);
      visit(object);
    });
  }
  // Visits the members of the object `name` of `in`.
  template <typename Visit>
  void each_member(const dom::object& in, std::string_view name, Visit visit) {
    dom::object members;
    if (error_ || in.at_key(name).get(members) != simdjson::SUCCESS) {
      return complain("an object", name);
    }
    for (const dom::key_value_pair member : members) {
      if (error_) return;
      visit(member.key, member.value);
    }
  }
  std::vector<std::string> texts(const dom::object& in, std::string_view name) {
    std::vector<std::string> out;
    each(in, name, [&](dom::element item) { out.push_back(as_text(item, name)); });
    return out;
  }
  // Calls `visit(key, value)` for what write_groups wrote.
  template <typename Visit>
  void groups(const dom::object& in, std::string_view name, Visit visit) {
    each_member(in, name, [&](std::string_view key, dom::element value) {
      dom::array values;
      if (value.get(values) != simdjson::SUCCESS)
        return visit(std::string(key), as_text(value, name));
      for (const dom::element item : values) visit(std::string(key), as_text(item, name));
    });
  }
  std::string as_text(dom::element item, std::string_view name) {
    std::string_view text;
    if (item.get(text) != simdjson::SUCCESS) complain("of texts", name);
    return std::string(text);
  }

 private:
  std::optional<ParseError> error_;
};

template <typename E, typename Find>
E word(Reader& reader, const dom::object& in, std::string_view name, Find find) {
  E value{};
  if (!find(reader.text(in, name), value)) reader.complain("a known word", name);
  return value;
}

bool call_kind_from(std::string_view text, CallKind& kind) {
  for (int i = 0; i <= static_cast<int>(CallKind::method); ++i) {
    kind = static_cast<CallKind>(i);
    if (to_string(kind) == text) return true;
  }
  return false;
}

bool verdict_from(std::string_view text, Verdict& verdict) {
  for (const Verdict known : {Verdict::pass, Verdict::fail, Verdict::incomplete}) {
    verdict = known;
    if (to_string(known) == text) return true;
  }
  return false;
}

FactValue read_call(Reader& in, const dom::object& call) {
  Call out;
  out.kind = word<CallKind>(in, call, "kind", call_kind_from);
  out.expression = in.text(call, "expression");
  return out;
}
FactValue read_code(Reader& in, const dom::object& code) {
  return CodeBlob{in.text(code, "language"), in.text(code, "text")};
}
FactValue read_reference(Reader& in, const dom::object& reference) {
  return Reference{in.text(reference, "kind"), in.text(reference, "target")};
}
FactValue read_embedded(Reader& in, const dom::object& embedded) {
  return Embedded{in.text(embedded, "format")};
}
FactValue read_anomaly(Reader& in, const dom::object& anomaly) {
  return Anomaly{in.text(anomaly, "code"), in.text(anomaly, "detail")};
}
FactValue read_match(Reader& in, const dom::object& match) {
  return Match{in.text(match, "rule"), in.text(match, "excerpt"), in.text(match, "severity"),
               in.text(match, "description")};
}
FactValue read_signature(Reader& in, const dom::object& signature) {
  return Signature{in.text(signature, "kind"), in.text(signature, "state"),
                   in.text(signature, "signer")};
}

struct FactList {
  std::string_view name;
  FactValue (*read)(Reader& in, const dom::object& item);
};
constexpr std::array<FactList, 7> kFactLists{{{"calls", read_call},
                                              {"code", read_code},
                                              {"references", read_reference},
                                              {"embedded", read_embedded},
                                              {"anomalies", read_anomaly},
                                              {"matches", read_match},
                                              {"signatures", read_signature}}};

TensorTotals read_tensor_totals(Reader& in, const dom::object& totals) {
  return {in.number(totals, "count"), in.number(totals, "parameters"), in.number(totals, "bytes")};
}

FactTotals read_totals(Reader& in, const dom::object& facts) {
  FactTotals totals;
  if (in.has(facts, "tensors")) {
    const auto tensors = in.get<dom::object>(facts, "tensors", "an object");
    totals.tensors = read_tensor_totals(in, tensors);
    in.each_member(tensors, "by_dtype", [&](std::string_view dtype, dom::element count) {
      dom::object object;
      if (count.get(object) != simdjson::SUCCESS) return in.complain("of objects", "by_dtype");
      totals.tensors_by_dtype[std::string(dtype)] = read_tensor_totals(in, object);
    });
  }
  if (in.has(facts, "members")) {
    const auto members = in.get<dom::object>(facts, "members", "an object");
    totals.members = {in.number(members, "count"), in.number(members, "stored_size"),
                      in.number(members, "size")};
  }
  if (in.has(facts, "left_out")) {
    in.each_member(facts, "left_out", [&](std::string_view list, dom::element count) {
      std::uint64_t number = 0;
      if (count.get(number) != simdjson::SUCCESS) in.complain("of whole numbers", "left_out");
      totals.left_out[std::string(list)] = number;
    });
  }
  return totals;
}

void read_facts(Reader& in, const dom::object& facts, Artifact& artifact) {
  artifact.totals = read_totals(in, facts);
  if (in.has(facts, "metadata")) {
    in.groups(facts, "metadata", [&](std::string key, std::string value) {
      artifact.facts.push_back({0, 0, Metadata{std::move(key), std::move(value)}});
    });
  }
  for (const FactList& list : kFactLists) {
    if (!in.has(facts, list.name)) continue;
    in.each_object(facts, list.name, [&](const dom::object& item) {
      artifact.facts.push_back(
          {in.number(item, "offset"), in.number(item, "size"), list.read(in, item)});
    });
  }
}

bool is_sha256_or_empty(std::string_view text) {
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.empty() || (text.size() == 64 && std::all_of(text.begin(), text.end(), is_hex));
}

// All of an artifact but its members.
Artifact read_own(Reader& in, const dom::object& object) {
  Artifact artifact;
  artifact.path = in.text(object, "path");
  artifact.size = in.number(object, "size");
  artifact.sha256 = in.text(object, "sha256");
  if (!is_sha256_or_empty(artifact.sha256)) in.complain("a SHA-256 in lower-case hex", "sha256");
  artifact.format = in.text(object, "format");
  artifact.formats = in.texts(object, "formats");
  artifact.status = word<Status>(in, object, "status", status_from);
  artifact.left_out = artifact.status == Status::unscanned;
  in.each_object(object, "imports", [&](const dom::object& verdict) {
    artifact.imports.push_back(
        {{in.text(verdict, "module"), in.text(verdict, "name")}, in.text(verdict, "safety")});
  });
  read_facts(in, in.get<dom::object>(object, "facts", "an object"), artifact);
  return artifact;
}

// Reads `files` and, with a stack of its own, the members at every depth.
void read_artifacts(Reader& in, const dom::object& report, std::vector<Artifact>& files) {
  struct Level {
    dom::array::iterator next;
    dom::array::iterator end;
    std::vector<Artifact>* into;  // stays put: grows only while on top of the stack
  };
  std::vector<Level> stack;
  const auto descend = [&](const dom::object& object, const char* name, auto& into) {
    const auto items = in.get<dom::array>(object, name, "an array");
    if (!in.error()) stack.push_back({items.begin(), items.end(), &into});
  };
  descend(report, "files", files);
  while (!stack.empty() && !in.error()) {
    Level& top = stack.back();
    if (!(top.next != top.end)) {
      stack.pop_back();
      continue;
    }
    dom::object object;
    if ((*top.next).get(object) != simdjson::SUCCESS) return in.complain("of objects", "files");
    ++top.next;
    Artifact& artifact = top.into->emplace_back(read_own(in, object));
    descend(object, "members", artifact.members);
  }
}

std::vector<Finding> read_findings(Reader& in, const dom::object& report, std::string_view name) {
  std::vector<Finding> findings;
  in.each_object(report, name, [&](const dom::object& object) {
    Finding& finding = findings.emplace_back();
    finding.rule = in.text(object, "rule");
    finding.severity = word<Severity>(in, object, "severity", severity_from);
    finding.title = in.text(object, "title");
    finding.message = in.text(object, "message");
    finding.path = in.text(object, "path");
    finding.offset = in.number(object, "offset");
    finding.size = in.number(object, "size");
    in.groups(object, "evidence", [&](std::string key, std::string value) {
      finding.evidence.push_back({std::move(key), std::move(value)});
    });
    finding.fix = in.text(object, "fix");
    finding.references = in.texts(object, "references");
    finding.fingerprint = in.text(object, "fingerprint");
  });
  return findings;
}

std::vector<Gap> read_gaps(Reader& in, const dom::object& report) {
  std::vector<Gap> gaps;
  in.each_object(report, "gaps", [&](const dom::object& object) {
    gaps.push_back({.path = in.text(object, "path"),
                    .reason = word<ParseErrc>(in, object, "reason", parse_errc_from),
                    .message = in.text(object, "message"),
                    .offset = in.number(object, "offset")});
  });
  return gaps;
}

void read_head(Reader& in, const dom::object& report, ScanResult& result) {
  const auto tool = in.get<dom::object>(report, "tool", "an object");
  result.tool = {in.text(tool, "name"), in.text(tool, "version"), in.text(tool, "rules_digest"),
                 in.text(tool, "sandbox")};
  const auto source = in.get<dom::object>(report, "source", "an object");
  result.source = {in.text(source, "uri"), in.text(source, "kind"), in.text(source, "revision")};
  result.verdict = word<Verdict>(in, report, "verdict", verdict_from);
  const std::uint64_t exit_code = in.number(report, "exit_code");
  if (exit_code > 255) in.complain("an exit code", "exit_code");
  result.exit_code = static_cast<int>(exit_code & 0xFF);
}

void read_summary(Reader& in, const dom::object& report, Summary& summary) {
  const auto object = in.get<dom::object>(report, "summary", "an object");
  summary.files = in.number(object, "files");
  summary.members = in.number(object, "members");
  summary.bytes_total = in.number(object, "bytes_total");
  summary.bytes_read = in.number(object, "bytes_read");
  summary.gaps = in.number(object, "gaps");
  const auto findings = in.get<dom::object>(object, "findings", "an object");
  for (std::size_t i = 0; i < std::size(summary.findings); ++i) {
    summary.findings[i] = in.number(findings, to_string(static_cast<Severity>(i)));
  }
}

Parsed<ScanResult> read_object(const dom::object& report) {
  Reader in;
  const std::string version = in.text(report, "schema_version");
  if (in.error()) return std::unexpected(*in.error());
  if (!version.starts_with("1.")) {
    return fail(ParseErrc::unsupported, 0, "report: schema version is not 1.x");
  }
  ScanResult result;
  read_head(in, report, result);
  read_summary(in, report, result.summary);
  read_artifacts(in, report, result.files);
  result.findings = read_findings(in, report, "findings");
  result.gaps = read_gaps(in, report);
  result.suppressed = read_findings(in, report, "suppressed");
  if (in.error()) return std::unexpected(*in.error());
  return result;
}

}  // namespace

Parsed<ScanResult> read_report(std::string_view json) {
  if (json.size() > kMaxReportSize) {
    return fail(ParseErrc::over_budget, kMaxReportSize, "report: larger than 1 GiB");
  }
  if (json.empty()) return fail(ParseErrc::malformed, 0, "report: empty");
  dom::parser parser{kMaxReportSize};
  simdjson::error_code error = parser.allocate(json.size(), kMaxDepth);
  dom::element root;
  if (!error) error = parser.parse(json.data(), json.size()).get(root);
  if (error == simdjson::DEPTH_ERROR) {
    return fail(ParseErrc::over_budget, 0, "report: nested deeper than 1,000");
  }
  if (error) {
    return fail(ParseErrc::malformed, 0, std::string("report: ") + simdjson::error_message(error));
  }
  dom::object report;
  if (root.get(report) != simdjson::SUCCESS) {
    return fail(ParseErrc::malformed, 0, "report: not a JSON object");
  }
  return read_object(report);
}

}  // namespace assay
