#include "scanner/cli/arguments.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string_view>
#include <thread>

#include "scanner/cli/policy_options.h"
#include "scanner/cli/verify_options.h"
#include "scanner/log.h"

namespace assay::cli {
namespace {

constexpr std::array<std::string_view, 11> kCommands{"scan",    "inspect", "convert",       "rules",
                                                     "explain", "verify",  "verify-bundle", "sign",
                                                     "policy",  "doctor",  "version"};

// The raw words, before they are checked against each other.
struct Words {
  std::string format = "text";
  std::vector<std::string> outputs;
  std::string fail_on = "high";
  std::string color = "auto";
  std::string files_from;
  bool null_separated = false;
  std::uint64_t timeout = 0;
  bool no_hash = false;
  bool no_progress = false;
  bool no_sandbox = false;
  std::uint64_t max_memory = WorkerOptions{}.max_memory;
  bool accepted = false;  // flags that ask for what this version does anyway
};

ReportFormat format_of(const std::string& word) {
  const auto format = report_format_from(word);
  if (!format) throw CLI::ValidationError("--format", "unknown format: " + word);
  return *format;
}

std::string report_format_words() {
  std::string words;
  for (const char* word : {"text", "json", "jsonl", "sarif", "cyclonedx", "cyclonedx-1.6", "spdx",
                           "html", "markdown", "junit", "github", "gitlab"}) {
    if (report_format_from(word)) words += (words.empty() ? "" : ", ") + std::string(word);
  }
  return words;
}

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

void read_files_from(const Words& words, Arguments& arguments) {
  if (words.files_from.empty()) return;
  std::ifstream file;
  if (words.files_from != "-") {
    file.open(words.files_from, std::ios::binary);
    if (!file) throw CLI::ValidationError("--files-from", words.files_from + ": cannot be read");
  }
  std::istream& in = words.files_from == "-" ? std::cin : file;
  std::string name;
  while (std::getline(in, name, words.null_separated ? '\0' : '\n')) {
    if (!name.empty()) arguments.sources.push_back(name);
  }
}

void check(const Words& words, Arguments& arguments) {
  arguments.outputs.push_back({format_of(words.format), std::nullopt});
  for (const std::string& output : words.outputs) {
    const std::size_t equals = output.find('=');
    if (equals == std::string::npos || equals + 1 == output.size()) {
      throw CLI::ValidationError("--output", "expected FORMAT=FILE, got " + output);
    }
    arguments.outputs.push_back({format_of(output.substr(0, equals)), output.substr(equals + 1)});
  }
  Severity severity{};
  arguments.scan.verdict.fail_on =
      severity_from(words.fail_on, severity) ? std::optional(severity) : std::nullopt;
  arguments.color = words.color == "always"  ? ColorChoice::always
                    : words.color == "never" ? ColorChoice::never
                                             : ColorChoice::automatic;
  if (words.timeout > 0) arguments.scan.timeout = std::chrono::seconds(words.timeout);
  arguments.scan.examine.hash = !words.no_hash;
  if (!words.no_sandbox) arguments.scan.workers.emplace().max_memory = words.max_memory;
  // A worker with its rules loaded takes half of that.
  if (words.max_memory < (std::uint64_t{64} << 20)) {
    throw CLI::ValidationError("--max-memory", "at least 64 MiB");
  }
  arguments.progress = !words.no_progress && !arguments.quiet;
  read_files_from(words, arguments);
}

void require_sources(const Arguments& arguments) {
  const bool needed = arguments.command == Command::scan || arguments.command == Command::inspect;
  if (needed && arguments.sources.empty()) throw CLI::RequiredError("a source to look at");
}

// The words with `scan` put in front when no command is named.
std::vector<std::string> with_command(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  const auto named = [](const std::string& word) {
    return std::find(kCommands.begin(), kCommands.end(), word) != kCommands.end();
  };
  const bool help =
      !words.empty() && (words[0] == "-h" || words[0] == "--help" || words[0] == "--version");
  if (!words.empty() && !named(words[0]) && !help) words.insert(words.begin(), "scan");
  std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
  return words;
}

struct Subcommands {
  CLI::App* scan;
  CLI::App* inspect;
  CLI::App* convert;
  CLI::App* list;
  CLI::App* show;
  CLI::App* test;
  CLI::App* explain;
  CLI::App* verify;
  CLI::App* verify_bundle;
  CLI::App* sign;
  CLI::App* policy_check;
  CLI::App* policy_init;
  CLI::App* doctor;
  CLI::App* version;

