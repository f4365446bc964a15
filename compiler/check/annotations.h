// What stands behind a rule's name: `@version(3) @severity(high) @owner("surveillance")`.
#pragma once

#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/check/context.h"
#include "compiler/typed/typed.h"

namespace rulec::check {

void CheckAnnotations(Context& context, const std::vector<ast::Annotation>& annotations, typed::Rule* rule);

}  // namespace rulec::check
