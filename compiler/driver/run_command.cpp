#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "compiler/driver/command.h"
#include "compiler/driver/front_end.h"
#include "compiler/emit/codegen.h"
#include "compiler/emit/plan_to_program.h"
#include "runtime/base/stop_signal.h"
#include "runtime/job/job.h"
#include "runtime/job/run_flags.h"

namespace rulec {
namespace {

struct RunOptions {
  std::vector<std::string> paths;
  std::string schemas;
  std::string color = "auto";
  CodegenOptions codegen;
  rulert::RunFlags flags;
};

// Loaded code as the runtime knows it: the module keeps the code, so it is unloaded with the last rule that runs it.
rulert::ModuleSet LoadModules(const std::vector<ObjectModule>& modules, Codegen& codegen) {
  rulert::ModuleSet loaded;
  for (const ObjectModule& module : modules) {
    std::shared_ptr<LoadedCode> code = codegen.Load(module);
    const rulert_module& descriptor = code->descriptor();
    loaded.Add(module.name, rulert::WrapModule(descriptor, std::move(code)));
  }
  return loaded;
}

// Only an output written as Avro needs an encoder, and each costs some milliseconds of start-up.
bool WritesAvro(const std::vector<std::string>& outputs) {
  return std::ranges::any_of(outputs, [](const std::string& uri) { return uri.find("avro") != std::string::npos; });
}

ExitCode RunProgram(const RunOptions& options) {
  const auto job_options = rulert::ToJobOptions(options.flags);
  if (!job_options.ok()) return UsageError(job_options.error().message());
  FrontEnd program;
  if (const auto code = CompileOrComplain(options.paths, options.schemas, options.color, LastPhase::Plan, &program)) {
    return *code;
  }
  // The code generator outlives the job, whose modules it made.
  LoadedCodegen loaded = LoadCodegen(options.codegen);
  if (!loaded.codegen) return UsageError(loaded.error);
  EmittedProgram emitted =
      EmitProgram(*program.plan, *loaded.codegen, {.scans = false, .encoders = WritesAvro(options.flags.out)});
  emitted.spec.compiler = RULEC_VERSION;
  emitted.spec.target_cpu = options.codegen.cpu;
  rulert::InstallStopSignals();
  const auto job = rulert::Job::Create(emitted.spec, LoadModules(emitted.modules, *loaded.codegen), *job_options);
  if (!job.ok()) return UsageError(job.error().message());
  return static_cast<ExitCode>((*job)->Run());
}

}  // namespace

Action AddRun(CLI::App& app) {
  auto options = std::make_shared<RunOptions>();  // shared with the action, which outlives this call
  app.add_option("PATH", options->paths, "the rule files or the folder of one program")->required();
  rulert::AddRunFlags(app, &options->flags);
  app.add_option("--target-cpu", options->codegen.cpu, "x86-64-v3 (default), native, or any name LLVM knows")
      ->type_name("CPU");
  app.add_option("--schemas", options->schemas, "the folder of schemas")->type_name("DIR");
  app.add_option("--color", options->color, "auto (by the terminal), always, never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  return [options] { return RunProgram(*options); };
}

}  // namespace rulec
