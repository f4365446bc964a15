// Many modules -> objects that can be linked with each other, and one more with the table of them.
#pragma once

#include <string>
#include <vector>

#include "compiler/emit/codegen.h"
#include "compiler/emit/module_compiler.h"

namespace rulec {

// Empty and *error on failure. Each module exports the same symbol, so it is renamed in each.
std::vector<std::string> ObjectsOfTable(ModuleCompiler& compiler, const std::vector<ObjectModule>& modules,
                                        const std::string& manifest, std::string* error);

}  // namespace rulec
