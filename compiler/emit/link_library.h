// The library's small functions inside of modules.
#pragma once

#include <llvm/IR/Module.h>

namespace rulec {

// Gives bodies to the functions of the library that `module` calls and whose bitcode there is (stdlib/bitcode.h), for
// the optimizer to put in the place of the calls; the others stay calls. Needs the module's data layout.
// False if there are none.
bool LinkLibrary(llvm::Module& module);

}  // namespace rulec
