// lower: plan -> LLVM IR. Each function makes the code of one module of abi.h into `module`, which is empty before.
#pragma once

#include <string>
#include <vector>

#include <llvm/IR/Module.h>

#include "avro/resolution.h"
#include "avro/schema.h"
#include "compiler/lower/function_builder.h"
#include "compiler/plan/plan.h"

namespace rulec::lower {

struct LoweredDecoder {
  std::vector<std::string> field_paths;  // by rulert_decode::error_field
  std::string problem;                   // why there is no such decoder; then the module is of no use
  bool too_large = false;                // `problem` is only that: tables read such data
};

// D: fills the columns of all of the stream's slots, whose paths `resolution` resolves (avro::ResolvePaths).
LoweredDecoder LowerDecoder(llvm::Module& module, ModuleState& state, const plan::Stream& stream,
                            const avro::Resolution& resolution);

// R.
void LowerRule(llvm::Module& module, ModuleState& state, const plan::Program& program, const plan::Rule& rule);

// D and R in one loop. A problem means that the stream is better read by D.
LoweredDecoder LowerScan(llvm::Module& module, ModuleState& state, const plan::Program& program, const plan::Rule& rule,
                         const avro::Resolution& resolution);

// E, to Avro binary. `schema` is the output's; with meta, the columns of rulert::MetaFields() come first.
void LowerEncoder(llvm::Module& module, ModuleState& state, const plan::Output& output, const avro::Schema& schema);

}  // namespace rulec::lower
