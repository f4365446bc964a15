// A section added to an executable.
#pragma once

#include <string>

namespace rulec {

// `elf` with `content` in a new section that is not loaded. "" and *error if `elf` is not an ELF file.
std::string AddElfSection(const std::string& elf, const std::string& section, const std::string& content,
                          std::string* error);

}  // namespace rulec
