#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "compiler/driver/command.h"
#include "compiler/driver/explain_page.h"
#include "compiler/driver/front_end.h"
#include "compiler/emit/codegen.h"
#include "compiler/emit/plan_to_program.h"

namespace rulec {
namespace {

struct ExplainOptions {
  std::vector<std::string> targets;
  std::string stage = "plan";
  std::string schemas;
  std::string color = "auto";
  CodegenOptions codegen;
};

// R and four digits.
bool IsCode(std::string_view text) {
  return text.size() == 5 && (text[0] == 'R' || text[0] == 'r') &&
         text.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

ExitCode ExplainCodes(const std::vector<std::string>& codes) {
  std::string text;
  for (const std::string& code : codes) {
    const std::string_view page = ExplainPage(code);
    if (page.empty()) {
      return UsageError(fmt::format("there is no diagnostic `{}`", code), "docs/diagnostics lists them all");
    }
    (text += text.empty() ? "" : "\n") += page;
  }
  fmt::print("{}", text);
  return ExitCode::Done;
}

ExitCode ExplainCodeStage(const ExplainOptions& options, const plan::Program& program) {
  LoadedCodegen loaded = LoadCodegen(options.codegen);
  if (!loaded.codegen) return UsageError(loaded.error);
  std::string text;
  loaded.codegen->PrintTo(options.stage == "asm" ? CodeStage::Asm : CodeStage::Llvm, &text);
  EmitProgram(program, *loaded.codegen, {});
  return WriteWholeFile("-", text, false) ? ExitCode::Done : ExitCode::Usage;
}

ExitCode ExplainProgram(const ExplainOptions& options) {
  const LastPhase last = options.stage == "ast"     ? LastPhase::Parse
                         : options.stage == "typed" ? LastPhase::Check
                                                    : LastPhase::Plan;
  FrontEnd program;
  if (const auto code = CompileOrComplain(options.targets, options.schemas, options.color, last, &program))
    return *code;
  std::string text;
  if (last == LastPhase::Parse) {
    for (const ast::File& file : program.loaded.files) text += ast::Print(file);
  } else if (last == LastPhase::Check) {
    text = typed::Print(*program.typed);
  } else if (options.stage == "plan") {
    text = plan::Print(*program.plan);
  } else {
    return ExplainCodeStage(options, *program.plan);
  }
  return WriteWholeFile("-", text, false) ? ExitCode::Done : ExitCode::Usage;
}

}  // namespace

Action AddExplain(CLI::App& app) {
  auto options = std::make_shared<ExplainOptions>();  // shared with the action, which outlives this call
  app.add_option("CODE|PATH", options->targets, "a diagnostic's code, or the rule files of one program")->required();
  app.add_option("--stage", options->stage, "ast, typed, plan (default), llvm or asm")
      ->check(CLI::IsMember({"ast", "typed", "plan", "llvm", "asm"}));
  app.add_option("--schemas", options->schemas, "the folder of schemas")->type_name("DIR");
  app.add_option("--target-cpu", options->codegen.cpu, "x86-64-v3 (default), native, or any name LLVM knows")
      ->type_name("CPU");
  app.add_option("--color", options->color, "auto (by the terminal), always, never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  return [options] {
    const bool codes = std::all_of(options->targets.begin(), options->targets.end(), IsCode);
    return codes ? ExplainCodes(options->targets) : ExplainProgram(*options);
  };
}

}  // namespace rulec
