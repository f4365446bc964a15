#include "runtime/job/usage_message.h"

#include <CLI/CLI.hpp>

namespace rulert {
namespace {

bool IsFlag(const std::string& argument) { return argument.size() > 1 && argument[0] == '-' && argument != "--"; }

// "--format: At Most 1 required but received 2" -> "--format"; "" if `message` does not go on with `what`.
std::string NameBefore(const std::string& message, const std::string& what) {
  const size_t colon = message.find(": ");
  return colon != std::string::npos && message.find(what, colon) != std::string::npos ? message.substr(0, colon) : "";
}

}  // namespace

std::string UnknownArgument(const CLI::App& app) {
  std::string first;
  for (const std::string& argument : app.remaining(true)) {
    if (IsFlag(argument)) return argument;
    if (first.empty() && argument != "--") first = argument;
  }
  return first;
}

std::string UsageMessage(const CLI::App& app, const CLI::ParseError& error) {
  // CLI11 looks for what is missing first: a flag that was misspelt is more likely.
  const std::string unknown = UnknownArgument(app);
  if (IsFlag(unknown)) return "there is no flag `" + unknown.substr(0, unknown.find('=')) + "`";
  const std::string message = error.what();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) return "`" + unknown + "` is one argument too many";
  if (const std::string name = NameBefore(message, "At Most"); !name.empty()) return name + " is given more than once";
  if (const std::string name = NameBefore(message, " missing"); !name.empty()) return name + ": a value is missing";
  return message.substr(0, message.find('\n'));
}

}  // namespace rulert
