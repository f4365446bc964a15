#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "compiler/driver/command.h"

namespace rulec {

Action AddHelp(CLI::App& app) {
  auto name = std::make_shared<std::string>();  // shared with the action, which outlives this call
  app.add_option("COMMAND", *name, "the command");
  return [name] {
    const std::string text = name->empty() ? HelpText() : HelpText(*name);
    if (text.empty()) return UsageError("there is no command `" + *name + "`", "`rulec help` lists the commands");
    std::fputs(text.c_str(), stdout);
    return ExitCode::Done;
  };
}

}  // namespace rulec
