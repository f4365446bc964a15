#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>

#include "compiler/driver/command.h"
#include "compiler/driver/front_end.h"
#include "compiler/driver/job_runner.h"
#include "compiler/driver/versions_not_accepted.h"
#include "compiler/emit/codegen.h"
#include "compiler/emit/plan_to_program.h"
#include "runtime/module/job_image.h"

namespace rulec {
namespace {

struct BuildOptions {
  std::vector<std::string> paths;
  std::string schemas;
  std::string output;
  std::string emit = "exe";
  std::string color = "auto";
  CodegenOptions codegen;
};

std::optional<std::string> ReadRuntime() {
  std::ifstream file(JobRunnerPath(), std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return std::move(bytes).str();
}

// The shared objects of all modules, by name; nothing after a complaint about the place for temporary files.
std::optional<std::vector<rulert::JobImageModule>> LinkModules(const std::vector<ObjectModule>& modules,
                                                               Codegen& codegen) {
  std::vector<rulert::JobImageModule> linked;
  for (const ObjectModule& module : modules) {
    std::string error;
    std::string object = codegen.LinkSharedObject(module, &error);
    if (object.empty()) {
      Complain(fmt::format("module {} cannot be linked: {}", module.name, error));
      return std::nullopt;
    }
    linked.push_back({module.name, std::move(object)});
  }
  return linked;
}

ExitCode BuildExecutable(const BuildOptions& options, const EmittedProgram& emitted, Codegen& codegen) {
  const std::optional<std::string> runtime = ReadRuntime();
  if (!runtime) return UsageError("rulec-job is missing", "it belongs beside rulec, or in ../lib/rulec");
  auto modules = LinkModules(emitted.modules, codegen);
  if (!modules) return ExitCode::Usage;
  const rulert::JobImage image{RULERT_ABI_VERSION, rulert::ProgramToJson(emitted.spec), *std::move(modules)};
  std::string error;
  const std::string binary =
      codegen.AddSection(*runtime, std::string(rulert::kJobSection), rulert::WriteJobImage(image), &error);
  if (binary.empty()) return UsageError("rulec-job beside rulec is unusable: " + error);
  return WriteWholeFile(options.output, binary, true) ? ExitCode::Done : ExitCode::Usage;
}

// All modules in one file, with a table of them.
ExitCode BuildModules(const BuildOptions& options, const EmittedProgram& emitted, Codegen& codegen) {
  std::string error;
  const std::string linked =
      codegen.LinkModules(emitted.modules, rulert::ProgramToJson(emitted.spec), options.emit == "so", &error);
  if (linked.empty()) return UsageError("the modules cannot be linked: " + error);
  return WriteWholeFile(options.output, linked, false) ? ExitCode::Done : ExitCode::Usage;
}

ExitCode Build(const BuildOptions& options) {
  FrontEnd program;
  if (const auto code = CompileOrComplain(options.paths, options.schemas, options.color, LastPhase::Plan, &program)) {
    return *code;
  }
  LoadedCodegen loaded = LoadCodegen(options.codegen);
  if (!loaded.codegen) return UsageError(loaded.error);
  std::string text;
  if (options.emit == "llvm") loaded.codegen->PrintTo(CodeStage::Llvm, &text);
  EmittedProgram emitted = EmitProgram(*program.plan, *loaded.codegen, {.versions = true});
  if (!emitted.error.empty()) return UsageError(emitted.error);
  AddVersionsNotAccepted(&program, &emitted.spec);
  emitted.spec.compiler = RULEC_VERSION;
  // A level speaks for itself; of other names the job has to know where it can run.
  const std::string level = loaded.codegen->Level();
  emitted.spec.target_cpu = options.codegen.cpu == level ? level : fmt::format("{} ({})", options.codegen.cpu, level);
  if (options.emit == "exe") return BuildExecutable(options, emitted, *loaded.codegen);
  if (options.emit != "llvm") return BuildModules(options, emitted, *loaded.codegen);
  return WriteWholeFile(options.output, text, false) ? ExitCode::Done : ExitCode::Usage;
}

}  // namespace

Action AddBuild(CLI::App& app) {
  auto options = std::make_shared<BuildOptions>();  // shared with the action, which outlives this call
  app.add_option("PATH", options->paths, "the rule files or the folder of one program")->required();
  app.add_option("-o,--output", options->output, "the file to write")->required()->type_name("FILE");
  app.add_option(
         "--emit", options->emit,
         "exe (default): a job binary; so, obj: its modules as one shared object or object; llvm: its code as text")
      ->check(CLI::IsMember({"exe", "so", "obj", "llvm"}));
  app.add_option("--target-cpu", options->codegen.cpu, "x86-64-v3 (default), native, or any name LLVM knows")
      ->type_name("CPU");
  app.add_option("--schemas", options->schemas, "the folder of schemas")->type_name("DIR");
  app.add_option("--color", options->color, "auto (by the terminal), always, never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  return [options] { return Build(*options); };
}

}  // namespace rulec
