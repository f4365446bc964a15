#include "compiler/check/constant_exprs.h"

#include <utility>

#include "compiler/check/ast_to_typed.h"
#include "compiler/check/check_values.h"
#include "compiler/check/context.h"
#include "compiler/types/avro_type.h"
#include "stdlib/text_of_values.h"

namespace rulec {
namespace {

template <typename Node>
ast::ExprPtr Make(Span span, Node node) {
  return std::make_unique<ast::Expr>(ast::Expr{span, std::move(node)});
}

// Literals have no sign of their own.
template <typename Literal>
ast::ExprPtr Number(Span span, const std::string& digits) {
  const bool negative = !digits.empty() && digits[0] == '-';
  ast::ExprPtr literal = Make(span, Literal{digits.substr(negative ? 1 : 0)});
  if (!negative) return literal;
  return Make(span, ast::UnaryExpr{ast::UnaryOp::Negate, std::move(literal)});
}

ast::Argument Argument(ast::ExprPtr value) {
  ast::Argument argument;
  argument.value = std::move(value);
  return argument;
}

ast::CallExpr CallOf(std::string_view word, Span span) {
  ast::CallExpr call;
  call.callee.text = word;
  call.callee.span = span;
  return call;
}

ast::ExprPtr ListLiteral(const Type& type, const typed::Value& value, Span span) {
  ast::ListExpr list;
  for (const typed::Value& item : value.items) list.items.push_back(LiteralOf(ElementOf(type), item, span));
  return Make(span, std::move(list));
}

ast::ExprPtr MapLiteral(const Type& type, const typed::Value& value, Span span) {
  ast::CallExpr call = CallOf("map", span);
  for (size_t i = 0; i < value.items.size(); ++i) {
    ast::Argument entry = Argument(LiteralOf(ElementOf(type), value.items[i], span));
    entry.key = Make(span, ast::StringLiteral{value.keys[i]});
    call.arguments.push_back(std::move(entry));
  }
  return Make(span, std::move(call));
}

ast::ExprPtr RecordLiteral(const Type& type, const typed::Value& value, Span span) {
  ast::CallExpr call = CallOf("record", span);
  for (size_t i = 0; i < value.items.size(); ++i) {
    ast::Argument field = Argument(LiteralOf(FieldType(type, i), value.items[i], span));
    field.name = ast::Name{FieldName(type, i), span};
    call.arguments.push_back(std::move(field));
  }
  return Make(span, std::move(call));
}

ast::ExprPtr DateLiteral(int64_t days, Span span) {
  std::string text;
  rulelib::AppendDate(static_cast<int32_t>(days), &text);
  ast::CallExpr call = CallOf("date", span);
  call.arguments.push_back(Argument(Make(span, ast::StringLiteral{std::move(text)})));
  return Make(span, std::move(call));
}

std::string UuidText(const std::string& bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    const auto byte = static_cast<unsigned char>(bytes[i]);
    (text += kDigits[byte >> 4]) += kDigits[byte & 15];
  }
  return text;
}

ast::ExprPtr NumberLiteral(const Type& type, const typed::Value& value, Span span) {
  std::string digits;
  switch (type.kind) {
    case TypeKind::Decimal: rulelib::AppendDecimal(value.decimal, type.scale, &digits); break;
    case TypeKind::Float: rulelib::AppendFloat(static_cast<float>(value.number), &digits); break;
    default: rulelib::AppendDouble(value.number, &digits); break;
  }
  return Number<ast::FloatLiteral>(span, digits);
}

}  // namespace

ast::ExprPtr LiteralOf(const Type& type, const typed::Value& value, Span span) {
  if (value.is_null) return Make(span, ast::NullLiteral{});
  switch (type.kind) {
    case TypeKind::Bool: return Make(span, ast::BoolLiteral{value.boolean});
    case TypeKind::Int:
    case TypeKind::Long: return Number<ast::IntLiteral>(span, std::to_string(value.integer));
    case TypeKind::Float:
    case TypeKind::Double:
    case TypeKind::Decimal: return NumberLiteral(type, value, span);
    case TypeKind::String:
    case TypeKind::Bytes: return Make(span, ast::StringLiteral{value.text});
    case TypeKind::Uuid: return Make(span, ast::StringLiteral{UuidText(value.text)});
    case TypeKind::Enum:
      return Make(span, ast::NameExpr{{type.schema->symbols[static_cast<size_t>(value.integer)], span}});
    case TypeKind::Duration:
    case TypeKind::Timestamp:
    case TypeKind::TimeOfDay: return Make(span, ast::DurationLiteral{value.integer});
    case TypeKind::Date: return DateLiteral(value.integer, span);
    case TypeKind::List: return ListLiteral(type, value, span);
    case TypeKind::Map: return MapLiteral(type, value, span);
    case TypeKind::Record: return RecordLiteral(type, value, span);
    case TypeKind::Union:
      return LiteralOf(type.of->types[static_cast<size_t>(value.integer)], value.items.front(), span);
    default: return Make(span, ast::ErrorExpr{});
  }
}

struct ConstantExprs::State {
  State(SourceSet& sources, SchemaStore& store)
      : context{.sources = sources, .diagnostics = diagnostics, .store = store, .program = program} {}

  Diagnostics diagnostics;
  typed::Program program;
  check::Context context;
};

ConstantExprs::ConstantExprs(SourceSet& sources, const std::vector<ast::File>& files, SchemaStore& store)
    : state_(std::make_unique<State>(sources, store)) {
  check::CheckValueDecls(state_->context, files);
}

ConstantExprs::~ConstantExprs() = default;

ConstantExprs::Computed ConstantExprs::Compute(const ast::Expr& expr, const std::string& package) {
  const std::vector<Diagnostic>& told = state_->diagnostics.all();
  const size_t before = told.size();
  const typed::ExprPtr value = check::CheckConstantExpr(state_->context, expr, nullptr, package);
  if (const auto* constant = std::get_if<typed::Constant>(&value->node)) {
    return {LiteralOf(value->type, constant->value, expr.span), ""};
  }
  for (size_t i = before; i < told.size(); ++i) {
    if (told[i].kind->severity == Severity::Error) return {nullptr, told[i].message};
  }
  return {nullptr, "it has no value"};
}

}  // namespace rulec
