// How it is told that an accepted version of a schema does not give a field.
#pragma once

#include "compiler/check/context.h"
#include "compiler/check/version_proof.h"

namespace rulec::check {

// `schema_span`: where the stream names its schema. `guarded`: `present` would help.
void TellGap(Context& context, Span span, const typed::Schema& schema, Span schema_span, const VersionGap& gap,
             bool guarded);

}  // namespace rulec::check
