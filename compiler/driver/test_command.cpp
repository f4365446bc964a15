// `rulec test`: test blocks of rule files and *.test.yaml, run through compiled rules.
#include <fmt/format.h>
#include <re2/re2.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "compiler/check/ast_to_typed.h"
#include "compiler/check/constant_exprs.h"
#include "compiler/check/project_root.h"
#include "compiler/check/read_text.h"
#include "compiler/driver/command.h"
#include "compiler/driver/program_paths.h"
#include "compiler/driver/report.h"
#include "compiler/driver/test_runner.h"
#include "compiler/driver/update_tests.h"
#include "compiler/fixtures/yaml_tests.h"
#include "compiler/parse/text_to_ast.h"

namespace rulec {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMaxYamlBytes = uint64_t{16} << 20;

struct TestOptions {
  std::vector<std::string> paths;
  std::string schemas;
  std::string only;
  bool update = false;
  bool coverage = false;
  std::optional<double> threshold;  // of the coverage, in percent
  ReportOptions report;
};

// One program with the YAML files that test it.
struct TestedProgram {
  ProgramFiles program;
  std::vector<std::string> yaml;
  bool blocks = true;  // run the test blocks of its rule files too
};

bool IsYaml(const std::string& path) { return path.ends_with(".test.yaml") || path.ends_with(".test.yml"); }

std::string FolderOf(const std::string& path) { return fs::path(path).parent_path().string(); }

// All YAML files that belong to a project.
std::vector<std::string> YamlOf(const ProgramFiles& program, std::string* error) {
  std::set<std::string> files;
  std::vector<std::string> folders = program.project.tests;
  folders.insert(folders.end(), program.project.rules.begin(), program.project.rules.end());
  for (const std::string& folder : folders) {
    for (const char* ending : {".test.yaml", ".test.yml"}) {
      for (std::string& file : FilesBelow(folder, ending, error)) files.insert(std::move(file));
    }
  }
  return {files.begin(), files.end()};
}

// The session of one command: what it found on its way.
class TestSession {
 public:
  TestSession(const TestOptions& options, const RE2& only)
      : options_(options), only_(only), report_(options.report, "test", STDOUT_FILENO) {}

  ExitCode Run() {
    for (const std::string& path : options_.paths) {
      if (IsYaml(path) ? !AddYaml(path) : !AddRules(path)) return ExitCode::Usage;
    }
    for (const TestedProgram& tested : programs_) {
      if (!RunProgram(tested)) return ExitCode::Usage;
    }
    if (Covers()) TellCoverage();
    const std::string failure = Failure();
    if (!failure.empty()) report_.AddFailure(failure);
    if (!report_.Write()) return ExitCode::Usage;
    if (ran_ == 0 && report_.errors() == 0) {
      Complain(failure, "a `test` block in a rule file, or a file that ends in .test.yaml");
      return ExitCode::Findings;
    }
    rulec::Tell(
        fmt::format("{} test{}: {} passed, {} failed{}{}\n", ran_, ran_ == 1 ? "" : "s", passed_, ran_ - passed_,
                    broken_ > 0 ? fmt::format(", {} not valid", broken_) : "",
                    updated_ > 0 ? fmt::format("; {} file{} rewritten", updated_, updated_ == 1 ? "" : "s") : ""));
    const bool rewritten = options_.update && report_.Verdict() == ExitCode::Findings && unwritten_ == 0;
    const ExitCode verdict = rewritten ? ExitCode::Done : report_.Verdict();
    if (failure.empty()) return verdict;
    Complain(failure);
    return verdict == ExitCode::Done ? ExitCode::Findings : verdict;
  }

 private:
  // What is wrong with all of it, whatever the single tests say; "" if nothing is.
  std::string Failure() const {
    if (ran_ == 0 && report_.errors() == 0) {
      return "there is no test" + (options_.only.empty() ? "" : " whose name matches `" + options_.only + "`");
    }
    if (!options_.threshold || Percent() >= *options_.threshold) return "";
    return fmt::format("the coverage is {:.1f} %, below {} %", Percent(), *options_.threshold);
  }

  bool AddRules(const std::string& path) {
    ProgramPaths found = FindPrograms({path});
    if (!found.error.empty()) return Usage(found.error);
    report_.Add(found.sources, found.diagnostics.all(), Report::Errors::AreConfiguration);
    std::error_code code;
    for (ProgramFiles& program : found.programs) {
      TestedProgram tested;
      std::string error;
      if (program.whole_project) tested.yaml = YamlOf(program, &error);
      // Beside a rule file that is named alone stands its own.
      const std::string beside = fs::path(program.files.front()).replace_extension(".test.yaml").string();
      if (!program.whole_project && fs::exists(beside, code)) tested.yaml.push_back(beside);
      if (!error.empty()) return Usage(error);
      std::erase_if(tested.yaml, [this](const std::string& file) { return !IsNew(file); });
      tested.program = std::move(program);
      programs_.push_back(std::move(tested));
    }
    return true;
  }

