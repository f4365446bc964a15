#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <vector>

#include "compiler/driver/command.h"

namespace rulec {

Action AddHelp(CLI::App& app) {
  auto words = std::make_shared<std::vector<std::string>>();  // shared with the action, which outlives this call
  app.add_option("COMMAND", *words, "the command, as in `rulec help schema check`");
  return [words] {
    const std::string text = words->empty() ? HelpText() : HelpText(*words);
    if (text.empty()) {
      std::string name;
      for (const std::string& word : *words) name += (name.empty() ? "" : " ") + word;
      return UsageError("there is no command `" + name + "`", "`rulec help` lists the commands");
    }
    return WriteWholeFile("-", text, false) ? ExitCode::Done : ExitCode::Usage;
  };
}

}  // namespace rulec
