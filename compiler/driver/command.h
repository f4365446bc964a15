// A command of `rulec`: one file each, one row each in commands().
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/driver/exit_code.h"

namespace CLI {
class App;
}

namespace rulec {

// Does the command's work, once the command line has been parsed.
using Action = std::function<ExitCode()>;

struct Example {
  std::string_view command;
  std::string_view does;
};

struct Command {
  std::string_view name;
  std::string_view summary;
  std::vector<Example> examples;  // three
  // Adds flags to `app`; what they set lives in the action that is returned.
  Action (*add)(CLI::App& app);
};

const std::vector<Command>& Commands();
// The whole command line: everything but `main`. Messages go to standard error, results to standard output.
ExitCode RunCommandLine(int argc, const char* const* argv);
// The text of `rulec help` and of `rulec help COMMAND`; "" if there is no such command.
std::string HelpText();
std::string HelpText(const std::vector<std::string>& command);  // one word, or two as in `schema check`

// A message on standard error: "error: <message>", and "help: <hint>" below it unless the hint is empty.
void Complain(std::string_view message, std::string_view hint = "");
ExitCode UsageError(std::string_view message, std::string_view hint = "");
// Text on standard error, where what is said besides the result goes. That nobody can read it is no failure.
void Tell(std::string_view text);
// A file that appears whole or not at all, or `-` for standard output. False after a complaint.
bool WriteWholeFile(const std::string& path, std::string_view content, bool executable);

Action AddCheck(CLI::App& app);
Action AddRun(CLI::App& app);
Action AddBuild(CLI::App& app);
Action AddExplain(CLI::App& app);
Action AddGen(CLI::App& app);
Action AddNew(CLI::App& app);
Action AddTest(CLI::App& app);
Action AddFmt(CLI::App& app);
Action AddLint(CLI::App& app);
Action AddFix(CLI::App& app);
Action AddSchema(CLI::App& app);
Action AddCompletion(CLI::App& app);
Action AddDoctor(CLI::App& app);
Action AddVersion(CLI::App& app);
Action AddHelp(CLI::App& app);

}  // namespace rulec
