#include "compiler/emit/expression_writer_test.h"

#include "compiler/types/avro_type.h"

namespace rulec {

const char* const kExpressionHead = R"head(package gen
schema Event = avro "gen.Event"
stream events : Event { time at }
param limit : long = 3
param rate : double = 0.25
param word : string = "wire transfer"
param gap : duration = 90s
param began : timestamp = timestamp("2024-03-31T01:00:00Z")
param side : Side = SELL
param ok : bool = true
param maybe : long? = null
param zone : string = "America/New_York"
param expression : string = "([a-z]+) ([0-9]+)"
param likeness : string = "%er_%"
param form : string = "%d.%m.%Y %H:%M"
const seven = 7
fn twice(a: long) = a * 2
fn pick_of(which: bool, a: double, b: double) = if which then a else b
fn named(t: string?) = f"<{t ?? "none"}>"
fn share(a: decimal(9, 2), b: decimal(9, 2)) = if b == 0 then 0.0 else double(a / b)
fn far(a: timestamp, b: timestamp?) = b is not null and a - b > 1h
)head";

namespace {

using rulelib::Kind;

const std::vector<std::string> kZones = {
    "\"Europe/Berlin\"",       "\"America/New_York\"",  "\"UTC\"", "\"+05:30\"", "\"Asia/Kolkata\"",
    "\"Australia/Lord_Howe\"", "\"America/Sao_Paulo\"", "zone"};
const std::vector<std::string> kRegexes = {"\"[0-9]+\"",
                                           "\"([a-z]+)=([a-z]+)\"",
                                           "\"wire +transfer|urgent [0-9]{3}\"",
                                           "\"^a\"",
                                           "\"\"",
                                           "\"(?i)é\"",
                                           "\"\\\\p{Lu}\"",
                                           "expression",
                                           "\"(x+x+)+y\""};
const std::vector<std::string> kLikes = {"\"%er%\"", "\"a_c\"", "\"%\"",   "\"\"",      "\"Z%ch\"", "\"_%\"",
                                         "likeness", "\"%é%\"", "\"abc\"", "\"wire%\"", "\"%.com\""};
const std::vector<std::string> kTimeFormats = {"\"%Y-%m-%dT%H:%M:%S\"", "\"%d.%m.%Y %H:%M\"",        "\"%Y-%m-%d\"",
                                               "\"%H:%M:%S.%f\"",       "\"%a, %e %b %Y %I %p %Z\"", "form"};

bool IsDecimal(const Type& type) { return type.kind == TypeKind::Decimal; }
bool IsList(const Type& type) { return type.kind == TypeKind::List; }
bool IsMap(const Type& type) { return type.kind == TypeKind::Map; }
bool HasOrder(const Type& type) { return IsOrdered(type.kind); }

std::string DecimalOf(const std::string& text, const Type& type) {
  return "decimal(" + text + ", " + std::to_string(type.precision) + ", " + std::to_string(type.scale) + ")";
}

}  // namespace

Type ExpressionWriter::AnyOf(bool (*fits)(const Type&)) {
  for (;;) {
    const Type& type = Pick(fields_).type;
    if (fits(type)) return type.NotNull();
  }
}
Type ExpressionWriter::AnyList() { return AnyOf(IsList); }
Type ExpressionWriter::AnyMap() { return AnyOf(IsMap); }
Type ExpressionWriter::AnyOrdered() { return AnyOf(HasOrder); }
Type ExpressionWriter::AnyType() {
  if (Chance(4)) return {TypeKind::Duration};
  return AnyOf([](const Type&) { return true; });
}

std::string ExpressionWriter::Write(const Type& type, int depth) {
  if (depth <= 0 || Chance(12)) return Leaf(type);
  return Chance(25) ? Common(type, depth - 1) : Typed(type, depth - 1);
}

