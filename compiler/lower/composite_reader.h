// The bodies of functions that read lists, maps and records into the arena.
#pragma once

#include "compiler/lower/decode_unit.h"

namespace rulec::lower {

void WriteReadFunction(DecodeUnit& unit, llvm::Function* function, avro::ActionId action,
                       const rulert::ColumnSpec& column);
void WriteReadFieldsFunction(DecodeUnit& unit, llvm::Function* function, avro::ActionId action,
                             const rulert::ColumnSpec& column, size_t first, size_t last);

}  // namespace rulec::lower
