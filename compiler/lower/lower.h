// lower: plan -> LLVM IR. Each function makes the code of one module of abi.h into `module`, which is empty before.
#pragma once

#include <string>
#include <vector>

#include <llvm/IR/Module.h>

#include "avro/schema.h"
#include "compiler/lower/function_builder.h"
#include "compiler/plan/plan.h"

namespace rulec::lower {

// D: fills the columns of all of the stream's slots. Returns the field paths by rulert_decode::error_field.
std::vector<std::string> LowerDecoder(llvm::Module& module, ModuleState& state, const plan::Stream& stream,
                                      const avro::Schema& writer);

// R.
void LowerRule(llvm::Module& module, ModuleState& state, const plan::Program& program, const plan::Rule& rule);

// D and R in one loop. Field paths as from LowerDecoder.
std::vector<std::string> LowerScan(llvm::Module& module, ModuleState& state, const plan::Program& program,
                                   const plan::Rule& rule, const avro::Schema& writer);

// E, to Avro binary. `schema` is the output's; with meta, the columns of rulert::MetaFields() come first.
void LowerEncoder(llvm::Module& module, ModuleState& state, const plan::Output& output, const avro::Schema& schema);

}  // namespace rulec::lower
