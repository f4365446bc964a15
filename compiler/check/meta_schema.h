// The envelope of what is emitted, in a schema that an author wrote.
#pragma once

#include <string>

#include "avro/schema.h"

namespace rulec::check {

// What is wrong with `schema` as the type of an output's `_meta`, or "".
std::string WhyNotMeta(const avro::Schema& schema);

}  // namespace rulec::check