  Command chosen() const {
    const std::array<std::pair<CLI::App*, Command>, 13> table{
        {{inspect, Command::inspect},
         {convert, Command::convert},
         {list, Command::rules_list},
         {show, Command::rules_show},
         {test, Command::rules_test},
         {explain, Command::explain},
         {verify, Command::verify},
         {verify_bundle, Command::verify_bundle},
         {sign, Command::sign},
         {policy_check, Command::policy_check},
         {policy_init, Command::policy_init},
         {doctor, Command::doctor},
         {version, Command::version}}};
    for (const auto& [app, command] : table) {
      if (app->parsed()) return command;
    }
    return Command::scan;
  }
};

Subcommands add_commands(CLI::App& app, Words& words, Arguments& arguments) {
  Subcommands sub{};
  sub.scan = app.add_subcommand("scan", "Say what loading would do (the default command)");
  add_source_options(*sub.scan, words, arguments);
  add_output_options(*sub.scan, words, arguments);
  add_required_signer_options(*sub.scan, arguments);
  add_attest_options(*sub.scan, arguments.attest);
  add_verdict_options(*sub.scan, words, arguments);
  add_policy_options(*sub.scan, arguments.policy);
  add_rule_options(*sub.scan, arguments);
  sub.inspect = app.add_subcommand("inspect", "Show what is in a file, without judging");
  add_source_options(*sub.inspect, words, arguments);
  add_output_options(*sub.inspect, words, arguments);
  add_inspect_options(*sub.inspect, arguments);
  sub.convert = app.add_subcommand("convert", "Render a saved JSON report in another format");
  sub.convert->add_option("report", arguments.sources, "JSON report, or - for standard input")
      ->required()
      ->expected(1);
  add_output_options(*sub.convert, words, arguments);
  CLI::App* rules = app.add_subcommand("rules", "List, show or test the rules");
  rules->require_subcommand(1);
  sub.list = rules->add_subcommand("list", "One line a rule");
  sub.show = rules->add_subcommand("show", "Everything about one rule");
  sub.show->add_option("id", arguments.rule_id, "For example PKL-EXEC-001")->required();
  sub.test = rules->add_subcommand("test", "Run every rule over its own samples");
  for (CLI::App* app_with_rules : {sub.list, sub.show, sub.test}) {
    add_rule_options(*app_with_rules, arguments);
  }
  sub.explain = app.add_subcommand("explain", "Why a rule matters and what to do");
  sub.explain->add_option("rule", arguments.rule_id, "Rule id")->required();
  add_rule_options(*sub.explain, arguments);
  sub.verify = app.add_subcommand("verify", "Check who signed a model, and what is covered");
  add_verify_options(*sub.verify, arguments);
  sub.verify_bundle = app.add_subcommand("verify-bundle", "Check a Sigstore bundle of one file");
  add_verify_bundle_options(*sub.verify_bundle, arguments);
  sub.sign = app.add_subcommand("sign", "Sign a model (OpenSSF Model Signing 1.0)");
  add_sign_options(*sub.sign, arguments);
  for (CLI::App* telling : {sub.verify, sub.verify_bundle}) {
    telling->add_flag("-v,--verbose", arguments.verbose, "Every check and every file");
    telling->add_option("--color", words.color, "Colour in text: auto, always, never")
        ->check(CLI::IsMember({"auto", "always", "never"}));
  }
  for (CLI::App* reading : {sub.verify, sub.verify_bundle, sub.sign}) {
    add_memory_option(*reading, words);
    reading->add_flag("--no-sandbox", words.no_sandbox, "Read files in this process, unprotected");
  }
  const PolicyCommands policy = add_policy_commands(app, arguments);
  sub.policy_check = policy.check;
  sub.policy_init = policy.init;
  add_rule_options(*sub.policy_check, arguments);
  sub.doctor = app.add_subcommand("doctor", "What protects this machine from the files it scans");
  sub.doctor->add_flag("--self-test", arguments.self_test,
                       "Let a worker try what hostile code would try");
  sub.doctor->add_flag("--json", arguments.json, "As JSON");
  add_memory_option(*sub.doctor, words);
  sub.version = app.add_subcommand("version", "Version of the program and digest of its rules");
  sub.version->add_flag("--json", arguments.json, "As JSON");
  return sub;
}

}  // namespace

ParsedArguments parse_arguments(int argc, char** argv) {
  Arguments arguments;
  arguments.scan.jobs = std::max(1U, std::thread::hardware_concurrency());
  Words words;
  CLI::App app("Assay reads model files without running them and says what loading them would do.",
               "assay");
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 nothing found, 1 findings, 2 not everything could be examined,\n"
      "3 nothing to scan, 4 wrong usage, 130 interrupted.");
  const Subcommands sub = add_commands(app, words, arguments);
  try {
    app.parse(with_command(argc, argv));
    arguments.command = sub.chosen();
    check(words, arguments);
    require_sources(arguments);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return {std::nullopt, app.exit(error)};  // --help
    log::error(std::string(error.what()) + " (try: assay --help)");
    return {std::nullopt, kExitUsage};
  }
  return {std::move(arguments), 0};
}

}  // namespace assay::cli
