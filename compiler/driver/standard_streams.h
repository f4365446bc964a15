#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace rulec {

// A process that is started with standard input, output or error closed would get their numbers for the next files that
// it opens, and messages or results would end up in those. Takes the numbers, so that whoever uses the closed stream
// fails as if it were still closed. Call it before anything is opened.
void HoldStandardStreams();

// All of standard input; else nothing, and *error says why. More than `limit` bytes are an error.
std::optional<std::string> ReadStandardInput(uint64_t limit, std::string* error);

}  // namespace rulec
