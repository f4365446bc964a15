// Object code -> shared object, by lld as a library.
#pragma once

#include <string>

#include "compiler/emit/codegen.h"

namespace rulec {

// "" and *error on failure: temporary files that cannot be written.
std::string LinkSharedObject(const ObjectModule& module, std::string* error);

}  // namespace rulec
