#include "stdlib/reference.h"

#include <algorithm>
#include <vector>

#include "stdlib/functions.h"

namespace rulelib {
namespace {

std::string TypeName(const Parameter& parameter) {
  std::string name(KindName(parameter.kind));
  std::string element = parameter.element == Kind::Any ? "T" : std::string(KindName(parameter.element));
  if (parameter.kind == Kind::List || parameter.kind == Kind::Map) name += "<" + element + ">";
  return name + (parameter.nullable ? "?" : "");
}

std::string Signature(const FunctionRow& row) {
  std::string text(row.name);
  text += "(";
  for (const Parameter& parameter : row.parameters) {
    if (text.back() != '(') text += ", ";
    text += TypeName(parameter);
  }
  return text + "): " + TypeName(row.result);
}

// A bar would end a table's cell.
std::string InCell(std::string_view text) {
  std::string cell;
  for (char c : text) {
    if (c == '|') cell += '\\';
    cell += c;
  }
  return cell;
}

}  // namespace

std::string FunctionReference() {
  std::string text =
      "# Functions\n"
      "\n"
      "Made from `stdlib/functions.def`; `stdlib_tests --update` writes it anew. Each example is evaluated by the tests.\n"
      "\n"
      "A null argument gives null, unless the parameter's type ends in `?`. A function whose result ends in `?` may give\n"
      "null by itself. One marked *may fail* is a rule error for arguments that it refuses; what makes text or lists is one\n"
      "too when the memory of a batch is used up. A parameter of type `regex`, `zone` or `time format` is a text that must\n"
      "be a literal or a `param`: it is made ready once, when the rule is loaded. An `int` widens to `long`, both to\n"
      "`double`. Items of a list that is counted, sorted or summed are not null: filter them first.\n"
      "\n"
      "What takes any type or a lambda is part of the language and stands in [language.md](language.md): `any`, `all`,\n"
      "`map`, `filter`, `find`, `count_if`, `first`, `last`, `values`, `get`, `has_key`, `flatten`, `least`, `greatest`,\n"
      "`record`, `present`, `decimal`, `try_decimal`; so are `size`, `sum`, `avg`, `min`, `max`, `median` and the like for\n"
      "the `list_` functions below.\n"
      "\n"
      "Limits, beyond which there is a rule error: a text of 256 MiB (16 MiB where its length is a number that a function is\n"
      "given: `repeat`, padding), a list of 16,777,216 items, 10,000 bytes for texts that are compared by similarity, JSON\n"
      "nested 1,000 deep. A regular expression has at most 64 KiB and 100 groups and takes 8 MiB compiled; where each match\n"
      "of many could look at the rest of a text of more than 512 KiB, the text is too long. All functions take time that\n"
      "grows with the length of their arguments, similarities with the product of two.\n";
  for (auto group = Group::Math; group <= Group::Identifiers; group = static_cast<Group>(static_cast<int>(group) + 1)) {
    text += "\n## " + std::string(GroupTitle(group)) + "\n\n| function | | example |\n|---|---|---|\n";
    for (const FunctionRow& row : Functions()) {
      if (row.group != group) continue;
      text += "| `" + InCell(Signature(row)) + "` | " + InCell(row.documentation);
      if ((row.effects & MayFail) != 0) text += " *May fail.*";
      text += " | `" + InCell(row.example) + "` is `" + InCell(row.result_of_example) + "` |\n";
    }
  }
  return text;
}

}  // namespace rulelib
