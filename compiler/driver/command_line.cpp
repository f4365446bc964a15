// From argv to a command's action. CLI11 parses; its errors become one line and a hint.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/driver/command.h"
#include "runtime/job/usage_message.h"

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

// Commands of docs that tell what is to come.
constexpr std::string_view kLaterCommands[] = {"diff", "rules", "lsp"};

ExitCode UnknownCommand(const std::string& name, const std::string& near) {
  const std::string hint =
      near.empty() ? "`rulec help` lists the commands" : fmt::format("did you mean `rulec {}`?", near);
  if (std::ranges::find(kLaterCommands, name) == std::end(kLaterCommands)) {
    return UsageError(fmt::format("there is no command `{}`", name), hint);
  }
  return UsageError(fmt::format("this version has no command `{}` yet", name), "`rulec help` lists those that it has");
}

// The flag of `app`, or of a command below it, that `flag` is most likely meant to be.
std::string NearestFlag(const CLI::App& app, const std::string& flag) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options([](const CLI::Option*) { return true; })) {
    if (option->get_group().empty()) continue;  // not to be found
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  std::string near = NearestName(flag, names);
  for (const CLI::App* sub : app.get_subcommands()) {
    if (near.empty()) near = NearestFlag(*sub, flag);
  }
  return near;
}

ExitCode UsageErrorOf(const CLI::App& app, const CLI::ParseError& error, int argc, const char* const* argv) {
  const std::string_view command = NamedCommand(argc, argv);
  if (command.empty() && argc > 1 && argv[1][0] != '-') return UnknownCommand(argv[1], NearestCommand(argv[1]));
  const std::string unknown = rulert::UnknownArgument(app);
  const bool needs_command = std::string_view(error.what()) == "A subcommand is required";
  if (needs_command && !unknown.empty() && unknown[0] != '-') {
    return UnknownCommand(fmt::format("{} {}", command, unknown), "");
  }
  const std::string near = unknown.starts_with("--") ? NearestFlag(app, unknown.substr(0, unknown.find('='))) : "";
  const std::string hint = !near.empty()     ? fmt::format("did you mean `{}`?", near)
                           : command.empty() ? "`rulec help` lists the commands"
                                             : fmt::format("`rulec help {}` tells its flags, with examples", command);
  return UsageError(rulert::UsageMessage(app, error), hint);
}

// The first argument that was given as "", of those that mean something only with a value.
std::string EmptyArgument(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options([](const CLI::Option*) { return true; })) {
    const std::string name = option->get_name();
    if (name != "-k" && std::ranges::any_of(option->results(), &std::string::empty)) return name;
  }
  for (const CLI::App* sub : app.get_subcommands()) {
    if (std::string name = EmptyArgument(*sub); !name.empty()) return name;
  }
  return "";
}

}  // namespace

void Complain(std::string_view message, std::string_view hint) {
  std::string text = fmt::format("error: {}\n", message);
  if (!hint.empty()) text += fmt::format("help: {}\n", hint);
  Tell(text);
}

void Tell(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

ExitCode UsageError(std::string_view message, std::string_view hint) {
  Complain(message, hint);
  return ExitCode::Usage;
}

std::string HelpText() { return MakeCommandLine()->app.help(); }

std::string HelpText(const std::vector<std::string>& command) {
  const auto line = MakeCommandLine();
  const auto any = [](const CLI::App*) { return true; };
  for (const CLI::App* sub : line->app.get_subcommands(any)) {
    if (command.empty() || sub->get_name() != command[0]) continue;
    // The help of a command has that of the commands below it.
    const std::vector<const CLI::App*> below = sub->get_subcommands(any);
    const auto named = [&](const CLI::App* each) { return command.size() == 2 && each->get_name() == command[1]; };
    if (command.size() > 1 && std::ranges::none_of(below, named)) return "";
    return sub->help("rulec", below.empty() ? CLI::AppFormatMode::Normal : CLI::AppFormatMode::All);
  }
  return "";
}

ExitCode RunCommandLine(int argc, const char* const* argv) {
  const auto line = MakeCommandLine();
  try {
    line->app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const std::string_view command = NamedCommand(argc, argv);
    const std::string text = command.empty() ? HelpText() : HelpText({std::string(command)});
    return WriteWholeFile("-", text, false) ? ExitCode::Done : ExitCode::Usage;
  } catch (const CLI::ParseError& error) {
    return UsageErrorOf(line->app, error, argc, argv);
  }
  if (const std::string empty = EmptyArgument(line->app); !empty.empty()) {
    return UsageError(empty + ": a value is missing", "an empty one is most often that of a variable that is not set");
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
