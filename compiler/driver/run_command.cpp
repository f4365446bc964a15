#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "compiler/driver/command.h"
#include "compiler/driver/front_end.h"
#include "compiler/driver/load_modules.h"
#include "compiler/driver/versions_not_accepted.h"
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

// Only an output written as Avro needs an encoder, and each costs some milliseconds of start-up.
bool WritesAvro(const std::vector<std::string>& outputs) {
  return std::ranges::any_of(outputs, [](const std::string& uri) { return uri.find("avro") != std::string::npos; });
}

// A decoder for a version that the job meets: no version is compiled that its inputs do not have.
rulert::DecoderOptions::Compile CompilerOf(const plan::Program& plan, Codegen& codegen) {
  return [&plan, &codegen](int32_t stream, const rulert::StreamSpec&, const avro::SchemaPtr& writer,
                           const std::vector<int32_t>&) -> rulert::Result<rulert::CodecModule> {
    rulert::DecoderSpec spec;
    const CompiledModule compiled = codegen.CompileDecoder(plan, static_cast<uint32_t>(stream), writer, &spec);
    if (!compiled.error.empty()) return rulert::Error::Environment(compiled.error);
    std::shared_ptr<LoadedCode> code = codegen.Load(compiled.module);
    rulert::CodecModule made;
    const rulert_module& descriptor = code->descriptor();
    made.module = rulert::WrapModule(descriptor, std::move(code));
    made.writer = writer;
    made.slots = spec.slots;
    made.field_paths = spec.field_paths;
    return made;
  };
}

ExitCode RunProgram(const RunOptions& options) {
  auto job_options = rulert::ToJobOptions(options.flags);
  if (!job_options.ok()) return UsageError(job_options.error().message());
  avro::SetLimits(job_options->data_limits);
  FrontEnd program;
  if (const auto code = CompileOrComplain(options.paths, options.schemas, options.color, LastPhase::Plan, &program)) {
    return *code;
  }
  // The code generator outlives the job, whose modules it made.
  LoadedCodegen loaded = LoadCodegen(options.codegen);
  if (!loaded.codegen) return UsageError(loaded.error);
  EmittedProgram emitted =
      EmitProgram(*program.plan, *loaded.codegen,
                  {.scans = false, .encoders = WritesAvro(job_options->outputs), .decoders = false, .versions = false});
  job_options->decoders.compile = CompilerOf(*program.plan, *loaded.codegen);
  AddVersionsNotAccepted(&program, &emitted.spec);
  const auto& folders = program.schemas.folders();
  if (!folders.empty()) job_options->schemas = folders.front();
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
