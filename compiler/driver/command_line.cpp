// From argv to a command's action. CLI11 parses; its errors become one line and a hint.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <memory>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/driver/command.h"

namespace rulec {
namespace {

struct CommandLine {
  CLI::App app{"A compiler for typed rules over event streams.", "rulec"};
  std::map<const CLI::App*, Action> actions;
  bool version = false;
};

std::string ExamplesText(const Command& command) {
  std::string text = "Examples:\n";
  for (const Example& example : command.examples)
    text += fmt::format("  {}\n      {}\n", example.command, example.does);
  return text;
}

std::unique_ptr<CommandLine> MakeCommandLine() {
  auto line = std::make_unique<CommandLine>();
  line->app.set_help_flag("-h,--help", "print this help");
  line->app.add_flag("--version", line->version, "print the version");
  line->app.footer("`rulec help COMMAND` tells flags and examples.");
  for (const Command& command : Commands()) {
    CLI::App* sub = line->app.add_subcommand(std::string(command.name), std::string(command.summary));
    sub->footer(ExamplesText(command));
    line->actions[sub] = command.add(*sub);
  }
  line->app.require_subcommand(0, 1);
  return line;
}

std::string NearestCommand(std::string_view word) {
  std::vector<std::string> names;
  for (const Command& command : Commands()) names.emplace_back(command.name);
  return NearestName(word, names);
}

// The command that argv names, or "".
std::string_view NamedCommand(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    for (const Command& command : Commands()) {
      if (command.name == argv[i]) return command.name;
    }
  }
  return "";
}

ExitCode UsageErrorOf(const CLI::ParseError& error, int argc, const char* const* argv) {
  const std::string_view command = NamedCommand(argc, argv);
  if (command.empty() && argc > 1 && argv[1][0] != '-') {
    const std::string near = NearestCommand(argv[1]);
    return UsageError(fmt::format("there is no command `{}`", argv[1]),
                      near.empty() ? "`rulec help` lists the commands" : fmt::format("did you mean `rulec {}`?", near));
  }
  std::string message = error.what();
  if (const size_t end = message.find('\n'); end != std::string::npos) message.resize(end);
  return UsageError(message, command.empty() ? "`rulec help` lists the commands"
                                             : fmt::format("`rulec help {}` tells its flags, with examples", command));
}

}  // namespace

void Complain(std::string_view message, std::string_view hint) {
  std::string text = fmt::format("error: {}\n", message);
  if (!hint.empty()) text += fmt::format("help: {}\n", hint);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

ExitCode UsageError(std::string_view message, std::string_view hint) {
  Complain(message, hint);
  return ExitCode::Usage;
}

std::string HelpText() { return MakeCommandLine()->app.help(); }

std::string HelpText(std::string_view command) {
  const auto line = MakeCommandLine();
  for (const CLI::App* sub : line->app.get_subcommands([](const CLI::App*) { return true; })) {
    if (sub->get_name() != command) continue;
    const bool has_commands = !sub->get_subcommands([](const CLI::App*) { return true; }).empty();
    return sub->help("rulec", has_commands ? CLI::AppFormatMode::All : CLI::AppFormatMode::Normal);
  }
  return "";
}

ExitCode RunCommandLine(int argc, const char* const* argv) {
  const auto line = MakeCommandLine();
  try {
    line->app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const std::string_view command = NamedCommand(argc, argv);
    std::fputs((command.empty() ? HelpText() : HelpText(command)).c_str(), stdout);
    return ExitCode::Done;
  } catch (const CLI::ParseError& error) {
    return UsageErrorOf(error, argc, argv);
  }
  for (const CLI::App* sub : line->app.get_subcommands()) return line->actions.at(sub)();
  if (line->version) {
    std::puts("rulec " RULEC_VERSION);
    return ExitCode::Done;
  }
  std::fputs(line->app.help().c_str(), stderr);
  return ExitCode::Usage;
}

}  // namespace rulec
