// Values known when code is made, as cells: the defaults of fields that the data lack.
#pragma once

#include "avro/datum.h"
#include "compiler/lower/decode_unit.h"
#include "compiler/lower/values.h"

namespace rulec::lower {

// A value of the reader's type `schema`. One that has no cell (a time beyond 64 bits of microseconds) is a problem of
// the unit's. What the cell points to are constants of the module.
Value ConstantCell(FunctionBuilder& f, DecodeUnit& unit, const avro::Datum& datum, const avro::Schema& schema,
                   const rulert::ColumnSpec& column);

}  // namespace rulec::lower
