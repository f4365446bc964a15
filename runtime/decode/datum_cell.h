// A datum of avro/datum.h as a cell: defaults of schemas, and the slow way to every other value.
#pragma once

#include "avro/datum.h"
#include "runtime/abi/abi.h"
#include "runtime/record/cell_builder.h"
#include "runtime/record/cell_type.h"

namespace rulert {

// `datum` was read with `schema`, for which `type` was made. Gives RULERT_DECODE_OK, or why it cannot be held. A null
// sets *null and leaves the cell alone.
uint32_t DatumToCell(const CellType& type, const avro::Schema& schema, const avro::Datum& datum,
                     const CellMemory& memory, void* cell, bool* null);

// Big-endian two's complement, as Avro stores decimals, to the cell of a decimal; false if it is beyond `precision`.
bool DecimalFromBytes(std::string_view bytes, uint8_t precision, void* cell);

// The text of a uuid to its cell.
bool UuidFromText(std::string_view text, void* cell);

}  // namespace rulert
