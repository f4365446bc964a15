// `rulec-job`: the executable that a job binary is made of. Carries its job in a section of its own.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <new>

#include "runtime/base/stop_signal.h"
#include "runtime/base/tell_bugs.h"
#include "runtime/job/job.h"
#include "runtime/job/job_info.h"
#include "runtime/job/run_flags.h"
#include "runtime/job/standard_streams.h"
#include "runtime/job/usage_message.h"
#include "runtime/module/job_image.h"

namespace rulert {
namespace {

int Fail(const std::string& message, const char* hint = "") {
  std::fprintf(stderr, "error: %s\n%s", message.c_str(), hint);
  return kExitEnvironment;
}

int Print(const std::string& text) {
  const bool written = std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
  return written ? kExitDone : Fail("standard output cannot be written");
}

Result<JobImage> ReadOwnImage() {
  const auto section = ReadElfSection("/proc/self/exe", kJobSection);
  if (!section.ok()) return Error::Environment("this executable carries no job: make one with `rulec build`");
  return ReadJobImage({reinterpret_cast<const uint8_t*>(section->data()), section->size()});
}

Result<ModuleSet> LoadModules(const JobImage& image) {
  ModuleSet modules;
  for (const JobImageModule& module : image.modules) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(module.shared_object.data());
    auto loaded = LoadSharedObject({bytes, module.shared_object.size()}, module.name);
    if (!loaded.ok()) return loaded.error();
    modules.Add(module.name, *loaded);
  }
  return modules;
}

// Generated decoders hold the limits of when they were compiled, the defaults.
bool HoldsInCompiledCode(const avro::Limits& limits) {
  const avro::Limits compiled;
  return limits.datum_depth == compiled.datum_depth && limits.text_bytes == compiled.text_bytes;
}

int Main(int argc, char** argv) {
  CLI::App app("runs the rules that were built into it over its inputs");
  RunFlags flags;
  std::string schemas;
  bool info = false;
  std::string format = "text";
  std::string color;
  AddRunFlags(app, &flags);
  app.add_option("--schemas", schemas, "the folder of schemas, for the registry ids in its ids.json")->type_name("DIR");
  CLI::Option* const about = app.add_flag("--info", info, "print what the job was built from");
  app.add_option("--format", format, "of --info")
      ->needs(about)
      ->type_name("text|json")
      ->check(CLI::IsMember({"text", "json"}));
  app.add_option("--color", color, "as of `rulec run`; what a job says has no colours")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  RefuseFlag(app, "--target-cpu", "`rulec build` took it when it made this job, and --info tells it");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return Print(app.help());
  } catch (const CLI::ParseError& error) {
    return Fail(UsageMessage(app, error), "help: --help tells the flags\n");
  }
  auto options = ToJobOptions(flags);
  if (!options.ok()) return Fail(options.error().message());
  std::error_code none;
  if (!schemas.empty() && !std::filesystem::is_directory(schemas, none)) {
    return Fail("--schemas " + schemas + ": there is no such folder");
  }
  options->schemas = schemas;
  avro::SetLimits(options->data_limits);
  const auto image = ReadOwnImage();
  if (!image.ok()) return Fail(image.error().message());
  ProgramSpec program;
  if (const std::string wrong = ParseProgram(image->manifest, &program); !wrong.empty()) {
    return Fail("the job image is damaged: " + wrong);
  }
  if (info) return Print(format == "json" ? JobInfoJson(program) : JobInfoText(program));
  if (!HoldsInCompiledCode(options->data_limits)) {  // what follows tables keeps any
    program.decoders.clear();
    program.scans.clear();
  }
  if (Error error = CheckCpu(program.target_cpu)) return Fail(error.message());
  const auto modules = LoadModules(*image);
  if (!modules.ok()) return Fail(modules.error().message());
  InstallStopSignals();
  const auto job = Job::Create(program, *modules, *options);
  if (!job.ok()) return Fail(job.error().message());
  return (*job)->Run();
}

}  // namespace
}  // namespace rulert

int main(int argc, char** argv) {
  rulert::HoldStandardStreams();
  rulert::TellBugs("error: this is a bug of rulec, please report it with the output of --info and the lines above\n");
  rulert::EndOnSignals();
  try {
    return rulert::Main(argc, argv);
  } catch (const std::bad_alloc&) {
    return rulert::Fail("out of memory");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s; this is a bug of rulec, please report it with the output of --info\n",
                 error.what());
    return rulert::kExitBug;
  }
}
