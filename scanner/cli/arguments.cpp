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
#include "scanner/cli/scan_options.h"
#include "scanner/cli/verify_options.h"
#include "scanner/log.h"

namespace assay::cli {
namespace {

constexpr std::array<std::string_view, 11> kCommands{"scan",    "inspect", "convert",       "rules",
                                                     "explain", "verify",  "verify-bundle", "sign",
                                                     "policy",  "doctor",  "version"};

ReportFormat format_of(const std::string& word) {
  const auto format = report_format_from(word);
  if (!format) throw CLI::ValidationError("--format", "unknown format: " + word);
  return *format;
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

// Adds the commands. Making an option costs as much as reading a small file: only a command
// whose name is among the arguments gets its own.
class CommandAdder {
 public:
  CommandAdder(const std::vector<std::string>& given, Words& words, Arguments& arguments)
      : given_(given), words_(words), arguments_(arguments) {}

  Subcommands add_to(CLI::App& app) {
    Subcommands sub{};
    add_scanning(app, sub);
    add_rules(app, sub);
    add_signing(app, sub);
    const PolicyCommands policy = add_policy_commands(app, arguments_);
    sub.policy_check = policy.check;
    sub.policy_init = policy.init;
    add_rule_options(*sub.policy_check, arguments_);
    sub.doctor =
        add(app, "doctor", "What protects this machine from the files it scans", [&](auto& doctor) {
          doctor.add_flag("--self-test", arguments_.self_test,
                          "Let a worker try what hostile code would try");
          doctor.add_flag("--json", arguments_.json, "As JSON");
          add_memory_option(doctor, words_);
        });
    sub.version =
        add(app, "version", "Version of the program and digest of its rules",
            [&](auto& version) { version.add_flag("--json", arguments_.json, "As JSON"); });
    return sub;
  }

 private:
  template <typename Fill>
  CLI::App* add(CLI::App& parent, const char* name, const char* description, Fill fill) {
    CLI::App* const command = parent.add_subcommand(name, description);
    if (std::ranges::find(given_, name) != given_.end()) fill(*command);
    return command;
  }

  void add_scanning(CLI::App& app, Subcommands& sub) {
    sub.scan = add(app, "scan", "Say what loading would do (the default command)", [&](auto& scan) {
      add_source_options(scan, words_, arguments_);
      add_output_options(scan, words_, arguments_);
      add_required_signer_options(scan, arguments_);
      add_attest_options(scan, arguments_.attest);
      add_verdict_options(scan, words_, arguments_);
      add_policy_options(scan, arguments_.policy);
      add_rule_options(scan, arguments_);
    });
    sub.inspect =
        add(app, "inspect", "Show what is in a file, without judging", [&](auto& inspect) {
          add_source_options(inspect, words_, arguments_);
          add_output_options(inspect, words_, arguments_);
          add_inspect_options(inspect, arguments_);
        });
    sub.convert =
        add(app, "convert", "Render a saved JSON report in another format", [&](auto& convert) {
          convert.add_option("report", arguments_.sources, "JSON report, or - for standard input")
              ->required()
              ->expected(1);
          add_output_options(convert, words_, arguments_);
        });
  }

  void add_rules(CLI::App& app, Subcommands& sub) {
    CLI::App* rules = app.add_subcommand("rules", "List, show or test the rules");
    rules->require_subcommand(1);
    sub.list = rules->add_subcommand("list", "One line a rule");
    sub.show = rules->add_subcommand("show", "Everything about one rule");
    sub.show->add_option("id", arguments_.rule_id, "For example PKL-EXEC-001")->required();
    sub.test = rules->add_subcommand("test", "Run every rule over its own samples");
    sub.explain = app.add_subcommand("explain", "Why a rule matters and what to do");
    sub.explain->add_option("rule", arguments_.rule_id, "Rule id")->required();
    for (CLI::App* app_with_rules : {sub.list, sub.show, sub.test, sub.explain}) {
      add_rule_options(*app_with_rules, arguments_);
    }
  }

  void add_signing(CLI::App& app, Subcommands& sub) {
    const auto add_telling = [this](CLI::App& command) {
      command.add_flag("-v,--verbose", arguments_.verbose, "Every check and every file");
      command.add_option("--color", words_.color, "Colour in text: auto, always, never")
          ->check(CLI::IsMember({"auto", "always", "never"}));
    };
    const auto add_reading = [this](CLI::App& command) {
      add_memory_option(command, words_);
      command.add_flag("--no-sandbox", words_.no_sandbox,
                       "Read files in this process, unprotected");
    };
    sub.verify =
        add(app, "verify", "Check who signed a model, and what is covered", [&](auto& verify) {
          add_verify_options(verify, arguments_);
          add_telling(verify);
          add_reading(verify);
        });
    sub.verify_bundle =
        add(app, "verify-bundle", "Check a Sigstore bundle of one file", [&](auto& verify) {
          add_verify_bundle_options(verify, arguments_);
          add_telling(verify);
          add_reading(verify);
        });
    sub.sign = add(app, "sign", "Sign a model (OpenSSF Model Signing 1.0)", [&](auto& sign) {
      add_sign_options(sign, arguments_);
      add_reading(sign);
    });
  }

  const std::vector<std::string>& given_;
  Words& words_;
  Arguments& arguments_;
};

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
  const std::vector<std::string> given = with_command(argc, argv);
  const Subcommands sub = CommandAdder(given, words, arguments).add_to(app);
  try {
    app.parse(std::vector(given));
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
