// The rule's road as far as it needs no code generator: paths -> files -> ast -> typed -> plan.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/check/load_program.h"
#include "compiler/check/schema_store.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/driver/exit_code.h"
#include "compiler/driver/project_file.h"
#include "compiler/parse/text_to_ast.h"
#include "compiler/plan/plan.h"
#include "compiler/source/source.h"
#include "compiler/typed/typed.h"

namespace rulec {

// One program and all that its phases left. Parts refer to each other, so it stays where it is.
struct FrontEnd {
  SourceSet sources;
  Diagnostics diagnostics;
  LoadedProgram loaded;
  SchemaStore schemas;
  std::optional<typed::Program> typed;  // absent if a file does not parse
  std::optional<plan::Program> plan;    // absent if there is any error, or if it was not asked for

  FrontEnd() = default;
  FrontEnd(const FrontEnd&) = delete;
  FrontEnd& operator=(const FrontEnd&) = delete;
};

enum class LastPhase : uint8_t { Parse, Check, Plan };

// The folder of schemas that a program names itself, by the flag --schemas or by its rulec.toml; else empty.
std::string SchemasOf(const Project& project, const std::string& option);

// `schemas` is SchemasOf; `parse` is ParseText or gives what it would. The program's unreadable paths are in `loaded`.
void CompileFiles(const std::vector<std::string>& files, const std::string& schemas, LastPhase last, FrontEnd* program,
                  const ParseFunction& parse = ParseText);

// A program that was checked and has no errors is planned as well.
void PlanChecked(FrontEnd* program);

// For commands that need a program to do their work: paths as one program, diagnostics as text on standard error.
// Returns the exit code to end with, or nothing if the program stands.
std::optional<ExitCode> CompileOrComplain(const std::vector<std::string>& paths, const std::string& schemas,
                                          const std::string& color, LastPhase last, FrontEnd* program);

}  // namespace rulec
