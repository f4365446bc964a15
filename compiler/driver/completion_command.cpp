// `rulec completion SHELL`: a script made from the flags that the commands have, so that it cannot fall behind them.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "compiler/driver/command.h"

namespace rulec {
namespace {

struct Flag {
  std::string name;  // "--format"
  std::string does;  // up to the first comma, colon or semicolon
  bool takes_value = false;
  std::vector<std::string> choices;  // of its value, if they are few
};

struct Completed {
  std::string name;
  std::string does;
  std::vector<std::string> words;  // commands below it
  std::vector<Flag> flags;
};

// CLI11 keeps what IsMember allows in the type's name only: "TEXT:{auto,always,never}".
std::vector<std::string> Choices(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const size_t open = type.find('{'), close = type.find('}');
  std::vector<std::string> choices;
  if (open == std::string::npos || close == std::string::npos) return choices;
  std::string word;
  for (size_t i = open + 1; i <= close; ++i) {
    if (type[i] != ',' && type[i] != '}') {
      word += type[i];
    } else if (!word.empty()) {
      choices.push_back(std::exchange(word, {}));
    }
  }
  return choices;
}

void AddFlags(const CLI::App& app, std::vector<Flag>* flags) {
  const auto is_shown = [](const CLI::Option* option) { return !option->get_group().empty(); };
  for (const CLI::Option* option : app.get_options(is_shown)) {
    for (const std::string& name : option->get_lnames()) {
      const std::string does = option->get_description();
      flags->push_back(
          {"--" + name, does.substr(0, does.find_first_of(",:;(")), option->get_expected_max() > 0, Choices(*option)});
    }
  }
}

std::vector<Completed> CompletedCommands(const CLI::App& root) {
  std::vector<Completed> all;
  for (const CLI::App* app : root.get_subcommands([](const CLI::App*) { return true; })) {
    Completed& command = all.emplace_back();
    command.name = app->get_name();
    command.does = app->get_description();
    AddFlags(*app, &command.flags);
    for (const CLI::App* below : app->get_subcommands([](const CLI::App*) { return true; })) {
      command.words.push_back(below->get_name());
      AddFlags(*below, &command.flags);
    }
    if (command.name == "completion") command.words = {"bash", "zsh", "fish"};
    if (command.name == "help") {
      for (const Command& each : Commands()) command.words.emplace_back(each.name);
    }
  }
  return all;
}

std::vector<std::string> Names(const std::vector<Flag>& flags) {
  std::vector<std::string> names;
  for (const Flag& flag : flags) names.push_back(flag.name);
  return names;
}

// Inside single quotes of a shell.
std::string Quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string Bash(const std::vector<Completed>& commands) {
  std::string names, flags, choices;
  for (const Completed& command : commands) {
    names += (names.empty() ? "" : " ") + command.name;
    flags += fmt::format("    {}) words=\"{}{}{}\" ;;\n", command.name, fmt::join(command.words, " "),
                         command.words.empty() ? "" : " ", fmt::join(Names(command.flags), " "));
    for (const Flag& flag : command.flags) {
      if (flag.choices.empty()) continue;
      choices += fmt::format("    {} {}) COMPREPLY=($(compgen -W \"{}\" -- \"$word\")); return ;;\n", command.name,
                             flag.name, fmt::join(flag.choices, " "));
    }
  }
  // A pattern of `case` with a space stands in quotes.
  std::string quoted;
  for (size_t at = 0; at < choices.size();) {
    const size_t end = choices.find('\n', at) + 1;
    const std::string line = choices.substr(at, end - at);
    const size_t close = line.find(')');
    quoted += "    \"" + line.substr(4, close - 4) + "\"" + line.substr(close);
    at = end;
  }
  return fmt::format(
      R"(# bash completion for rulec; put it where bash-completion looks, or: source <(rulec completion bash)
_rulec() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} command=${{COMP_WORDS[1]-}} words=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -le 1 ]; then
    COMPREPLY=($(compgen -W "{} --help --version" -- "$word"))
    return
  fi
  case "$command ${{COMP_WORDS[COMP_CWORD-1]}}" in
{}  esac
  case "$command" in
{}  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  case "$word" in -*) ;; *) COMPREPLY+=($(compgen -f -- "$word")) ;; esac
}}
complete -o filenames -F _rulec rulec
)",
      names, quoted, flags);
}

// In a description of _arguments brackets and colons have a meaning.
std::string ZshText(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string Zsh(const std::vector<Completed>& commands) {
  std::string names, cases;
  for (const Completed& command : commands) {
    names += "    " + Quoted(command.name + ":" + ZshText(command.does)) + "\n";
    cases += "    " + command.name + ")\n      _arguments";
    for (const Flag& flag : command.flags) {
      std::string spec = "*" + flag.name + "[" + ZshText(flag.does) + "]";
      if (!flag.choices.empty()) {
        spec += fmt::format(":value:({})", fmt::join(flag.choices, " "));
      } else if (flag.takes_value) {
        spec += ":value:_files";
      }
      cases += " \\\n        " + Quoted(spec);
    }
    if (!command.words.empty()) {
      cases += " \\\n        " + Quoted(fmt::format("1:word:({})", fmt::join(command.words, " ")));
    }
    cases += " \\\n        '*:file:_files' ;;\n";
  }
  return fmt::format(R"(#compdef rulec
# zsh completion for rulec; put it as _rulec into a folder of $fpath
_rulec() {{
  local -a commands
  commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case "$command" in
{}  esac
}}
if [ "$funcstack[1]" = _rulec ]; then _rulec "$@"; else compdef _rulec rulec; fi
)",
                     names, cases);
}

std::string Fish(const std::vector<Completed>& commands) {
  std::string out = "# fish completion for rulec; put it as rulec.fish into ~/.config/fish/completions\n";
  for (const Completed& command : commands) {
    out += fmt::format("complete -c rulec -n __fish_use_subcommand -a {} -d {}\n", command.name, Quoted(command.does));
    const std::string when = fmt::format("-n '__fish_seen_subcommand_from {}'", command.name);
    if (!command.words.empty()) {
      out +=
          fmt::format("complete -c rulec {} -a {}\n", when, Quoted(fmt::format("{}", fmt::join(command.words, " "))));
    }
    for (const Flag& flag : command.flags) {
      out += fmt::format("complete -c rulec {} -l {}", when, flag.name.substr(2));
      if (!flag.choices.empty()) {
        out += fmt::format(" -x -a {}", Quoted(fmt::format("{}", fmt::join(flag.choices, " "))));
      } else if (flag.takes_value) {
        out += " -r";
      }
      out += " -d " + Quoted(flag.does) + "\n";
    }
  }
  return out;
}

}  // namespace

Action AddCompletion(CLI::App& app) {
  auto shell = std::make_shared<std::string>();  // shared with the action, which outlives this call
  app.add_option("SHELL", *shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  // The command line owns this app and outlives the action.
  return [shell, &app] {
    const std::vector<Completed> commands = CompletedCommands(*app.get_parent());
    const std::string script = *shell == "bash" ? Bash(commands) : *shell == "zsh" ? Zsh(commands) : Fish(commands);
    return WriteWholeFile("-", script, false) ? ExitCode::Done : ExitCode::Usage;
  };
}

}  // namespace rulec
