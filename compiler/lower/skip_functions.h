// The bodies of functions that step over values.
#pragma once

#include "compiler/lower/decode_unit.h"

namespace rulec::lower {

void WriteSkipFunction(DecodeUnit& unit, llvm::Function* function, const avro::Schema& type);
void WriteSkipFieldsFunction(DecodeUnit& unit, llvm::Function* function, const avro::Schema& record, size_t first,
                             size_t last);

// The fields of a record in pieces that one function takes: index of the first field of each, and of the end.
std::vector<size_t> FieldPieces(const DecodeUnit& unit, const avro::Schema& record, size_t first, size_t last);

}  // namespace rulec::lower
