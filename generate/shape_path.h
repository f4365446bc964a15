// Paths of a shape file: `price`, `order.lines[].price`, `tags{}`, `payment<shop.Card>.number`.
#pragma once

#include <string>
#include <string_view>

#include "avro/schema.h"

namespace rulec::generate {

struct ShapePlace {
  const avro::Schema* schema = nullptr;  // null: there is no such place
  bool once = true;                      // at most once in an event: neither in a list nor in a map
  std::string problem;
};

// A union of null and one other type is passed through silently; other unions need the branch in angle brackets.
ShapePlace FindPlace(const avro::Schema& root, std::string_view path);

// The one branch besides null, or null if there is not exactly one.
const avro::Schema* OnlyBranch(const avro::Schema& schema);
// What a branch is called in angle brackets and in `branches`: the full name, or the kind.
std::string BranchName(const avro::Schema& schema);

}  // namespace rulec::generate
