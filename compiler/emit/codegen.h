// emit: plan -> native modules. The only door to LLVM: the implementation lives in a shared library of its own
// (librulec-codegen.so beside the rulec binary), loaded when code is first needed, so that `rulec check` starts without
// it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "avro/limits.h"
#include "avro/schema.h"
#include "compiler/plan/plan.h"
#include "runtime/abi/abi.h"
#include "runtime/abi/program.h"

namespace rulec {

// A module as relocatable object code.
struct ObjectModule {
  std::string name;    // "rule-4c6f…": kind and hash of what it was made from; equal input gives equal names
  std::string object;  // ELF
};

// A module that can be run. Destroying it unloads its code.
class LoadedCode {
 public:
  virtual ~LoadedCode() = default;
  virtual const rulert_module& descriptor() const = 0;
};

// A module, or why there is none.
struct CompiledModule {
  ObjectModule module;
  std::string error;       // empty: none
  bool too_large = false;  // the error is only that the schema is too large to compile for: tables read such data
};

enum class CodeStage : uint8_t { Llvm, Asm };

// A function of the library that modules may call.
struct HostSymbol {
  const char* name;
  void* address;
};

struct CodegenOptions {
  std::string cpu = "x86-64-v3";  // or "native", or any name LLVM knows
  // What modules loaded into this process find; empty: the library as it is linked into it.
  std::vector<HostSymbol> symbols;
  // Those of this process, which LoadCodegen puts in.
  avro::Limits limits;
};

// Not thread-safe. Errors are our own bugs, except where a function says otherwise.
class Codegen {
 public:
  virtual ~Codegen() = default;

  // D for records written as `writer`. Sets what the spec says about it. An error tells which slot's field cannot be
  // read as the reader's schema has it.
  virtual CompiledModule CompileDecoder(const plan::Program& program, uint32_t stream, const avro::SchemaPtr& writer,
                                        rulert::DecoderSpec* spec) = 0;
  virtual ObjectModule CompileRule(const plan::Program& program, const plan::Rule& rule) = 0;
  // The name that CompileRule would give, for whoever has that module already.
  virtual std::string RuleModuleName(const plan::Program& program, const plan::Rule& rule) = 0;
  // D and R in one loop, for a stream with one rule. An error besides those of D: one loop would be no gain.
  virtual CompiledModule CompileScan(const plan::Program& program, uint32_t rule, const avro::SchemaPtr& writer,
                                     rulert::ScanSpec* spec) = 0;
  virtual ObjectModule CompileEncoder(const plan::Output& output) = 0;

  // Links object code into this process.
  virtual std::unique_ptr<LoadedCode> Load(const ObjectModule& module) = 0;
  // Links it into a shared object, by the linker that is built in. Returns "" and sets *error if that fails.
  virtual std::string LinkSharedObject(const ObjectModule& module, std::string* error) = 0;
  // All modules in one file that exports their table (runtime/abi/module_table.h) with `manifest` in it: a shared
  // object, else an object to be linked into a program. Returns "" and sets *error if that fails.
  virtual std::string LinkModules(const std::vector<ObjectModule>& modules, const std::string& manifest, bool shared,
                                  std::string* error) = 0;
  // A copy of the executable `elf` with `image` in a section called `section`. "" and *error if it is no executable.
  virtual std::string AddSection(const std::string& elf, const std::string& section, const std::string& image,
                                 std::string* error) = 0;

  // "x86-64-v3": the greatest level whose instructions the processor has that code is made for; code made for it runs
  // on no less.
  virtual std::string Level() const = 0;
  // What the Compile functions write, as text: every later module is appended to *text. Null turns it off.
  virtual void PrintTo(CodeStage stage, std::string* text) = 0;
};

struct LoadedCodegen {
  std::unique_ptr<Codegen> codegen;  // null on failure
  std::string error;                 // "librulec-codegen.so: …", or an unknown CPU with the nearest known one
};

// Loads the code generator's library: beside the running executable, else in ../lib/rulec beside it.
LoadedCodegen LoadCodegen(const CodegenOptions& options);

}  // namespace rulec
