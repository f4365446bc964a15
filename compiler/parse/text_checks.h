// What is checked of a text before it is read at all.
#pragma once

#include "compiler/diagnostics/diagnostics.h"

namespace rulec {

// Size, UTF-8, NUL characters. False, with one message, if the text cannot be a rule file.
bool CheckText(const SourceSet& sources, FileId file, Diagnostics& diagnostics);

// The offset of the first byte that is not part of well-formed UTF-8 (surrogates and overlong forms are not), or npos.
size_t FindInvalidUtf8(std::string_view text);

}  // namespace rulec
