// Where a part of a schema stands in its text.
#pragma once

#include <string_view>

#include "compiler/source/source.h"

namespace rulec {

// The key or value that the JSON pointer `path` (`/fields/3/type`) names; where the text goes no deeper, as behind the
// name of a type declared elsewhere, the last part that is there. The whole first line if the text is not JSON.
Span SchemaPlace(const SourceSet& sources, FileId file, std::string_view path);

}  // namespace rulec