  // Was the YAML file not named before, by itself or with its rules?
  bool IsNew(const std::string& path) {
    std::error_code code;
    const fs::path canonical = fs::weakly_canonical(path, code);
    return yaml_.insert(code ? path : canonical.string()).second;
  }

  // A YAML file names its rules, or stands in a project. It runs alone, without the test blocks of the rules.
  bool AddYaml(const std::string& path) {
    if (!IsNew(path)) return true;
    SourceSet sources;
    Diagnostics read_errors;
    std::string why;
    auto text = ReadText(path, kMaxYamlBytes, &why);
    if (!text) return Usage(path + ": " + why);
    const auto read = fixtures::ReadYamlTests(sources, sources.Add(path, *std::move(text)), ParseText, read_errors);
    std::vector<std::string> rules;
    for (const std::string& rule : read.rules) {
      rules.push_back((fs::path(FolderOf(path)) / rule).lexically_normal().string());
    }
    if (rules.empty()) {
      const auto root = ProjectRoot(path);
      if (!root && read_errors.has_errors()) {  // what is wrong with it may be why
        report_.AddFile(path);
        report_.Add(sources, read_errors.all(), Report::Errors::DoNotCompile);
        return true;
      }
      if (!root) return Usage(path + ": it names no rules and stands in no project", "begin it with `rules: [a.rule]`");
      rules.push_back(*root);
    }
    ProgramPaths found = FindProgram(rules);
    if (!found.error.empty()) return Usage(found.error);
    report_.Add(found.sources, found.diagnostics.all(), Report::Errors::AreConfiguration);
    if (!found.programs.empty()) programs_.push_back({std::move(found.programs.front()), {path}, false});
    return true;
  }

  static bool Usage(const std::string& message, const std::string& hint = "") {
    UsageError(message, hint);
    return false;
  }

  struct Test {
    const ast::TestDecl* test;
    FileId file;
    std::string package;
  };

  // False after a complaint.
  bool RunProgram(const TestedProgram& tested) {
    FrontEnd program;
    CompileFiles(tested.program.files, SchemasOf(tested.program.project, options_.schemas), LastPhase::Plan, &program);
    if (!program.loaded.unreadable.empty()) return Usage(program.loaded.unreadable.front());
    for (const std::string& file : tested.program.files) report_.AddFile(file);
    if (program.diagnostics.has_errors()) {
      report_.Add(program.sources, program.diagnostics.all(), Report::Errors::DoNotCompile);
      return true;
    }
    Diagnostics mistakes;
    std::vector<Test> tests;
    std::vector<fixtures::YamlTests> yaml;
    yaml.reserve(tested.yaml.size());  // tests point into it
    const std::set<std::string> own(tested.program.files.begin(), tested.program.files.end());
    for (const ast::File& file : program.loaded.files) {
      if (!tested.blocks || !own.contains(program.sources.file(file.id).path())) continue;
      for (const ast::Decl& decl : file.decls) {
        if (const auto* test = std::get_if<ast::TestDecl>(&decl.node))
          tests.push_back({test, file.id, PackageOf(file)});
      }
    }
    for (const std::string& path : tested.yaml) {
      std::string why;
      auto text = ReadText(path, kMaxYamlBytes, &why);
      if (!text) return Usage(path + ": " + why);
      const FileId file = program.sources.Add(path, *std::move(text));
      report_.AddFile(path);
      const size_t before = mistakes.errors();
      yaml.push_back(fixtures::ReadYamlTests(program.sources, file, ParseText, mistakes));
      if (mistakes.errors() > before) continue;
      for (const ast::TestDecl& test : yaml.back().tests) tests.push_back({&test, file, ""});
    }
    std::erase_if(tests, [this](const Test& test) { return !Wanted(*test.test); });
    const bool done = (tests.empty() && !Covers()) || RunTests(program, tests, mistakes);
    report_.Add(program.sources, mistakes.all(), Report::Errors::DoNotCompile);
    return done;
  }

  bool Covers() const { return options_.coverage || options_.threshold; }

  bool Wanted(const ast::TestDecl& test) const {
    return options_.only.empty() || RE2::PartialMatch(test.rule.text + ": " + test.title, only_);
  }

  bool RunTests(FrontEnd& program, const std::vector<Test>& tests, Diagnostics& mistakes) {
    std::string error;
    const auto compiled = TestProgram::Compile(program, &error);
    if (!compiled) return Usage(error);
    ConstantExprs constants(program.sources, program.loaded.files, program.schemas);
    TestRunner runner(*compiled, constants);
    std::map<FileId, std::vector<TableUpdate>> updates;
    std::vector<TestOutcome> outcomes;  // updates point into the tests, not into these
    for (const Test& test : tests) {
      const auto start = std::chrono::steady_clock::now();
      const TestRunner::Place place{FolderOf(program.sources.file(test.file).path()), test.package};
      TestOutcome outcome = runner.Run(*test.test, place, mistakes);
      const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
      ++ran_;
      passed_ += outcome.passed;
      broken_ += !outcome.valid;
      if (!outcome.passed && outcome.updates.empty()) ++unwritten_;
      Tell(program, test, outcome, taken.count());
      for (TableUpdate& update : outcome.updates) updates[test.file].push_back(std::move(update));
    }
    const std::vector<CoveredOutput> outputs = compiled->Coverage();
    outputs_.insert(outputs_.end(), outputs.begin(), outputs.end());
    return !options_.update || Rewrite(program, updates);
  }

