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

// What the compiler makes itself of lists and maps (compiler/check/library_types.cpp): they are no rows, since their
// types are those of what they hold.
constexpr std::string_view kOfAnyType =
    "\n## Lists and maps of any type\n"
    "\n"
    "Made by the compiler for whatever the list or map holds ([language.md](language.md) has the rules and examples).\n"
    "In rules with aggregates `count`, `sum`, `avg`, `min`, `max`, `median`, `quantile`, `variance`, `stddev`, `any` "
    "and\n"
    "`all` mean rows; elsewhere the first ones are `length` and the `list_` functions.\n"
    "\n"
    "| function | |\n|---|---|\n"
    "| `any(list<T>, x => condition): bool`, `any(list<bool>): bool` | Does it hold for an item? |\n"
    "| `all(list<T>, x => condition): bool`, `all(list<bool>): bool` | Does it hold for each item? |\n"
    "| `map(list<T>, x => value): list<U>` | The value for each item. |\n"
    "| `filter(list<T>, x => condition): list<T>` | The items for which it holds. |\n"
    "| `find(list<T>, x => condition): T?` | The first item for which it holds; null if there is none. |\n"
    "| `count_if(list<T>, x => condition): long` | For how many items it holds. |\n"
    "| `contains(list<T>, T): bool` | Is it an item? `x in list` is the same. |\n"
    "| `index_of(list<T>, T): long?` | The place of the first item that equals it, counted from 0; null if there is "
    "none. |\n"
    "| `first(list<T>): T?`, `last(list<T>): T?` | The first or last item; null of no items. |\n"
    "| `get(list<T>, long): T?`, `get(map<T>, string): T?` | The item at a place, the value of a key; null if there is "
    "none. |\n"
    "| `has_key(map<T>, string): bool` | Has it the key? |\n"
    "| `values(map<T>): list<T>` | The values in the order of their keys. |\n"
    "| `reverse(list<T>): list<T>`, `distinct(list<T>): list<T>` | The last item first; each item once, where it first "
    "stands. |\n"
    "| `sort(list<T>): list<T>` | From the least to the greatest, NaN and then null last. |\n"
    "| `flatten(list<list<T>>): list<T>` | The items of the lists. |\n"
    "| `list_sum(list<T>): T`, `list_min(list<T>): T?`, `list_max(list<T>): T?` | Of all numbers, decimals exactly; "
    "the least and greatest of all that has an order. |\n"
    "| `least(a, b, …): T`, `greatest(a, b, …): T` | The least or greatest of values of one type. |\n";

constexpr std::string_view kPreparedTexts =
    "\n## Regular expressions, zones, time formats, JSON paths\n"
    "\n"
    "A regular expression is one of [RE2](https://github.com/google/re2/wiki/Syntax): no references back, no looking "
    "around.\n"
    "`\\d`, `\\w`, `\\s` and `\\b` mean ASCII, `\\pL` and the like Unicode; `(?i)` in front: without case, `(?s)`: `.` "
    "is a\n"
    "line's end too, `(?m)`: `^` and `$` at each line. `\\C`, a byte, is refused. Matches are found from left to "
    "right; an "
    "empty\n"
    "one right behind another is none.\n"
    "\n"
    "A zone is a name of the IANA database (`Europe/Berlin`), `UTC` or an offset (`+05:30`).\n"
    "\n"
    "A JSON path begins with `$`, the whole value; `.name` and `[\"name\"]` are an object's entry, `[0]` an array's "
    "item. "
    "Of\n"
    "entries of one name the last counts.\n"
    "\n"
    "A time format is a text with these in it. Numbers are read with or without leading zeros (`%Y` has four digits, "
    "or "
    "more\n"
    "behind a sign), names without case; what is told twice has to agree. What is not told is that of "
    "1970-01-01T00:00:00.\n"
    "\n"
    "| | |\n|---|---|\n"
    "| `%Y` `%y` | year, its last two digits (69 to 99 are 1969 to 1999) |\n"
    "| `%m` `%b` `%B` | month `03`, `Mar`, `March` |\n"
    "| `%d` `%e` `%j` | day `05`, `5`, day of the year `065` |\n"
    "| `%u` `%a` `%A` | weekday `1` (Monday), `Mon`, `Monday` |\n"
    "| `%H` `%I` `%p` | hour, hour of 12, `AM` or `PM` |\n"
    "| `%M` `%S` `%L` `%f` | minute, second, milliseconds, microseconds (read: up to 9 digits, of which 6 count) |\n"
    "| `%z` | offset `+0100` (read: `+01:00` and `Z` too) |\n"
    "| `%s` | seconds since 1970 |\n"
    "| `%F` `%T` `%R` | `%Y-%m-%d`, `%H:%M:%S`, `%H:%M` |\n"
    "| `%G` `%V` `%q` `%Z` | year and week of ISO 8601, quarter, name of the zone; only written |\n"
    "| `%%` | a percent sign |\n";

std::string FunctionReference() {
  std::string text =
      "# Functions\n"
      "\n"
      "Made from `stdlib/functions.def`; `stdlib_tests --update` writes it anew. Each example is evaluated by the "
      "tests.\n"
      "\n"
      "A null argument gives null, unless the parameter's type ends in `?`. A function whose result ends in `?` may "
      "give\n"
      "null by itself. One marked *may fail* is a rule error for arguments that it refuses; what makes text or lists "
      "is one\n"
      "too when the memory of a batch is used up. A parameter of type `regex`, `zone` or `time format` is a text that "
      "must\n"
      "be a literal or a `param`: it is made ready once, when the rule is loaded. An `int` widens to `long`, both to\n"
      "`double`. Items of a `list<long>`, `list<double>` or `list<string>` are not null: filter them first.\n"
      "\n"
      "Limits, beyond which there is a rule error: a text of 256 MiB (16 MiB where its length is a number that a "
      "function is\n"
      "given: `repeat`, padding), a list of 16,777,216 items, 10,000 bytes for texts that are compared by similarity, "
      "JSON\n"
      "nested 1,000 deep. A regular expression has at most 64 KiB and 100 groups and takes 8 MiB compiled; where each "
      "match\n"
      "of many could look at the rest of a text of more than 512 KiB, the text is too long. All functions take time "
      "that\n"
      "grows with the length of their arguments, similarities with the product of two.\n" +
      std::string(kPreparedTexts);
  for (auto group = Group::Math; group <= Group::Identifiers; group = static_cast<Group>(static_cast<int>(group) + 1)) {
    text += "\n## " + std::string(GroupTitle(group)) + "\n\n| function | | example |\n|---|---|---|\n";
    for (const FunctionRow& row : Functions()) {
      if (row.group != group) continue;
      text += "| `" + InCell(Signature(row)) + "` | " + InCell(row.documentation);
      if ((row.effects & MayFail) != 0) text += " *May fail.*";
      text += " | `" + InCell(row.example) + "` is `" + InCell(row.result_of_example) + "` |\n";
    }
  }
  return text.append(kOfAnyType);
}

}  // namespace rulelib
