// Modules compiled a moment ago, as the runtime knows them.
#pragma once

#include <vector>

#include "compiler/emit/codegen.h"
#include "runtime/module/module.h"

namespace rulec {

// A module keeps its code, which is unloaded with the last rule that runs it.
rulert::ModuleSet LoadModules(const std::vector<ObjectModule>& modules, Codegen& codegen);

}  // namespace rulec
