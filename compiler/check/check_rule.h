// Rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "compiler/ast/ast.h"
#include "compiler/check/check_outputs.h"
#include "compiler/check/context.h"

namespace rulec::check {

// A rule or a derive, whose streams are all known. Its index in Program::rules, if it has become one.
std::optional<uint32_t> CheckRule(Context& context, OutputTable& outputs, const ast::RuleDecl& decl,
                                  const std::string& package);

}  // namespace rulec::check
