// LLVM bitcode of the small functions, for the code generator to link into modules and inline.
#pragma once

#include <span>
#include <string_view>

namespace rulelib {

// The bitcode module that defines a symbol, one of a few small ones; empty if the symbol is called only. Its functions
// call nothing but each other, other symbols of the library, and mem*; they name no processor. Valid for ever.
std::string_view BitcodeFor(std::string_view symbol);

}  // namespace rulelib
