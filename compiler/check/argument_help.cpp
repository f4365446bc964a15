#include "compiler/check/argument_help.h"

#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

using rulelib::Kind;

// Conversions take what they convert: between numbers and times there are functions for each unit.
std::string_view HelpForConversion(std::string_view function, TypeKind from) {
  if (function == "timestamp" && IsWhole(from)) {
    return "`from_epoch_seconds(n)`, `from_epoch_millis(n)`, `from_epoch_micros(n)` make a time of a number";
  }
  const bool to_number = function == "long" || function == "double";
  if (to_number && from == TypeKind::Timestamp) {
    return "`epoch_seconds(t)`, `epoch_millis(t)`, `epoch_micros(t)` are the number of a time";
  }
  if (to_number && from == TypeKind::Duration) return "`d / 1s` is the number of its seconds";
  if (to_number && from == TypeKind::Date) return "`days_between(date(\"1970-01-01\"), d)` is the number of a day";
  if (function == "bool" && IsNumber(from)) return "`n != 0`";
  return {};
}

std::string_view HelpForText(TypeKind from) {
  switch (from) {
    case TypeKind::Enum: return "`string(x)` is the name of its symbol";
    case TypeKind::List: return "`join(xs, \", \")` puts its texts together";
    case TypeKind::Null:
    case TypeKind::Map:
    case TypeKind::Record:
    case TypeKind::Union: return {};
    default: return "`string(x)` is its text";
  }
}

std::string_view HelpForTime(Kind wanted, TypeKind from) {
  if (from == TypeKind::String) {
    return wanted == Kind::Date ? "`date(s)` reads ISO 8601, `parse_time(s, format)` other forms"
                                : "`timestamp(s)` reads ISO 8601, `parse_time(s, format)` other forms";
  }
  if (IsWhole(from)) return HelpForConversion("timestamp", from);
  if (wanted == Kind::Date && from == TypeKind::Timestamp)
    return "`date(t)` is its day in UTC, `to_date(t, zone)` there";
  if (wanted == Kind::Timestamp && from == TypeKind::Date) return "`timestamp(d)` is the start of the day in UTC";
  return {};
}

}  // namespace

std::string_view HelpForArgument(std::string_view function, const rulelib::Parameter& parameter, const Type& argument) {
  const TypeKind from = argument.kind;
  if (const std::string_view help = HelpForConversion(function, from); !help.empty()) return help;
  // A conversion that does not take a type has none; what other functions take can be converted to.
  switch (parameter.kind) {
    case Kind::String: return function == "bool" || function == "bytes" ? std::string_view() : HelpForText(from);
    case Kind::Double:
      if (from == TypeKind::Decimal) return "`double(x)` is the double nearest to it";
      return from == TypeKind::String ? "`double(s)` reads a number" : "";
    case Kind::Long:
      if (from == TypeKind::String) return "`long(s)` reads a whole number";
      return from == TypeKind::Double || from == TypeKind::Float || from == TypeKind::Decimal
                 ? "`long(x)` is the number without its fraction"
                 : "";
    case Kind::Timestamp:
    case Kind::Date: return HelpForTime(parameter.kind, from);
    case Kind::List:
      if (from != TypeKind::List || parameter.element != Kind::Double) return {};
      return ElementOf(argument).kind == TypeKind::Decimal ? "`map(xs, x => double(x))` makes a list of doubles" : "";
    default: return {};
  }
}

}  // namespace rulec::check
