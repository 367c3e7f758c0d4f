#include <utility>
#include <variant>

#include "sbom/json_facts.h"
#include "sbom/json_writer.h"
#include "scanner/cli/inspect.h"

namespace assay::cli {
namespace {

using sbom::JsonWriter;

constexpr std::string_view kSchemaVersion = "1.0";

// What one writer wrote, without the line feed and the `closing` brackets behind it.
std::string open_text(JsonWriter& out, std::string_view closing) {
  std::string text = out.take();
  text.resize(text.rfind(closing));
  return text;
}

void write_texts(JsonWriter& out, const char* name, const std::vector<std::string>& texts) {
  out.array(name);
  for (const std::string& text : texts) out.value(text);
  out.end_array();
}

void write_imports(JsonWriter& out, const Artifact& artifact) {
  out.array("imports");
  for (const Fact& fact : artifact.facts) {
    const auto* import = std::get_if<Import>(&fact.value);
    if (!import) continue;
    out.begin_object().member("module", import->module).member("name", import->name);
    out.member("offset", fact.offset).end_object();
  }
  out.end_array();
}

void write_gap(JsonWriter& out, ParseErrc reason, std::string_view message, std::uint64_t offset) {
  out.begin_object().member("reason", to_string(reason)).member("message", message);
  out.member("offset", offset).end_object();
}

}  // namespace

std::string InspectJson::begin(const ScanResult& result) {
  JsonWriter out{JsonWriter::Style::one_line};
  out.begin_object().member("schema_version", kSchemaVersion);
  out.object("tool").member("name", result.tool.name).member("version", result.tool.version);
  out.member("sandbox", result.tool.sandbox).end_object();
  out.array("artifacts").end_array().end_object();
  return open_text(out, "]}") + "\n";
}

std::string InspectJson::artifact(const Artifact& artifact, bool is_listed) {
  JsonWriter out{JsonWriter::Style::one_line};
  out.begin_object().member("path", artifact.path).member("size", artifact.size);
  out.member("sha256", artifact.sha256).member("format", artifact.format);
  write_texts(out, "formats", artifact.formats);
  write_imports(out, artifact);
  out.key("facts");
  sbom::write_facts(out, artifact);
  out.array("gaps");
  for (const Gap& gap : artifact.gaps) write_gap(out, gap.reason, gap.message, gap.offset);
  out.end_array().end_object();
  has_instruction_ = false;
  gaps_.clear();
  return std::string(std::exchange(has_artifact_, true) ? ",\n" : "") + open_text(out, "}") +
         (is_listed ? ",\"opcodes\":[\n" : "");
}

std::string InspectJson::instruction(const Fact& fact) {
  const Instruction& one = std::get<Instruction>(fact.value);
  JsonWriter out{JsonWriter::Style::one_line};
  out.begin_object().member("offset", fact.offset).member("size", fact.size);
  out.member("name", one.name).member("argument", one.argument).member("effect", one.effect);
  out.member("stack", one.stack).member("marks", one.marks).end_object();
  std::string text = std::exchange(has_instruction_, true) ? ",\n" : "";
  return text + open_text(out, "}") + "}";
}

std::string InspectJson::listing_gap(const ParseError& gap) {
  JsonWriter out{JsonWriter::Style::one_line};
  write_gap(out, gap.code, gap.message, gap.offset);
  if (!gaps_.empty()) gaps_ += ",";
  gaps_ += open_text(out, "}") + "}";
  return {};
}

std::string InspectJson::end_listing(bool stopped) {
  return "\n],\"opcodes_end\":{\"is_complete\":" +
         std::string(stopped || !gaps_.empty() ? "false" : "true") + ",\"gaps\":[" + gaps_ + "]}";
}

std::string InspectJson::end_artifact() { return "}"; }

std::string InspectJson::end() { return "\n]}\n"; }

}  // namespace assay::cli