std::string ExpressionWriter::WriteAny(int depth) {
  if (Chance(8)) return WriteDecimal(depth);
  if (Chance(5)) {
    return "record(a: " + Write(AnyType(), depth - 1) + ", b: " + Write(AnyType().OrNull(), depth - 1) + ")";
  }
  if (Chance(4))
    return "map(\"k1\": " + Write({TypeKind::Long}, depth - 1) + ", " + Write({TypeKind::String}, depth - 1) + ": l2)";
  const Type type = AnyType();
  return Write(Chance(40) ? type.OrNull() : type, depth);
}

// ---- Leaves ----

std::string ExpressionWriter::Leaf(const Type& type) {
  std::vector<std::string> same, null;
  const auto look = [&](const std::vector<EventField>& from) {
    for (const EventField& field : from) {
      if (!SameType(field.type.NotNull(), type.NotNull())) continue;
      (field.type.nullable ? null : same).push_back(field.path);
    }
  };
  look(fields_);
  for (int i = 0; i < 3; ++i) look(variables_);
  if (type.nullable && !null.empty() && Chance(70)) return Pick(null);
  if (!same.empty() && Chance(92)) return Pick(same);
  if (type.kind == TypeKind::Duration && Chance(60)) return Chance(50) ? "(ts - at)" : "gap";
  if (type.kind == TypeKind::Long && Chance(20))
    return Pick(std::vector<std::string>{"limit", "@offset", "@schema_version", "seven", "(maybe ?? l)"});
  if (type.kind == TypeKind::Int && Chance(20)) return "@partition";
  if (type.kind == TypeKind::Timestamp && Chance(30)) return Chance(50) ? "@time" : "began";
  const std::string literal = Literal(type.NotNull());
  if (!null.empty() && Chance(60) && !literal.empty()) return "(" + Pick(null) + " ?? " + literal + ")";
  if (literal.empty()) return same.empty() ? Pick(null) : Pick(same);
  return literal;
}

