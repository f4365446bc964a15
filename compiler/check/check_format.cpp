// f"…": texts and values with their formats.

#include <utility>

#include "compiler/check/build.h"
#include "compiler/check/check_expr.h"
#include "compiler/check/library_types.h"
#include "compiler/check/operators.h"
#include "compiler/types/avro_type.h"
#include "stdlib/prepare.h"
#include "stdlib/support.h"

namespace rulec::check {
namespace {

using typed::ExprPtr;

size_t RowOf(std::string_view name, std::initializer_list<rulelib::Kind> parameters) {
  const std::span<const rulelib::FunctionRow> rows = rulelib::Functions();
  for (const rulelib::FunctionRow* row : rulelib::FunctionsNamed(name)) {
    bool same = row->parameters.size() == parameters.size();
    size_t i = 0;
    for (const rulelib::Kind kind : parameters) same = same && row->parameters[i++].kind == kind;
    if (same) return static_cast<size_t>(row - rows.data());
  }
  return rows.size();
}

rulelib::Kind FormatKind(TypeKind kind) {
  switch (kind) {
    case TypeKind::Long: return rulelib::Kind::Long;
    case TypeKind::Double: return rulelib::Kind::Double;
    case TypeKind::Decimal: return rulelib::Kind::Decimal;
    default: return rulelib::Kind::String;
  }
}

}  // namespace

Checked ExprChecker::Check(const ast::Expr& expr, const ast::FormatExpr& node, const Type*) {
  typed::Format format;
  bool wrong = false;
  for (const ast::FormatPart& part : node.parts) {
    if (!part.value) {
      format.parts.push_back({part.text, nullptr, ""});
    } else if (!AddPart(part, &format)) {
      wrong = true;
    }
  }
  if (wrong) return {MakeError(expr.span), {}, {}};
  // Without values it is a plain text.
  bool plain = true;
  std::string text;
  for (const typed::FormatPart& part : format.parts) {
    plain = plain && !part.value;
    text += part.text;
  }
  if (plain) return {MakeConstant(expr.span, {TypeKind::String}, {.text = std::move(text)}), {}, {}};
  return {Make(context_, expr.span, {TypeKind::String}, std::move(format)), {}, {}};
}

bool ExprChecker::AddPart(const ast::FormatPart& part, typed::Format* format) {
  ExprPtr value = CheckAny(*part.value, nullptr).expr;
  if (IsError(*value)) return false;
  const Type type = value->type;
  const Span span = value->span;
  if (type.kind == TypeKind::Null) {
    context_.diagnostics.Build(span, UntypedNull).Emit();
    return false;
  }
  if (type.nullable) {
    TellNullable(context_, span, *value, "f\"…\"");
    return false;
  }
  std::string spec = part.spec.value_or("");
  const bool time = type.kind == TypeKind::Timestamp || type.kind == TypeKind::Date;
  // A time has the format of format_time.
  if (time && !spec.empty()) {
    std::string why;
    const bool fields = spec.find('%') != std::string::npos;
    if (!fields) why = "a time's format has fields such as `%Y`";
    if (!fields || !rulelib::Prepare(rulelib::kTimeFormat, spec, &why)) {
      context_.diagnostics.Build(part.spec_span, InvalidFormat, {spec, TypePhrase(type), why})
          .Help("as in `{at:%Y-%m-%d %H:%M:%S}`; `{string(at):>25}` aligns its text")
          .Emit();
      return false;
    }
    const bool date = type.kind == TypeKind::Date;
    const size_t row = date ? RowOf("format_date", {rulelib::Kind::Date, rulelib::Kind::TimeFormat})
                            : RowOf("format_time", {rulelib::Kind::Timestamp, rulelib::Kind::TimeFormat});
    std::vector<ExprPtr> arguments;
    arguments.push_back(std::move(value));
    arguments.push_back(MakeConstant(part.spec_span, {TypeKind::String}, {.text = std::move(spec)}));
    value = CallRow(span, row, std::move(arguments));
    spec.clear();
  } else {
    value = AsText(span, std::move(value), !spec.empty());
  }
  if (IsError(*value)) return false;
  if (!spec.empty()) {
    const std::string why = rulelib::FormatSpecError(FormatKind(value->type.kind), spec);
    if (!why.empty()) {
      context_.diagnostics.Build(part.spec_span, InvalidFormat, {spec, TypePhrase(type), why})
          .Help("as in `{x:.2f}`, `{x:,.0f}`, `{share:.1%}`, `{name:>20}`, `{at:%H:%M}`")
          .Emit();
      return false;
    }
  }
  format->parts.push_back({"", std::move(value), std::move(spec)});
  return true;
}

// A long, double, decimal or string, as rule_format_* take them.
ExprPtr ExprChecker::AsText(Span span, ExprPtr value, bool formatted) {
  switch (value->type.kind) {
    case TypeKind::Int: return Widen(context_, std::move(value), TypeKind::Long);
    case TypeKind::Float:
      // Without a format by its own shortest text, which is not that of the double.
      if (formatted) return Widen(context_, std::move(value), TypeKind::Double);
      break;
    case TypeKind::Long:
    case TypeKind::Double:
    case TypeKind::Decimal:
    case TypeKind::String: return value;
    default: break;
  }
  if (value->type.kind == TypeKind::Enum) {
    std::vector<ExprPtr> arguments;
    arguments.push_back(std::move(value));
    return MakeIntrinsic(span, {TypeKind::String}, typed::Intrinsic::Convert, std::move(arguments));
  }
  const Type type = value->type;
  for (const rulelib::FunctionRow* row : rulelib::FunctionsNamed("string")) {
    std::vector<ExprPtr> arguments;
    if (row->parameters.size() != 1 || CostOf(row->parameters.front(), *value) < 0) continue;
    arguments.push_back(std::move(value));
    return CallRow(span, static_cast<size_t>(row - rulelib::Functions().data()), std::move(arguments));
  }
  context_.diagnostics.Build(span, NoText, {context_.Quote(span), TypePhrase(type)}).Emit();
  return MakeError(span);
}

}  // namespace rulec::check
