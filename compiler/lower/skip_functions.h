// Functions that step over arrays, maps and types that contain themselves.
#pragma once

#include "avro/schema.h"
#include "compiler/lower/function_builder.h"

namespace rulec::lower {

// {ptr, i32} (ptr cursor, ptr end, i32 depth): the byte behind the value, or {null, RULERT_DECODE_*}. The cursor given
// and the one returned are not behind `end`. Made once a module for each type.
llvm::Function* SkipFunction(FunctionBuilder& f, const avro::Schema& type);

}  // namespace rulec::lower
