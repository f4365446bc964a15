// Object code -> shared object or larger object, by lld as a library.
#pragma once

#include <string>
#include <vector>

#include "compiler/emit/codegen.h"

namespace rulec {

// "" and *error on failure: temporary files that cannot be written.
std::string LinkSharedObject(const ObjectModule& module, std::string* error);
// The same of several objects, whose symbols must not clash. Without `shared` an object, to be linked again.
std::string LinkObjects(const std::vector<std::string>& objects, bool shared, std::string* error);

}  // namespace rulec
