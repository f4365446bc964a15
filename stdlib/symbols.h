// Every `rule_*` symbol of the library with its address: for the JIT, which resolves them from here. An executable that
// loads modules as shared objects exports them besides (CMake target rulelib_exported).
#pragma once

#include <span>

namespace rulelib {

struct LibrarySymbol {
  const char* name;
  void* address;
};

// Sorted by name, each once.
std::span<const LibrarySymbol> LibrarySymbols();
// nullptr if there is none.
void* FindLibrarySymbol(const char* name);

}  // namespace rulelib
