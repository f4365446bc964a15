// Reads whole small files of text: rule files and schemas.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace rulec {

// The file's text; else nothing, and *error says why ("it is a folder"). Reads `limit` bytes at most: more are an
// error.
std::optional<std::string> ReadText(const std::string& path, uint64_t limit, std::string* error);
// The same, but of a larger file the first `limit` bytes.
std::optional<std::string> ReadBeginning(const std::string& path, uint64_t limit, std::string* error);

}  // namespace rulec
