// What stdlib/embed_bitcode.cmake writes: the functions of stdlib/inlined, by name, and the bitcode each stands in.
#pragma once

#include <cstddef>

namespace rulelib {

struct InlinedFunction {
  const char* symbol;
  const char* begin;
  const char* end;
};
extern const InlinedFunction kInlinedFunctions[];
extern const size_t kInlinedFunctionCount;

}  // namespace rulelib
