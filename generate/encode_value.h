// A value written in a shape file, in Avro's binary form.
#pragma once

#include <string>

#include "avro/schema.h"
#include "generate/event_buffer.h"
#include "generate/shape.h"

namespace rulec::generate {

// Nanoseconds in one unit of a date, time or timestamp; 0 for other types.
int64_t NanosAUnit(avro::Logical logical);

// Returns what is wrong, or "".
std::string EncodeShapeValue(const avro::Schema& schema, const ShapeValue& value, EventBuffer* out);

}  // namespace rulec::generate
