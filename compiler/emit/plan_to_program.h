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
  std::string error;                  // why a version that is accepted cannot be decoded; empty: all can
};

struct EmitOptions {
  bool scans = true;      // fused modules as well, for streams with one rule
  bool encoders = true;   // Avro encoders of every output
  bool derives = false;   // of derived streams too
  bool decoders = true;   // none if whoever runs the program compiles them at first sight
  bool versions = false;  // decoders for all accepted versions that are known, not for the reader's schema alone
};

// Decoders are made for each stream that a rule reads, but for derived ones.
EmittedProgram EmitProgram(const plan::Program& program, Codegen& codegen, const EmitOptions& options);

// The description alone, without modules' names: what `explain` and tests need without LLVM.
rulert::ProgramSpec DescribeProgram(const plan::Program& program);

}  // namespace rulec
