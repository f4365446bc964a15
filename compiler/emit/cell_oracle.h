// Cells beside the values of the table-driven codec: what the tests of generated codecs compare.
#pragma once

#include <optional>
#include <random>
#include <string>

#include "avro/datum.h"
#include "runtime/abi/program.h"

namespace rulec {

// The column of a value of `type`; none for types that contain themselves, or null alone.
std::optional<rulert::ColumnSpec> ColumnFor(const avro::Schema& type);

// Has `datum` a cell? Not if a time is beyond 64 bits of microseconds, a decimal beyond its precision, a uuid no uuid.
bool HasCell(const rulert::ColumnSpec& column, const avro::Schema& type, const avro::Datum& datum);

// Makes most values of logical types such that they have one, and texts valid.
void MakeRepresentable(const avro::Schema& type, avro::Datum* datum, std::mt19937_64& random);

// What is wrong with the cell that should hold `datum`, or "".
std::string CompareCell(const rulert::ColumnSpec& column, const avro::Schema& type, const avro::Datum& datum,
                        const void* cell, bool valid);

}  // namespace rulec
