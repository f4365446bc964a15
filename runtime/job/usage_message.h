// What is wrong with a command line, said as the rest of our messages.
#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace rulert {

// The first argument that `app` and its commands do not know, flags before others; "" if there is none.
std::string UnknownArgument(const CLI::App& app);
// One line; `app` is what threw `error`.
std::string UsageMessage(const CLI::App& app, const CLI::ParseError& error);

}  // namespace rulert
