// Types that rules name: those of the language, and the enums and records of the program's schemas.
#pragma once

#include <string>

#include "compiler/check/context.h"

namespace rulec::check {

// The enum or record called `name` (`Side` or `market.Side`), of `record` if it has one (null: there is none), else of
// any schema of the program; or null.
const avro::Schema* FindNamedType(Context& context, const avro::Schema* record, const std::string& name, Span use);

// The type that is written; what is wrong is told, and an Error then.
Type TypeOfRef(Context& context, const ast::TypeRef& ref);

}  // namespace rulec::check
