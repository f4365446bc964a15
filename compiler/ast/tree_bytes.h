// A syntax tree as bytes and back: what was parsed once need not be parsed again.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compiler/ast/ast.h"

namespace rulec::ast {

// Empty for a tree that is nested too deep to be read back. The bytes mean something to the same build of rulec only:
// they follow the structs of ast.h field by field.
std::string ToBytes(const File& file);

// The tree of the file that is now called `id`; nothing if these are not the bytes of a tree. Any bytes may be given.
std::optional<File> FromBytes(std::string_view bytes, FileId id);

}  // namespace rulec::ast
