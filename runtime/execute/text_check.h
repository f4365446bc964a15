// Are the strings that a rule gives valid UTF-8? Checked where they leave: most events are emitted by no rule, and
// comparing needs no valid text.
#pragma once

#include "runtime/abi/abi.h"
#include "runtime/abi/program.h"

namespace rulert {

// Can a value of this type hold a string?
bool HoldsText(const ColumnSpec& spec);

// Are all strings in the cell that `cell` points to UTF-8? The cell is not null.
bool IsTextValid(const ColumnSpec& spec, const void* cell);

}  // namespace rulert
