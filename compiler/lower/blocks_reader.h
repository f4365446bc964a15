// Arrays and maps: blocks of a count and items; a negative count is followed by the block's size in bytes.
// https://avro.apache.org/docs/1.11.1/specification/#arrays
#pragma once

#include <functional>

#include "compiler/lower/cursor_function.h"

namespace rulec::lower {

// Reads every block. `begin_block`, if it is given, makes code that runs before the items of a block, with their number
// (i64, claimed, above zero); `item` the code that reads one. Blocks with a size must end where it says.
void ReadBlocks(CursorFunction& in, const std::function<void(llvm::Value* count)>& begin_block,
                const std::function<void()>& item);

// Steps over every block; those with a size at once.
void SkipBlocks(DecodeUnit& unit, CursorFunction& in, const avro::Schema& type);

}  // namespace rulec::lower