std::string ExpressionWriter::Text(const std::string& text) const {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string ExpressionWriter::Whole() {
  return Pick(
      std::vector<std::string>{"0", "1", "2", "3", "7", "10", "64", "1_000", "2147483647", "(-1)", "(-2)", "5"});
}

// Empty if there is none.
std::string ExpressionWriter::Literal(const Type& type) {
  switch (type.kind) {
    case TypeKind::Bool: return Pick(std::vector<std::string>{"true", "false", "ok", "present(l)"});
    case TypeKind::Int: return "int(" + Whole() + ")";
    case TypeKind::Long: return "long(" + Whole() + ")";
    case TypeKind::Float: return Chance(50) ? "float(1.5)" : "float(0.1)";
    case TypeKind::Double:
      return Pick(std::vector<std::string>{"0.5", "2.0", "5%", "1e300", "rate", "(-0.25)", "pi()"});
    case TypeKind::Decimal: return DecimalOf(Pick(std::vector<std::string>{"0", "1", "0.1", "12.5", "(-3)"}), type);
    case TypeKind::String: return Chance(10) ? "word" : Text(Pick(SampleTexts()));
    case TypeKind::Bytes: return type.schema ? "" : "bytes(" + Text(Pick(SampleTexts())) + ")";
    case TypeKind::Date: return Chance(50) ? "date(\"2024-02-29\")" : "date(\"1969-12-31\")";
    case TypeKind::TimeOfDay: return "timeofday(\"13:45:10.5\")";
    case TypeKind::Timestamp:
      return Chance(50) ? "timestamp(\"2024-10-27T01:30:00.25Z\")" : "timestamp(\"1969-07-20T20:17:40Z\")";
    case TypeKind::Duration: return Pick(std::vector<std::string>{"90s", "1h30m", "2d", "1us", "gap", "(-5m)"});
    case TypeKind::Uuid: return "uuid(\"123e4567-e89b-12d3-a456-426614174000\")";
    case TypeKind::Enum: return Pick(std::vector<std::string>{"Side.BUY", "Side.SELL", "side"});
    case TypeKind::List: return "[" + Leaf(ElementOf(type)) + "]";
    case TypeKind::Map: return "map(\"k1\": " + Leaf(ElementOf(type)) + ")";
    default: return "";
  }
}

// ---- What every type has ----

std::string ExpressionWriter::Common(const Type& type, int depth) {
  const Type plain = type.NotNull();
  switch (Below(10)) {
    case 0: return "(if " + WriteCondition(depth) + " then " + Write(type, depth) + " else " + Write(type, depth) + ")";
    case 1: {
      std::string text = "(case when " + WriteCondition(depth - 1) + " then " + Write(type, depth);
      if (Chance(50)) text += " when " + WriteCondition(depth - 1) + " then " + Write(type, depth);
      if (!type.nullable || Chance(60)) text += " else " + Write(type, depth);
      return text + " end)";
    }
    case 2: return "(" + Write(plain.OrNull(), depth) + " ?? " + Write(type, depth) + ")";
    case 3: {
      if (!HasOrder(plain)) break;
      std::string text = Chance(50) ? "least(" : "greatest(";
      text += Write(type, depth) + ", " + Write(type, depth);
      return text + (Chance(30) ? ", " + Write(type, depth) : "") + ")";
    }
    case 4: {
      const std::string list = "[" + Write(type, depth) + ", " + Write(type, depth) + "]";
      switch (Below(5)) {
        case 0:
          return list + "[" + (Chance(70) ? Pick(std::vector<std::string>{"0", "1"}) : Write({TypeKind::Long}, depth)) +
                 "]";
        case 1: return "(get(" + list + ", " + Write({TypeKind::Long}, depth) + ") ?? " + Write(type, depth) + ")";
        case 2: return "(first(reverse(" + list + ")) ?? " + Write(type, depth) + ")";
        case 3: return "(last(" + list + ") ?? " + Write(type, depth) + ")";
        default:
          return "(" + WriteLambda("find", ListOf(type), depth, {TypeKind::Bool}) + " ?? " + Write(type, depth) + ")";
      }
    }
    case 5: {
      const std::string map = "map(\"a\": " + Write(type, depth) + ", " + Write({TypeKind::String}, depth) + ": " +
                              Write(type, depth) + ")";
      return "(" + map + "[" + Write({TypeKind::String}, depth) + "] ?? " + Write(type, depth) + ")";
    }
    case 6: return "record(a: " + Write(type, depth) + ", b: " + Write(AnyType(), depth - 1) + ").a";
    case 7: {
      // The record, list or map of an event that has one of them.
      for (const EventField& field : fields_) {
        const Type& of = field.type;
        if (of.nullable || !Chance(40)) continue;
        if (of.kind == TypeKind::Map && SameType(ElementOf(of).NotNull(), plain)) {
          return "(" + field.path + "[" + Write({TypeKind::String}, depth) + "] ?? " + Write(type, depth) + ")";
        }
        if (of.kind == TypeKind::List && SameType(ElementOf(of).NotNull(), plain) &&
            (type.nullable || !ElementOf(of).nullable)) {
          return field.path + "[" + Write({TypeKind::Long}, depth - 1) + "]";
        }
        if (of.kind != TypeKind::Record) continue;
        for (size_t i = 0; i < FieldCount(of); ++i) {
          const Type inner = FieldType(of, i);
          if (!SameType(inner.NotNull(), plain)) continue;
          if (type.nullable) return (Chance(50) ? "nr?." : "r.") + FieldName(of, i);
          return "(nr?." + FieldName(of, i) + " ?? " + Write(type, depth) + ")";
        }
      }
      break;
    }
    case 9: {
      // A union that is asked what it is.
      const char* name = nullptr;
      if (plain.kind == TypeKind::Int) name = "c is int then c";
      if (plain.kind == TypeKind::String) name = Chance(50) ? "c is string then c" : "nc is string then nc";
      if (plain.kind == TypeKind::Double) name = "c is double then c";
      if (plain.kind == TypeKind::Long) name = "nc is long then nc";
      if (plain.kind == TypeKind::Record) name = "c is Part then c";
      if (plain.kind == TypeKind::Bool) {
        // One of its branches becomes the union.
        return "((if " + WriteCondition(depth) + " then c else " + Write({TypeKind::String}, depth) + ") is string)";
      }
      if (!name) break;
      return "(if " + std::string(name) + " else " + Write(type, depth) + ")";
    }
    case 8: {
      if (!HasOrder(plain)) break;
      const char* const functions[] = {"list_min(", "list_max(", "max("};
      return "(" + (functions[Below(3)] + Write(ListOf(plain), depth)) + ") ?? " + Write(type, depth) + ")";
    }
  }
  return Typed(type, depth);
}

std::string ExpressionWriter::Typed(const Type& type, int depth) {
  if (type.nullable && Chance(25))
    return "(if " + WriteCondition(depth) + " then " + Write(type, depth) + " else null)";
  const auto call = [&](Kind kind) { return Library(kind, depth); };
  std::string text;
  switch (type.kind) {
    case TypeKind::Bool: return WriteBool(depth);
    case TypeKind::Int: text = Chance(75) ? WriteNumber(type, depth) : call(Kind::Int); break;
    case TypeKind::Long: text = Chance(50) ? WriteNumber(type, depth) : call(Kind::Long); break;
    case TypeKind::Float:
      return Chance(75) ? WriteNumber(type, depth) : "float(" + Write({TypeKind::Double}, depth) + ")";
    case TypeKind::Double: text = Chance(50) ? WriteNumber(type, depth) : call(Kind::Double); break;
    case TypeKind::Decimal: {
      const std::string number =
          Pick(std::vector<std::string>{WriteDecimal(depth), WriteDecimal(depth), Write({TypeKind::Double}, depth),
                                        Write({TypeKind::Long}, depth), Write({TypeKind::String}, depth)});
      text = Chance(40) ? "try_" + DecimalOf(number, type) : DecimalOf(number, type);
      break;
    }
    case TypeKind::String: text = Chance(35) ? WriteString(depth) : call(Kind::String); break;
    case TypeKind::Bytes:
      if (type.schema) return Leaf(type);
      text = call(Kind::Bytes);
      break;
    case TypeKind::Date: text = call(Kind::Date); break;
    case TypeKind::TimeOfDay: text = call(Kind::TimeOfDay); break;
    case TypeKind::Timestamp: text = Chance(40) ? WriteTime(type, depth) : call(Kind::Timestamp); break;
    case TypeKind::Duration: return WriteTime(type, depth);
    case TypeKind::Uuid: text = call(Kind::Uuid); break;
    case TypeKind::List: return WriteList(type, depth);
    case TypeKind::Map:
      return "map(" + Write({TypeKind::String}, depth) + ": " + Write(ElementOf(type), depth) +
             ", \"k1\": " + Write(ElementOf(type), depth) + ")";
    default: return Leaf(type);
  }
  return type.nullable ? text : "(" + text + " ?? " + Write(type, depth - 1) + ")";
}

// ---- bool ----

std::string ExpressionWriter::WriteBool(int depth) {
  switch (Below(14)) {
    case 0: return "(" + WriteCondition(depth) + " and " + WriteCondition(depth) + ")";
    case 1: return "(" + WriteCondition(depth) + " or " + WriteCondition(depth) + ")";
    case 2: return "(not " + WriteCondition(depth) + ")";
    case 3: return "(" + Write(AnyType().OrNull(), depth) + (Chance(50) ? " is null)" : " is not null)");
    case 4: {
      const bool like = Chance(50);
      const Type string{TypeKind::String};
      const std::string text = Write(Chance(30) ? string.OrNull() : string, depth);
      if (!like) return "(" + text + " matches " + Pick(kRegexes) + ")";
      const std::string pattern = Chance(50) ? Pick(kLikes) : Write(Chance(30) ? string.OrNull() : string, depth);
      return "(" + text + (Chance(70) ? " like " : " not like ") + pattern + ")";
    }
    case 5: return WriteIn(depth);
    case 6: {
      const Type type = AnyOrdered();
      return "(" + Write(type, depth) + " between " + Write(type, depth) + " and " + Write(type, depth) + ")";
    }
    case 7: {
      if (Chance(20)) return Chance(50) ? "(c is int)" : "(nc is not string)";
      const char* const functions[] = {"any", "all"};
      return WriteLambda(functions[Below(2)], AnyList(), depth, {TypeKind::Bool});
    }
    case 8: {
      if (Chance(40)) return "has_key(" + Write(AnyMap(), depth) + ", " + Write({TypeKind::String}, depth) + ")";
      if (Chance(20))
        return "contains(lc, " + Write(Chance(50) ? Type{TypeKind::Int} : Type{TypeKind::String}, depth) + ")";
      const Type list = AnyList();
      return "contains(" + Write(list, depth) + ", " + Write(ElementOf(list), depth) + ")";
    }
    case 9: return "(" + Library(Kind::Bool, depth) + " ?? " + WriteCondition(depth - 1) + ")";
    default: return WriteComparison(depth);
  }
}

std::string ExpressionWriter::WriteComparison(int depth) {
  static const std::vector<std::string> kOrders = {" < ", " <= ", " > ", " >= "};
  if (Chance(15)) {
    // Numbers of several types.
    const std::vector<Type> numbers = {{TypeKind::Int}, {TypeKind::Long}, {TypeKind::Float}, {TypeKind::Double}};
    const std::string left = Chance(40) ? WriteDecimal(depth) : Write(Pick(numbers), depth);
    const std::string right = Chance(40) ? WriteDecimal(depth) : Write(Pick(numbers), depth);
    return "(" + left + (Chance(70) ? Pick(kOrders) : " == ") + right + ")";
  }
  if (Chance(45)) {
    const Type type = AnyOrdered();
    return "(" + Write(type, depth) + Pick(kOrders) + Write(type, depth) + ")";
  }
  // A union and a value of one of its types.
  if (Chance(5)) return "(c == " + Write({Chance(50) ? TypeKind::String : TypeKind::Int}, depth) + ")";
  const Type type = AnyType();
  const Type left = Chance(40) ? type.OrNull() : type;
  const Type right = Chance(40) ? type.OrNull() : type;
  return "(" + Write(left, depth) + (Chance(60) ? " == " : " != ") + Write(right, depth) + ")";
}

std::string ExpressionWriter::WriteIn(int depth) {
  const std::string in = Chance(70) ? " in " : " not in ";
  switch (Below(5)) {
    case 0: {
      const Type map = AnyMap();
      return "(" + Write({TypeKind::String}, depth) + in + Write(map, depth) + ")";
    }
    case 1: {
      const Type list = AnyList();
      return "(" + Write(Chance(40) ? ElementOf(list).OrNull() : ElementOf(list), depth) + in + Write(list, depth) +
             ")";
    }
    case 2: {
      std::string items;
      const size_t count = 1 + Below(24);
      const bool texts = Chance(50);
      for (size_t i = 0; i < count; ++i) items += (i ? ", " : "") + (texts ? Text(Pick(SampleTexts())) : Whole());
      const Type kind{texts ? TypeKind::String : Chance(50) ? TypeKind::Long : TypeKind::Int};
      return "(" + Write(Chance(40) ? kind.OrNull() : kind, depth) + in + "[" + items + "])";
    }
    case 3: {
      if (Chance(50)) return std::string(Chance(50) ? "(e" : "(ne") + in + "[BUY, HOLD])";
      // A decimal among doubles and decimals of other digits.
      const std::string item = Chance(50) ? Write({TypeKind::Double}, depth) : WriteDecimal(depth);
      return "(" + WriteDecimal(depth) + in + "[" + item + "])";
    }
    default: {
      const Type type = AnyType();
      return "(" + Write(type, depth) + in + "[" + Write(type, depth) + ", " + Write(type, depth - 1) + "])";
    }
  }
}

// ---- Numbers ----

std::string ExpressionWriter::WriteNumber(const Type& type, int depth) {
  static const std::vector<std::string> kOps = {" + ", " - ", " * "};
  const Type plain = type.NotNull();
  const std::string op = Pick(kOps);
  const auto two = [&](const Type& left, const Type& right) {
    return "(" + Write(left, depth) + op + Write(right, depth) + ")";
  };
  if (Chance(12)) return "(-" + Write(plain, depth) + ")";
  switch (type.kind) {
    case TypeKind::Long:
      switch (Below(7)) {
        case 0: return two({TypeKind::Int}, plain);
        case 1: return "twice(" + Write(plain, depth) + ")";
        case 2: return WriteLambda("count_if", AnyList(), depth, {TypeKind::Bool});
        case 3: {
          const Type list = AnyList();
          return "index_of(" + Write(list, depth) + ", " + Write(ElementOf(list), depth) + ")";
        }
        case 4: return Chance(50) ? "list_sum(li)" : "list_sum(lnl)";
        case 5: return "(" + Write(plain, depth) + op + Whole() + ")";
        default: return two(plain, plain);
      }
    case TypeKind::Double: {
      const std::vector<Type> numbers = {{TypeKind::Int}, {TypeKind::Long}, {TypeKind::Float}, {TypeKind::Double}};
      switch (Below(6)) {
        case 0:
          return "(" + Write(Pick(numbers), depth) + " / " +
                 Write(Pick(numbers.size() > 2 && Chance(50) ? numbers : numbers), depth) + ")";
        case 1: return "(" + Write({TypeKind::Duration}, depth) + " / " + Write({TypeKind::Duration}, depth) + ")";
        case 2: return two(Pick(numbers), plain);
        case 3:
          return "pick_of(" + WriteCondition(depth) + ", " + Write(plain, depth) + ", " + Write(plain, depth) + ")";
        case 4: return Chance(50) ? "list_sum(lf)" : "share(" + Write(DecimalOf(9, 2), depth) + ", m)";
        default: return two(plain, plain);
      }
    }
    case TypeKind::Float:
      return Chance(30) ? "(" + Write(plain, depth) + " / " + Write(plain, depth) + ")" : two(plain, plain);
    default: return two(plain, plain);
  }
}

std::string ExpressionWriter::WriteDecimal(int depth) {
  if (depth <= 0) return Leaf(AnyOf(IsDecimal));
  static const std::vector<std::string> kOps = {" + ", " - ", " * ", " / "};
  switch (Below(8)) {
    case 6:
      return "(if " + WriteCondition(depth - 1) + " then " + WriteDecimal(depth - 1) + " else " +
             WriteDecimal(depth - 1) + ")";
    case 7: return "least(" + WriteDecimal(depth - 1) + ", " + WriteDecimal(depth - 1) + ")";
    case 0: return "(-" + WriteDecimal(depth - 1) + ")";
    case 1:
      return "(" + WriteDecimal(depth - 1) + Pick(kOps) +
             Write(Chance(50) ? Type{TypeKind::Long} : Type{TypeKind::Int}, depth - 1) + ")";
    case 2:
      return "(" + WriteDecimal(depth - 1) + Pick(kOps) + Pick(std::vector<std::string>{"2", "0.5", "1.25"}) + ")";
    case 3: return Chance(50) ? Library(Kind::Decimal, depth - 1) + " ?? m" : "list_sum(lm)";
    case 4: return Write(AnyOf(IsDecimal), depth);
    default: return "(" + WriteDecimal(depth - 1) + Pick(kOps) + WriteDecimal(depth - 1) + ")";
  }
}

// ---- Texts, times ----

std::string ExpressionWriter::WriteString(int depth) {
  switch (Below(5)) {
    case 0: return "named(" + Write(Type{TypeKind::String}.OrNull(), depth) + ")";
    case 1: return Chance(60) ? "string(e)" : "string(ne)";
    case 2: {
      const std::string from = Chance(70) ? Write({TypeKind::Long}, depth - 1) : "";
      const std::string to = Chance(70) ? Write({TypeKind::Long}, depth - 1) : "";
      return Write({TypeKind::String}, depth) + "[" + from + ".." + to + "]";
    }
    default: return WriteFormat(depth);
  }
}

std::string ExpressionWriter::WriteFormat(int depth) {
  std::string text = "f\"";
  const size_t parts = 1 + Below(3);
  for (size_t i = 0; i < parts; ++i) {
    if (Chance(50)) text += Pick(std::vector<std::string>{"a ", "é ", "{{x}} ", ": "});
    const auto value = [&](const std::string& written, const std::vector<std::string>& specs) {
      text += "{" + written + (Chance(60) ? ":" + Pick(specs) : "") + "}";
    };
    switch (Below(8)) {
      case 0: value(Write({TypeKind::Long}, depth), {",", "08", "+", ">12", "x", "d", "*^20"}); break;
      case 1: value(Write({TypeKind::Int}, depth), {"5", "<6", "+,"}); break;
      case 2: value(Write({TypeKind::Double}, depth), {".2f", ".1%", "e", ",.3f", "+.0f", "012.1f", "g"}); break;
      case 3: value(WriteDecimal(depth - 1), {".2f", ",.4f", ".1%", ">30"}); break;
      case 4: value(Write({TypeKind::String}, depth), {">10", "^7", "_<5", ".3"}); break;
      case 5: value(Write({TypeKind::Timestamp}, depth), {"%Y-%m-%d", "%H:%M:%S.%f", "%j"}); break;
      case 6: value(Write({TypeKind::Date}, depth), {"%d %B %Y", "%G-%V"}); break;
      default:
        value(Write(Pick(std::vector<Type>{{TypeKind::Bool},
                                           {TypeKind::Float},
                                           {TypeKind::Duration},
                                           {TypeKind::TimeOfDay},
                                           {TypeKind::Uuid}}),
                    depth),
              {""});
    }
  }
  return text + "\"";
}

std::string ExpressionWriter::WriteTime(const Type& type, int depth) {
  const Type timestamp{TypeKind::Timestamp}, duration{TypeKind::Duration};
  if (type.kind == TypeKind::Timestamp) {
    switch (Below(3)) {
      case 0: return "(" + Write(timestamp, depth) + " + " + Write(duration, depth) + ")";
      case 1: return "(" + Write(duration, depth) + " + " + Write(timestamp, depth) + ")";
      default: return "(" + Write(timestamp, depth) + " - " + Write(duration, depth) + ")";
    }
  }
  const std::vector<Type> numbers = {{TypeKind::Int}, {TypeKind::Long}, {TypeKind::Double}, {TypeKind::Float}};
  switch (Below(7)) {
    case 0: return "(-" + Write(duration, depth) + ")";
    case 1: return "(" + Write(duration, depth) + " * " + Write(Pick(numbers), depth) + ")";
    case 2: return "(" + Write(Pick(numbers), depth) + " * " + Write(duration, depth) + ")";
    case 3: return "(" + Write(duration, depth) + (Chance(50) ? " + " : " - ") + Write(duration, depth) + ")";
    case 4: return "abs(" + Write(duration, depth) + ")";
    case 5: return "zone_offset(" + Write(timestamp, depth) + ", " + Pick(kZones) + ")";
    default: return "(" + Write(timestamp, depth) + " - " + Write(timestamp, depth) + ")";
  }
}

// ---- Lists ----

std::string ExpressionWriter::WriteLambda(const char* function, const Type& list, int depth, const Type& body) {
  const std::string over = Write(list, depth);
  const std::string name = "v" + std::to_string(++next_variable_);
  variables_.push_back({name, ElementOf(list)});
  std::string text = std::string(function) + "(" + over + ", " + name + " => " + Write(body, depth) + ")";
  variables_.pop_back();
  return text;
}

std::string ExpressionWriter::WriteList(const Type& type, int depth) {
  const Type list = type.NotNull();
  const Type& element = ElementOf(list);
  switch (Below(11)) {
    case 0: return "[" + Write(element, depth) + "]";
    case 1: return "[" + Write(element, depth) + ", " + Write(element, depth) + ", " + Write(element, depth - 1) + "]";
    case 2: return WriteLambda("filter", list, depth, {TypeKind::Bool});
    case 3: return element.nullable ? Leaf(type) : WriteLambda("map", AnyList(), depth, element);
    case 4: return "reverse(" + Write(list, depth) + ")";
    case 5: return "distinct(" + Write(list, depth) + ")";
    case 6: return HasOrder(element) ? "sort(" + Write(list, depth) + ")" : Leaf(type);
    case 7: return "flatten([" + Write(list, depth) + ", " + Write(list, depth - 1) + "])";
    case 8: return "(" + Write(list, depth) + " + " + Write(list, depth) + ")";
    case 9: {
      const std::string from = Chance(70) ? Write({TypeKind::Long}, depth - 1) : "";
      return Write(list, depth) + "[" + from + ".." + (Chance(70) ? Write({TypeKind::Long}, depth - 1) : "") + "]";
    }
    default:
      if (element.kind == TypeKind::String && !element.nullable) return "(" + Library(Kind::List, depth) + " ?? ls)";
      if (element.kind == TypeKind::Long) return element.nullable ? "values(map(\"a\": nl))" : "values(ml)";
      return "(" + Leaf(list.OrNull()) + " ?? " + Write(list, depth) + ")";
  }
}

// ---- The library ----

std::string ExpressionWriter::Library(Kind result, int depth) {
  std::vector<const rulelib::FunctionRow*> rows;
  for (const rulelib::FunctionRow& row : rulelib::Functions()) {
    if (row.result.kind == result && (result != Kind::List || row.result.element == Kind::String)) rows.push_back(&row);
  }
  return WriteCall(*Pick(rows), depth);
}

std::string ExpressionWriter::WriteCall(const rulelib::FunctionRow& row, int depth) {
  std::string text = std::string(row.name) + "(";
  for (size_t i = 0; i < row.parameters.size(); ++i) text += (i ? ", " : "") + Argument(row.parameters[i], depth);
  return text + ")";
}

Type ExpressionWriter::TypeOfKind(Kind kind) {
  switch (kind) {
    case Kind::Bool: return {TypeKind::Bool};
    case Kind::Int: return {TypeKind::Int};
    case Kind::Long: return {TypeKind::Long};
    case Kind::Float: return {TypeKind::Float};
    case Kind::Double: return {TypeKind::Double};
    case Kind::Bytes: return {TypeKind::Bytes};
    case Kind::Date: return {TypeKind::Date};
    case Kind::TimeOfDay: return {TypeKind::TimeOfDay};
    case Kind::Timestamp: return {TypeKind::Timestamp};
    case Kind::Duration: return {TypeKind::Duration};
    case Kind::Uuid: return {TypeKind::Uuid};
    case Kind::Any: return AnyType();
    default: return {TypeKind::String};
  }
}

std::string ExpressionWriter::Argument(const rulelib::Parameter& parameter, int depth) {
  switch (parameter.kind) {
    case Kind::Regex: return Pick(kRegexes);
    case Kind::Like: return Pick(kLikes);
    case Kind::Zone: return Pick(kZones);
    case Kind::TimeFormat: return Pick(kTimeFormats);
    case Kind::Decimal: return Chance(50) ? WriteDecimal(depth - 1) : Write(AnyOf(IsDecimal), depth - 1);
    case Kind::List:
      return Write(parameter.element == Kind::Any ? AnyList() : ListOf(TypeOfKind(parameter.element)), depth - 1);
    case Kind::Map:
      return Write(parameter.element == Kind::Any ? AnyMap() : MapOf(TypeOfKind(parameter.element)), depth - 1);
    default: break;
  }
  const Type type = TypeOfKind(parameter.kind);
  if (type.kind == TypeKind::Long && Chance(25)) return Whole();
  return Write(Chance(15) ? type.OrNull() : type, depth - 1);
}

}  // namespace rulec
