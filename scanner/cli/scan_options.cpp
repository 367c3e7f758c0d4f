#include "scanner/cli/scan_options.h"

#include <CLI/CLI.hpp>

namespace assay::cli {
namespace {

std::string report_format_words() {
  std::string words;
  for (const char* word : {"text", "json", "jsonl", "sarif", "cyclonedx", "cyclonedx-1.6", "spdx",
                           "html", "markdown", "junit", "github", "gitlab"}) {
    if (report_format_from(word)) words += (words.empty() ? "" : ", ") + std::string(word);
  }
  return words;
}

}  // namespace

void add_output_options(CLI::App& app, Words& words, Arguments& arguments) {
  app.add_option("-f,--format", words.format, "Report on standard output: " + report_format_words())
      ->type_name("FORMAT");
  app.add_option("-o,--output", words.outputs, "Also write a report to a file; may be repeated")
      ->type_name("FORMAT=FILE")
      ->allow_extra_args(false);
  app.add_option("--color", words.color, "Colour in text: auto, always, never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  app.add_flag("-q,--quiet", arguments.quiet, "Only findings and what was not examined");
  app.add_flag("-v,--verbose", arguments.verbose, "Every file and every fact");
}

void add_rule_options(CLI::App& app, Arguments& arguments) {
  app.add_option("--rules", arguments.rule_directories, "Rules added to the built-in ones")
      ->type_name("DIR")
      ->allow_extra_args(false);
}

void add_memory_option(CLI::App& app, Words& words) {
  app.add_option("--max-memory", words.max_memory, "Memory of each worker process")
      ->transform(CLI::AsSizeValue(false));
}

void add_source_options(CLI::App& app, Words& words, Arguments& arguments) {
  app.add_option("sources", arguments.sources, "Files, directories, or - for standard input");
  app.add_option("--files-from", words.files_from, "Read sources from a file, one a line")
      ->type_name("FILE");
  app.add_flag("-0,--null", words.null_separated, "Names in --files-from end with a NUL");
  app.add_option("--include", arguments.selection.include, "Look only at files that match")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  app.add_option("--exclude", arguments.selection.exclude, "Leave out files that match")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  app.add_option("-j,--jobs", arguments.scan.jobs, "Files examined at a time")
      ->check(CLI::Range(1, 1024));
  app.add_option("--timeout", words.timeout, "Seconds for one file (by its size if not given)")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--max-depth", arguments.scan.examine.limits.depth, "Archives inside archives")
      ->check(CLI::Range(1, 256));
  app.add_option("--max-expanded", arguments.scan.examine.limits.expanded_bytes,
                 "Bytes one file may expand to")
      ->transform(CLI::AsSizeValue(false));
  add_memory_option(app, words);
  app.add_flag("--no-hash", words.no_hash, "Do not compute SHA-256");
  app.add_flag("--no-progress", words.no_progress, "No progress line on standard error");
  app.add_flag("--offline", words.accepted, "Never use the network (this version never does)");
  app.add_flag("--no-cache", words.accepted, "Keep no results (this version keeps none)");
  app.add_flag("--no-sandbox", words.no_sandbox, "Read files in this process, unprotected");
}

void add_verdict_options(CLI::App& app, Words& words, Arguments& arguments) {
  app.add_option("--fail-on", words.fail_on, "Exit 1 for findings of this severity or above")
      ->check(CLI::IsMember({"none", "low", "medium", "high", "critical"}));
  app.add_flag("--allow-incomplete", arguments.scan.verdict.allow_incomplete,
               "Exit 0 even if something could not be examined");
}

void add_inspect_options(CLI::App& app, Arguments& arguments) {
  InspectOptions& inspect = arguments.inspect;
  app.add_flag("--json", arguments.json, "One JSON document (docs/inspect.schema.json)");
  app.add_option("--member", inspect.member, "Only this member: archive/data.pkl, a.zip!/b.pkl")
      ->type_name("PATH");
  app.add_flag("--opcodes,!--no-opcodes", inspect.opcodes, "List the opcodes of pickles");
  app.add_option("--from", inspect.from, "List opcodes from this offset on")->type_name("OFFSET");
  app.add_option("--limit", inspect.limit, "List at most so many opcodes of a pickle, 0 for all")
      ->capture_default_str();
}

}  // namespace assay::cli
