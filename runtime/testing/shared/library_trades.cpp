#include "runtime/testing/trade_code.h"
#include "stdlib/support.h"

namespace rulert::trade {
namespace {

// Emits the trades of one symbol, told by a function of the library: a symbol that the executable defines.
void OfOneSymbol(rulert_rule_call* call) {
  const rulert_batch* batch = call->batch;
  rulert_string wanted{};
  wanted.length = 2;
  wanted.u.inlined[0] = 'S';
  wanted.u.inlined[1] = '1';
  for (; call->next < call->selected; ++call->next) {
    const uint32_t row = call->selection != nullptr ? call->selection[call->next] : call->next;
    const auto& symbol = At<rulert_string>(batch, kSymbol, row);
    if (rule_string_equal(rulelib::FromAbi(symbol), rulelib::FromAbi(wanted)) == 0) continue;
    EmitAlert(&call->outputs[0], row, symbol, At<double>(batch, kPrice, row), At<int64_t>(batch, kAt, row));
  }
}

}  // namespace
}  // namespace rulert::trade

extern "C" __attribute__((visibility("default"))) const rulert_module module asm(RULERT_MODULE_SYMBOL);
const rulert_module module = {RULERT_ABI_VERSION, RULERT_MODULE_RULE, 0, 0,
                              reinterpret_cast<void*>(rulert::trade::OfOneSymbol)};
