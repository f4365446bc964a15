// `rulec doctor`: is everything here that the commands need?
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "compiler/check/schema_store.h"
#include "compiler/driver/command.h"
#include "compiler/driver/job_runner.h"
#include "compiler/driver/program_paths.h"
#include "compiler/emit/codegen.h"
#include "runtime/abi/abi.h"

namespace rulec {
namespace {

namespace fs = std::filesystem;

enum class State : uint8_t { Good, Doubtful, Bad };

struct Finding {
  State state;
  std::string what;
  std::string found;
  std::string help;  // empty if it is good
};

std::string_view Word(State state) {
  return state == State::Good ? "ok" : state == State::Doubtful ? "warning" : "error";
}

// What x86-64-v3 has beyond the first x86-64.
Finding Processor() {
#if defined(__x86_64__)
  std::vector<std::string_view> missing;
  if (!__builtin_cpu_supports("avx")) missing.emplace_back("avx");
  if (!__builtin_cpu_supports("avx2")) missing.emplace_back("avx2");
  if (!__builtin_cpu_supports("bmi")) missing.emplace_back("bmi");
  if (!__builtin_cpu_supports("bmi2")) missing.emplace_back("bmi2");
  if (!__builtin_cpu_supports("fma")) missing.emplace_back("fma");
  if (!__builtin_cpu_supports("popcnt")) missing.emplace_back("popcnt");
  if (missing.empty()) return {State::Good, "processor", "x86-64-v3", ""};
  return {State::Bad, "processor", fmt::format("not x86-64-v3: no {}", fmt::join(missing, ", ")),
          "give --target-cpu x86-64 to run and build"};
#else
  return {State::Bad, "processor", "not x86-64", "rules are compiled for x86-64 only"};
#endif
}

Finding CodeGenerator() {
  const LoadedCodegen loaded = LoadCodegen({});
  if (loaded.codegen) return {State::Good, "code generator", "found", ""};
  return {State::Bad, "code generator", loaded.error, "it belongs beside rulec, or in ../lib/rulec"};
}

Finding JobRunner() {
  const std::string path = JobRunnerPath();
  if (!path.empty()) return {State::Good, "job runner", path, ""};
  return {State::Bad, "job runner", "rulec-job is missing, so `rulec build` makes no executables",
          "it belongs beside rulec, or in ../lib/rulec"};
}

Finding Memory() {
  std::ifstream file("/proc/meminfo");
  std::string word;
  uint64_t kib = 0;
  while (file >> word && word != "MemAvailable:") {
  }
  if (!(file >> kib)) return {State::Doubtful, "memory", "unknown", "there is no /proc/meminfo"};
  const std::string found = fmt::format("{} MiB available", kib / 1024);
  if (kib >= 512 * 1024) return {State::Good, "memory", found, ""};
  return {State::Doubtful, "memory", found, "compiling large sets of rules takes some hundred MiB"};
}

Finding Disk() {
  std::error_code code;
  fs::path folder = fs::temp_directory_path(code);
  if (const char* given = std::getenv("TMPDIR"); code && given != nullptr) folder = given;
  const fs::space_info space = fs::space(folder, code);
  if (code) return {State::Doubtful, "disk", folder.string() + ": " + code.message(), "set TMPDIR to a folder"};
  const std::string found = fmt::format("{} MiB free in {}", space.available >> 20, folder.string());
  if (space.available >= (uint64_t{256} << 20)) return {State::Good, "disk", found, ""};
  return {State::Doubtful, "disk", found, "`rulec build` links in the folder of its output and in TMPDIR"};
}

Finding TimeZones() {
  const char* const folder = "/usr/share/zoneinfo";
  std::error_code code;
  if (fs::exists(fs::path(folder) / "Europe" / "Berlin", code)) return {State::Good, "time zones", folder, ""};
  return {State::Doubtful, "time zones", "no data of time zones", "install the package tzdata"};
}

Finding Terminal() {
  const char* term = std::getenv("TERM");
  const bool color = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr && term != nullptr;
  return {State::Good, "terminal", color ? "colour" : "no colour", ""};
}

// Every version of every schema must parse.
Finding Schemas(const std::vector<std::string>& folders) {
  SchemaStore store(folders);
  SourceSet sources;
  size_t versions = 0;
  for (const std::string& name : store.Names()) {
    for (const int64_t version : store.Versions(name)) {
      const LoadedSchema& schema = store.Load(name, version, sources);
      ++versions;
      if (!schema.document) {
        return {State::Bad, "schemas", fmt::format("{}: {}", schema.path, schema.error.message),
                "`rulec check` shows where"};
      }
    }
  }
  const std::string found = fmt::format("{} of {} schemas in {}", versions, store.Names().size(),
                                        folders.empty() ? "no folder" : fmt::format("{}", fmt::join(folders, ", ")));
  return {versions > 0 ? State::Good : State::Doubtful, "schemas", found,
          versions > 0 ? "" : "put them at schemas/<full name>/<version>.avsc"};
}

void AddProject(const std::string& path, std::vector<Finding>* findings) {
  const ProgramPaths found = FindProgram({path});
  if (!found.error.empty()) {
    findings->push_back({State::Bad, "project", found.error, "name a folder with a rulec.toml, or a rule file"});
    return;
  }
  for (const Diagnostic& diagnostic : found.diagnostics.all()) {
    findings->push_back({State::Bad, "project", "rulec.toml: " + diagnostic.message, "`rulec check` shows where"});
  }
  if (found.programs.empty()) return;
  const ProgramFiles& program = found.programs.front();
  findings->push_back({State::Good, "rules", fmt::format("{} in {}", program.files.size(), path), ""});
  findings->push_back(Schemas(SchemaFolders(program.project.schemas, program.files)));
}

std::string ToText(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += fmt::format("{:8} {:15} {}\n", Word(finding.state), finding.what, finding.found);
    if (!finding.help.empty()) text += fmt::format("{:24} help: {}\n", "", finding.help);
  }
  return text;
}

std::string ToJson(const std::vector<Finding>& findings) {
  std::string text = fmt::format("{{\"type\":\"version\",\"rulec\":\"{}\",\"format\":1,\"abi\":{}}}\n", RULEC_VERSION,
                                 RULERT_ABI_VERSION);
  for (const Finding& finding : findings) {
    const nlohmann::ordered_json json = {{"type", "finding"},
                                         {"state", Word(finding.state)},
                                         {"what", finding.what},
                                         {"found", finding.found},
                                         {"help", finding.help}};
    text += json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  }
  return text;
}

ExitCode Examine(const std::string& path, const std::string& format) {
  std::vector<Finding> findings = {
      {State::Good, "rulec", fmt::format("{}, ABI {}", RULEC_VERSION, RULERT_ABI_VERSION), ""},
      Processor(),
      CodeGenerator(),
      JobRunner(),
      Memory(),
      Disk(),
      TimeZones(),
      Terminal()};
  std::error_code code;
  if (!path.empty()) {
    AddProject(path, &findings);
  } else if (fs::exists("rulec.toml", code)) {
    AddProject(".", &findings);
  }
  if (!WriteWholeFile("-", format == "json" ? ToJson(findings) : ToText(findings), false)) return ExitCode::Usage;
  const auto bad = [](const Finding& finding) { return finding.state == State::Bad; };
  return std::ranges::any_of(findings, bad) ? ExitCode::Usage : ExitCode::Done;
}

}  // namespace

Action AddDoctor(CLI::App& app) {
  struct Options {
    std::string path, format = "text";
  };
  auto options = std::make_shared<Options>();  // shared with the action, which outlives this call
  app.add_option("PATH", options->path, "a project to look at; the one that the command runs in, if any");
  app.add_option("--format", options->format, "text or json")->check(CLI::IsMember({"text", "json"}));
  return [options] { return Examine(options->path, options->format); };
}

}  // namespace rulec
