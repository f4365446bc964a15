// All rules and derives of a program, those first whose results others read.
#pragma once

#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/check/check_outputs.h"
#include "compiler/check/context.h"

namespace rulec::check {

struct RuleInFile {
  const ast::RuleDecl* decl = nullptr;
  std::string package;
};

// The program's rules stand in the order of `rules` afterwards.
void CheckRules(Context& context, OutputTable& outputs, const std::vector<RuleInFile>& rules);

}  // namespace rulec::check
