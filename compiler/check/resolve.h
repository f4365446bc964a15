// Finds what a name or a path means: a field, let, constant, param or enum symbol.
#pragma once

#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/check/context.h"
#include "compiler/check/scope.h"
#include "compiler/typed/typed.h"

namespace rulec::check {

// `price`, `t.price`, `buyer.country`, `SELL`, `Side.SELL`. `expected` may be null.
typed::ExprPtr ResolvePath(Context& context, Scope& scope, Span span, const std::vector<ast::Name>& path,
                           const Type* expected);

// Would `name`, bare, be found without an expected type?
bool IsNameInScope(const Context& context, const Scope& scope, const std::string& name);

// The value of a constant; checks its declaration first if that has not been done.
typed::ExprPtr ResolveConst(Context& context, Span span, ConstEntry& entry);

// The enum called `name` (`Side` or `market.Side`), of `record` if it has one, else of any schema of the program; or
// null.
const avro::Schema* FindEnum(const Context& context, const avro::Schema* record, const std::string& name);

}  // namespace rulec::check