  void Tell(const FrontEnd& program, const Test& test, const TestOutcome& outcome, double seconds) {
    report_.Add(program.sources, outcome.failures.all(), Report::Errors::AreFindings);
    JunitCase told;
    told.name = test.test->title;
    told.class_name = test.test->rule.text;
    told.file = program.sources.file(test.file).path();
    told.line = program.sources.file(test.file).Locate(test.test->title_span.begin).line;
    told.seconds = seconds;
    for (const Diagnostic& failure : outcome.failures.all()) {
      told.failures.push_back(
          {std::string(failure.kind->code), failure.message, RenderText(program.sources, failure, false)});
    }
    if (!outcome.valid) told.failures.push_back({"invalid", "the test is not valid", ""});
    report_.AddCase(std::move(told));
  }

  size_t Covered() const {
    return static_cast<size_t>(std::ranges::count_if(outputs_, [](const CoveredOutput& each) { return each.covered; }));
  }
  double Percent() const {
    return outputs_.empty() ? 100 : 100 * static_cast<double>(Covered()) / static_cast<double>(outputs_.size());
  }

  void TellCoverage() {
    report_.AddText(
        fmt::format("coverage: {} of {} outputs of rules had rows, {:.1f} %\n", Covered(), outputs_.size(), Percent()));
    nlohmann::ordered_json json = {{"type", "coverage"}, {"covered", Covered()}, {"of", outputs_.size()}};
    json["missing"] = nlohmann::ordered_json::array();
    for (const CoveredOutput& each : outputs_) {
      if (each.covered) continue;
      report_.AddText(fmt::format("  no row of rule `{}` for `{}` ({})\n", each.rule, each.output, each.file));
      json["missing"].push_back({{"rule", each.rule}, {"output", each.output}, {"file", each.file}});
    }
    report_.AddJson(json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }

  // Nothing is written that is no rule file any more.
  static bool Parses(const std::string& path, const std::string& text) {
    SourceSet sources;
    Diagnostics diagnostics;
    ParseText(sources, sources.Add(path, text), diagnostics);
    return !diagnostics.has_errors();
  }

  bool Rewrite(const FrontEnd& program, const std::map<FileId, std::vector<TableUpdate>>& updates) {
    for (const auto& [file, list] : updates) {
      const SourceFile& source = program.sources.file(file);
      size_t left = 0;
      const std::string text = IsYaml(source.path()) ? UpdateYaml(program.sources, file, list, &left)
                                                     : UpdateRules(program.sources, file, list);
      if (left > 0) {
        Complain(source.path() + ": what is expected is no list of rows with a dash each, and stays as it is");
        unwritten_ += left;
      }
      if (text == source.text()) continue;
      if (!IsYaml(source.path()) && !Parses(source.path(), text)) {
        return Usage(source.path() + ": its tables cannot be rewritten where they stand",
                     "lay them out by `rulec fmt`");
      }
      if (!WriteWholeFile(source.path(), text, false)) return false;
      ++updated_;
    }
    return true;
  }

  const TestOptions& options_;
  const RE2& only_;
  Report report_;
  std::vector<TestedProgram> programs_;
  std::set<std::string> yaml_;
  std::vector<CoveredOutput> outputs_;  // of all programs
  size_t ran_ = 0, passed_ = 0, broken_ = 0, unwritten_ = 0, updated_ = 0;
};

ExitCode RunTests(const TestOptions& options) {
  const RE2 only(options.only, RE2::Quiet);
  if (!only.ok()) return UsageError(fmt::format("-k {}: {}", options.only, only.error()));
  return TestSession(options, only).Run();
}

}  // namespace

Action AddTest(CLI::App& app) {
  auto options = std::make_shared<TestOptions>();  // shared with the action, which outlives this call
  app.add_option("PATH", options->paths, "rule files, folders of them, or *.test.yaml")->required();
  app.add_option("-k", options->only, "only tests whose rule and name match")->type_name("REGEX");
  app.add_flag("--update", options->update, "rewrite the expected tables with what comes out");
  app.add_flag("--coverage", options->coverage, "tell which outputs of which rules no test had a row for");
  app.add_option("--threshold", options->threshold, "fail if the coverage is below this many percent")
      ->type_name("N")
      ->check(CLI::Range(0.0, 100.0).description(""));
  app.add_option("--schemas", options->schemas, "the folder of schemas")->type_name("DIR");
  AddReportFlags(app, options->report);
  return [options] { return RunTests(*options); };
}

}  // namespace rulec
