#include "compiler/check/facts.h"

namespace rulec::check {
namespace {

// Conversions that are null where their operand is.
bool KeepsNull(typed::UnaryOp op) { return op >= typed::UnaryOp::NotNull; }

}  // namespace

std::optional<std::string> FactName(const typed::Expr& expr) {
  if (const auto* unary = std::get_if<typed::Unary>(&expr.node)) {
    if (!KeepsNull(unary->op)) return std::nullopt;
    const std::optional<std::string> operand = FactName(*unary->operand);
    // A branch's fields are other values than the union's.
    if (operand && unary->op == typed::UnaryOp::UnionToBranch) return *operand + "#" + std::to_string(unary->index);
    return operand;
  }
  if (const auto* field = std::get_if<typed::FieldRef>(&expr.node)) return "field " + field->path;
  if (const auto* let = std::get_if<typed::LetRef>(&expr.node)) return "let " + std::to_string(let->let);
  if (const auto* param = std::get_if<typed::ParamRef>(&expr.node)) return "param " + std::to_string(param->param);
  if (const auto* variable = std::get_if<typed::VariableRef>(&expr.node)) {
    return "variable " + std::to_string(variable->variable);
  }
  if (const auto* key = std::get_if<typed::KeyRef>(&expr.node)) return "key " + std::to_string(key->key);
  if (const auto* member = std::get_if<typed::Member>(&expr.node)) {
    const std::optional<std::string> object = FactName(*member->object);
    if (object) return *object + "." + std::to_string(member->field);
  }
  // The same entry of the same map, the same item of the same list.
  if (const auto* index = std::get_if<typed::Index>(&expr.node)) {
    const std::optional<std::string> object = FactName(*index->object);
    const auto* constant = std::get_if<typed::Constant>(&index->index->node);
    if (object && constant) return *object + "[" + std::to_string(constant->value.integer) + constant->value.text + "]";
  }
  return std::nullopt;
}

void AddNotNull(const typed::Expr& expr, Facts* facts) {
  if (const std::optional<std::string> name = FactName(expr)) facts->insert(*name);
  if (const auto* unary = std::get_if<typed::Unary>(&expr.node); unary && KeepsNull(unary->op)) {
    AddNotNull(*unary->operand, facts);
  } else if (const auto* member = std::get_if<typed::Member>(&expr.node)) {
    AddNotNull(*member->object, facts);
  } else if (const auto* field = std::get_if<typed::FieldRef>(&expr.node)) {
    for (size_t dot = field->path.rfind('.'); dot != std::string::npos && dot > 0;
         dot = field->path.rfind('.', dot - 1)) {
      facts->insert("field " + field->path.substr(0, dot));
    }
  }
}

}  // namespace rulec::check
