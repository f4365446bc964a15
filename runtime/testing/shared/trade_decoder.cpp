#include "runtime/testing/trade_code.h"

// The symbol has the name of its type, which C++ does not allow for both in one scope.
extern "C" __attribute__((visibility("default"))) const rulert_module module asm(RULERT_MODULE_SYMBOL);
const rulert_module module = {RULERT_ABI_VERSION, RULERT_MODULE_DECODER, 0, 0,
                              reinterpret_cast<void*>(rulert::trade::Decode<4>)};
