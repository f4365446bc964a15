// Constants of a module that describe types to functions of the library (stdlib/cells.h), and names of symbols.
#pragma once

#include "compiler/lower/function_builder.h"

namespace rulec::lower {

// The address of RuleCellType nodes; equal types of one module share them.
llvm::Constant* CellTypeConstant(FunctionBuilder& f, const rulert::ColumnSpec& column);
// The address of an array of rulert_string.
llvm::Constant* NamesConstant(FunctionBuilder& f, const std::vector<std::string>& names);

}  // namespace rulec::lower
