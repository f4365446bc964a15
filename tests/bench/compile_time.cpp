// What a rule costs from text to running code, in milliseconds of this process's CPU time, as JSON on standard output:
//
//   compile_time FIRST.rule SCHEMAS
//
// first_ms: FIRST.rule with loading the code generator, its decoder, rule and encoder: what `rulec run` does before its
// first event. further_ms: the mean over rules that come later and need no new field: each is parsed, checked and
// planned into the same plan, and its R compiled and loaded.
#include <ctime>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "compiler/check/ast_to_typed.h"
#include "compiler/driver/front_end.h"
#include "compiler/emit/codegen.h"
#include "compiler/emit/plan_to_program.h"
#include "compiler/parse/text_to_ast.h"
#include "compiler/planner/typed_to_plan.h"

namespace {

double CpuMilliseconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "compile_time: %s\n", what.c_str());
  std::exit(1);
}

void RequireNone(const rulec::SourceSet& sources, const rulec::Diagnostics& diagnostics) {
  if (diagnostics.has_errors()) Fail(rulec::RenderText(sources, diagnostics.all().front(), false));
}

const std::vector<std::string>& FurtherRules() {
  static const std::vector<std::string> conditions = {
      "size >= 5_000 and price < 20.0",
      "price * size > 500_000.0",
      "price > 400.0 and size > 1_000",
      "price < 5.0 and size > 5_000",
      "symbol == \"IBM\" and size >= 1_000",
      "size < 2 and symbol != \"IBM\"",
      "(size > 12_000 and price > 3.0) or price > 900.0",
      "trade_id > 5_000_000 and size >= 800",
      "price / 2 > 150.0 and not (size < 900)",
      "symbol > \"M\" and size > 7_000 and price > 1.5",
  };
  return conditions;
}

std::string RuleText(size_t number) {
  return "package market.bench\nschema Trade = avro \"market.Trade\"\n"
         "stream trades : Trade { time executed_at  watermark 5s }\n"
         "rule further_" +
         std::to_string(number) + " { from trades where " + FurtherRules()[number] +
         " emit found { symbol, trade_id, price, size, executed_at } }\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) Fail("usage: compile_time FIRST.rule SCHEMAS");
  const double start = CpuMilliseconds();
  rulec::FrontEnd program;
  rulec::CompileFiles({argv[1]}, argv[2], rulec::LastPhase::Plan, &program);
  RequireNone(program.sources, program.diagnostics);
  if (!program.plan) Fail(std::string(argv[1]) + " cannot be read");
  rulec::CodegenOptions options;
  options.cpu = "native";
  rulec::LoadedCodegen loaded = rulec::LoadCodegen(options);
  if (!loaded.codegen) Fail(loaded.error);
  std::vector<std::unique_ptr<rulec::LoadedCode>> code;
  for (const rulec::ObjectModule& module :
       rulec::EmitProgram(*program.plan, *loaded.codegen, {.scans = false, .encoders = true}).modules) {
    code.push_back(loaded.codegen->Load(module));
  }
  const double first = CpuMilliseconds() - start;

  const double further_start = CpuMilliseconds();
  for (size_t i = 0; i < FurtherRules().size(); ++i) {
    const rulec::FileId id = program.sources.Add("further.rule", RuleText(i));
    rulec::Diagnostics diagnostics;
    std::vector<rulec::ast::File> files;
    files.push_back(rulec::ParseText(program.sources, id, diagnostics));
    const rulec::typed::Program typed = rulec::Check(program.sources, files, program.schemas, diagnostics);
    RequireNone(program.sources, diagnostics);
    const std::string misfit = rulec::PlanProgram(program.sources, typed, &*program.plan);
    if (!misfit.empty()) Fail(misfit);
    code.push_back(loaded.codegen->Load(loaded.codegen->CompileRule(*program.plan, program.plan->rules.back())));
  }
  const double further = (CpuMilliseconds() - further_start) / static_cast<double>(FurtherRules().size());
  std::printf("{\"first_ms\": %.3f, \"further_ms\": %.3f}\n", first, further);
  return 0;
}
