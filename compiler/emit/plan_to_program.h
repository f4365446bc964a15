// emit: a whole plan -> what a job runs: its description, and one module for each rule, decoder, encoder and scan.
#pragma once

#include <vector>

#include "compiler/emit/codegen.h"
#include "compiler/plan/plan.h"
#include "runtime/abi/program.h"

namespace rulec {

struct EmittedProgram {
  rulert::ProgramSpec spec;
  std::vector<ObjectModule> modules;  // each name once
};

struct EmitOptions {
  bool scans = true;     // fused modules as well, for streams with one rule
  bool encoders = true;  // Avro encoders of every output
};

// Decoders are made for the reader's own schema of each stream that a rule reads.
EmittedProgram EmitProgram(const plan::Program& program, Codegen& codegen, const EmitOptions& options);

// The description alone, without modules' names: what `explain` and tests need without LLVM.
rulert::ProgramSpec DescribeProgram(const plan::Program& program);

}  // namespace rulec
