// Rules.
#pragma once

#include <string>

#include "compiler/ast/ast.h"
#include "compiler/check/check_outputs.h"
#include "compiler/check/context.h"

namespace rulec::check {

void CheckRule(Context& context, OutputTable& outputs, const ast::RuleDecl& decl, const std::string& package);

}  // namespace rulec::check
