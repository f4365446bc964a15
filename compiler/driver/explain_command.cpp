#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "compiler/diagnostics/finding.h"
#include "compiler/driver/command.h"
#include "compiler/driver/explain_page.h"
#include "compiler/driver/explain_plan.h"
#include "compiler/driver/front_end.h"
#include "compiler/emit/codegen.h"
#include "compiler/emit/plan_to_program.h"
#include "runtime/job/run_flags.h"

namespace rulec {
namespace {

struct ExplainOptions {
  std::vector<std::string> targets;
  std::string stage;  // empty: plan
  std::string format = "text";
  std::string schemas;
  std::string color = "auto";
  CodegenOptions codegen;
};

// R and four digits.
bool IsCode(std::string_view text) {
  return text.size() == 5 && (text[0] == 'R' || text[0] == 'r') &&
         text.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

// "# R0201: field not in schema" -> "field not in schema"
std::string_view TitleOf(std::string_view page) {
  const size_t colon = page.find(": ");
  const size_t end = page.find('\n');
  return colon < end ? page.substr(colon + 2, end - colon - 2) : "";
}

std::string PageAsJson(std::string_view code, std::string_view page) {
  nlohmann::ordered_json json = {{"type", "page"}, {"code", code}};
  for (const DiagnosticKind* kind : AllDiagnosticKinds()) {
    if (kind->code != code) continue;
    json["name"] = kind->name;
    json["severity"] = SeverityWord(kind->severity);
  }
  json["title"] = TitleOf(page);
  json["text"] = page;
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

constexpr std::string_view kVersionLine = "{\"type\":\"version\",\"rulec\":\"" RULEC_VERSION "\",\"format\":1}\n";

// A stage that has no JSON of its own: its text, of one file if `file` names it.
std::string StageAsJson(const std::string& stage, const std::string& file, const std::string& text) {
  nlohmann::ordered_json json = {{"type", stage}};
  if (!file.empty()) json["file"] = file;
  json["text"] = text;
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

// "201", "r201" and "E0201" -> "R0201", if that is a code; else "".
std::string MeantCode(const std::string& text) {
  const size_t digits = text.find_first_of("0123456789");
  if (digits > 1 || text.size() - digits > 4) return "";
  if (text.find_first_not_of("0123456789", digits) != std::string::npos) return "";
  const std::string code = "R" + std::string(4 - (text.size() - digits), '0') + text.substr(digits);
  return ExplainPage(code).empty() ? "" : code;
}

ExitCode ExplainCodes(const ExplainOptions& options) {
  if (!options.stage.empty()) return UsageError("--stage is for rules, and this is a diagnostic's code");
  if (options.format == "dot") return UsageError("--format dot is for --stage plan");
  const bool json = options.format == "json";
  std::string text(json ? kVersionLine : "");
  for (std::string code : options.targets) {
    code.front() = 'R';
    const std::string_view page = ExplainPage(code);
    if (page.empty()) {
      return UsageError(fmt::format("there is no diagnostic `{}`", code), "docs/diagnostics lists them all");
    }
    if (json) {
      text += PageAsJson(code, page);
    } else {
      (text += text.empty() ? "" : "\n") += page;
    }
  }
  return WriteWholeFile("-", text, false) ? ExitCode::Done : ExitCode::Usage;
}

ExitCode ExplainCodeStage(const ExplainOptions& options, const plan::Program& program) {
  LoadedCodegen loaded = LoadCodegen(options.codegen);
  if (!loaded.codegen) return UsageError(loaded.error);
  std::string text;
  loaded.codegen->PrintTo(options.stage == "asm" ? CodeStage::Asm : CodeStage::Llvm, &text);
  EmitProgram(program, *loaded.codegen, {});
  if (options.format == "json") text = std::string(kVersionLine) + StageAsJson(options.stage, "", text);
  return WriteWholeFile("-", text, false) ? ExitCode::Done : ExitCode::Usage;
}

std::string PlanText(const plan::Program& plan, const std::string& format) {
  return format == "json" ? PlanAsJson(plan) : format == "dot" ? PlanAsDot(plan) : plan::Print(plan);
}

ExitCode ExplainProgram(const ExplainOptions& given) {
  ExplainOptions options = given;
  if (options.stage.empty()) options.stage = "plan";
  if (options.stage == "pattern") {
    return UsageError("--stage pattern: this version of rulec compiles no rules with patterns",
                      "the other stages are ast, typed, plan, llvm, asm");
  }
  if (options.format == "dot" && options.stage != "plan") {
    return UsageError(fmt::format("--format dot is for --stage plan, and stage {} is text", options.stage));
  }
  std::error_code ignored;
  for (const std::string& target : options.targets) {
    const std::string code = MeantCode(target);
    if (code.empty() || std::filesystem::exists(target, ignored)) continue;
    return UsageError(fmt::format("there is no diagnostic `{}`", target), fmt::format("did you mean `{}`?", code));
  }
  const LastPhase last = options.stage == "ast"     ? LastPhase::Parse
                         : options.stage == "typed" ? LastPhase::Check
                                                    : LastPhase::Plan;
  FrontEnd program;
  if (const auto code = CompileOrComplain(options.targets, options.schemas, options.color, last, &program))
    return *code;
  const bool json = options.format == "json";
  std::string text(json && last != LastPhase::Plan ? kVersionLine : "");
  if (last == LastPhase::Parse) {
    for (const ast::File& file : program.loaded.files) {
      const std::string& path = program.sources.file(file.id).path();
      text += json ? StageAsJson(options.stage, path, ast::Print(file)) : ast::Print(file);
    }
  } else if (last == LastPhase::Check) {
    text += json ? StageAsJson(options.stage, "", typed::Print(*program.typed)) : typed::Print(*program.typed);
  } else if (options.stage == "plan") {
    text = PlanText(*program.plan, options.format);
  } else {
    return ExplainCodeStage(options, *program.plan);
  }
  return WriteWholeFile("-", text, false) ? ExitCode::Done : ExitCode::Usage;
}

}  // namespace

Action AddExplain(CLI::App& app) {
  auto options = std::make_shared<ExplainOptions>();  // shared with the action, which outlives this call
  app.add_option("CODE|PATH", options->targets, "a diagnostic's code, or the rule files of one program")->required();
  app.add_option("--stage", options->stage, "ast, typed, plan (default), pattern, llvm or asm")
      ->check(CLI::IsMember({"ast", "typed", "plan", "pattern", "llvm", "asm"}));
  app.add_option("--format", options->format, "text (default), json, or of a plan dot, for Graphviz")
      ->check(CLI::IsMember({"text", "json", "dot"}));
  for (const char* name : {"--why", "--key", "--at", "--in"}) {
    rulert::RefuseFlag(app, name, "this version cannot tell yet why a rule fired");
  }
  app.add_option("--schemas", options->schemas, "the folder of schemas")->type_name("DIR");
  app.add_option("--target-cpu", options->codegen.cpu, "x86-64-v3 (default), native, or any name LLVM knows")
      ->type_name("CPU");
  app.add_option("--color", options->color, "auto (by the terminal), always, never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  return [options] {
    const bool codes = std::all_of(options->targets.begin(), options->targets.end(), IsCode);
    return codes ? ExplainCodes(*options) : ExplainProgram(*options);
  };
}

}  // namespace rulec
